import { readResource } from './resource_name';
import type { ResourceName } from './resource_name';

/** The databases of an organization with what is in them, as a tree in which each node is one possible line. */
export interface KnownKeyspace {
  name: string;
  system: boolean;
  tables: string[];
}

export interface KnownDatabase {
  id: string;
  name: string;
  /** Undefined: not read yet. */
  keyspaces?: KnownKeyspace[] | undefined;
}

export interface ResourceNode {
  /** The resource that this node's line names. */
  resource: ResourceName;
  label: string;
  /** Not on the cluster, as far as is known; such a line begins to count when it is made. */
  unknown: boolean;
  children: ResourceNode[];
}

function unique(first: string[], then: (string | undefined)[]): { name: string; known: boolean }[] {
  const known = new Set(first);
  const named = [...new Set(then)].filter(
    (one): one is string => one !== undefined && !known.has(one) && one !== '*',
  );
  return [
    ...first.map((name) => ({ name, known: true })),
    ...named.sort().map((name) => ({ name, known: false })),
  ];
}

interface From {
  lines: ResourceName[];
  scope: string;
  showSystem: boolean;
}

function tables(
  from: From,
  database: string,
  keyspace: KnownKeyspace | undefined,
  name: string,
): ResourceNode[] {
  const of = { level: 'table' as const, scope: from.scope, database, keyspace: name };
  const named = from.lines.filter((line) => line.database === database && line.keyspace === name);
  return [
    { resource: { ...of, table: '*' }, label: 'Every table', unknown: false, children: [] },
    ...unique(
      keyspace?.tables ?? [],
      named.map((line) => line.table),
    ).map(({ name: table, known }) => ({
      resource: { ...of, table },
      label: table,
      unknown: !known && keyspace !== undefined,
      children: [],
    })),
  ];
}

function keyspaces(from: From, database: string, known: KnownKeyspace[] | undefined): ResourceNode[] {
  const of = { level: 'keyspace' as const, scope: from.scope, database };
  const named = from.lines.filter((line) => line.database === database).map((line) => line.keyspace);
  const shown = (known ?? []).filter((one) => from.showSystem || !one.system || named.includes(one.name));
  const node = (name: string, label: string, unknown: boolean): ResourceNode => ({
    resource: { ...of, keyspace: name },
    label,
    unknown,
    children: tables(
      from,
      database,
      known?.find((one) => one.name === name),
      name,
    ),
  });
  return [
    node('*', 'Every keyspace', false),
    ...unique(
      shown.map((one) => one.name),
      named,
    ).map((one) => node(one.name, one.name, !one.known && known !== undefined)),
  ];
}

/** Every database, then those that are known, then those that only lines name. Lines elsewhere are not in it. */
export function resourceTree(
  lines: string[],
  databases: KnownDatabase[],
  scope: string,
  showSystem = false,
): ResourceNode[] {
  const read = lines.flatMap((text) => readResource(text) ?? []);
  const from = {
    lines: read.filter((line) => line.database !== undefined && (line.scope ?? scope) === scope),
    scope,
    showSystem,
  };
  const node = (id: string, label: string, unknown: boolean, known?: KnownKeyspace[]): ResourceNode => ({
    resource: { level: 'database', scope, database: id },
    label,
    unknown,
    children: keyspaces(from, id, known),
  });
  const named = unique(
    databases.map((one) => one.id),
    from.lines.map((line) => line.database),
  );
  return [
    node('*', 'Every database, also those to come', false),
    ...named.map(({ name: id, known }) => {
      const database = databases.find((one) => one.id === id);
      return node(id, database?.name ?? id, !known, database?.keyspaces);
    }),
  ];
}

/** Lines that have no place in the tree: of other organizations, streams, and what cannot be read. */
export function linesElsewhere(lines: string[], scope: string): string[] {
  return lines.filter((text) => {
    const read = readResource(text);
    return !read || (read.scope ?? scope) !== scope || read.level === 'stream';
  });
}

/** What "everything in it" of a node is: itself and all below, one line a level. */
export function everythingIn(node: ResourceName): ResourceName[] {
  const { database, keyspace } = node;
  if (node.level === 'keyspace') return [node, { ...node, level: 'table', table: '*' }];
  if (node.level !== 'database' || database === undefined || keyspace !== undefined) return [node];
  const below: ResourceName = { ...node, level: 'keyspace', keyspace: '*' };
  return [node, below, { ...below, level: 'table', table: '*' }];
}
