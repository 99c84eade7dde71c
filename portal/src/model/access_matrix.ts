import type { Shapes } from '../api/client';
import { actionsOf } from './actions';
import type { Level } from './actions';

/**
 * What somebody may do as a table: databases, keyspaces and tables as rows, a few kinds of doing as columns.
 * A cell counts the row itself and everything below it, so that a closed row still tells what is in it.
 */
export type PolicyRow = Shapes['PolicyRow'];

/**
 * Columns for people, with the actions by which each is counted. What no statement or page asks for by itself
 * (REST, GraphQL, Modify Keyspace) is among the exact actions alone, or nobody would ever have all of a kind.
 */
const kindList = [
  ['connect', 'Connect', ['db-cql']],
  ['see', 'See', ['org-db-view', 'db-keyspace-describe', 'db-table-describe']],
  ['read', 'Read', ['db-table-select']],
  ['write', 'Write', ['db-table-modify']],
  [
    'schema',
    'Change schema',
    [
      'db-keyspace-create',
      'db-keyspace-alter',
      'db-keyspace-drop',
      'db-table-create',
      'db-table-alter',
      'db-table-drop',
    ],
  ],
  [
    'access',
    'Manage access',
    ['db-keyspace-authorize', 'db-keyspace-grant', 'db-table-authorize', 'db-table-grant'],
  ],
] as const;

const uncounted = ['db-rest', 'db-graphql', 'db-keyspace-modify'];

/** Either name opens the same. */
const sameAs = new Map([
  ['db-all-keyspace-create', 'db-keyspace-create'],
  ['db-all-keyspace-describe', 'db-keyspace-describe'],
]);

export type Kind = (typeof kindList)[number][0] | 'operate';

export interface KindColumn {
  kind: Kind;
  head: string;
}

export const kinds: KindColumn[] = [
  ...kindList.map(([kind, head]) => ({ kind, head })),
  { kind: 'operate', head: 'Operate' },
];

const kindByAction = new Map<string, Kind>(
  kindList.flatMap(([kind, , names]) => names.map((name) => [name, kind] as [string, Kind])),
);

const counted = (action: string) => sameAs.get(action) ?? action;

/** Null: it is counted nowhere. */
export function kindOf(action: string): Kind | null {
  if (uncounted.includes(action)) return null;
  return kindByAction.get(counted(action)) ?? 'operate';
}

/** The actions of one kind at a level, each under one name. */
function actionsOfKind(names: string[], kind: Kind): Set<string> {
  return new Set(names.filter((name) => kindOf(name) === kind).map(counted));
}

/** How many actions of each kind there are at a level. */
const sizes = new Map<Level, (readonly [Kind, number])[]>(
  (['database', 'keyspace', 'table'] as const).map((level) => {
    const names = actionsOf(level).map((action) => action.name);
    return [level, kinds.map(({ kind }) => [kind, actionsOfKind(names, kind).size] as const)];
  }),
);

/** One kind at a row: over how many resources it could be, is whole, is there in part, is denied. */
export interface Cell {
  possible: number;
  whole: number;
  part: number;
  denied: number;
}

export interface MatrixRow {
  /** Its resource name, unique in the table. */
  key: string;
  name: string;
  level: Level;
  /** The row of the answer, for its exact actions. */
  row: PolicyRow;
  cells: Record<Kind, Cell>;
  children: MatrixRow[];
  /** Anything allowed here or below. */
  reached: boolean;
}

export interface Matrix {
  /** Of the organization or enterprise itself. */
  organization: PolicyRow | null;
  /** What is asked on "every database, also those to come": making one. */
  everyDatabase: PolicyRow | null;
  databases: MatrixRow[];
}

const empty = (): Cell => ({ possible: 0, whole: 0, part: 0, denied: 0 });

function ownCells(row: PolicyRow): Record<Kind, Cell> {
  const cells = Object.fromEntries(kinds.map(({ kind }) => [kind, empty()])) as Record<Kind, Cell>;
  for (const [kind, size] of sizes.get(row.level as Level) ?? []) {
    if (size === 0) continue;
    const cell = cells[kind];
    const allowed = actionsOfKind(row.allowed, kind).size;
    cell.possible = 1;
    if (allowed >= size) cell.whole = 1;
    else if (allowed > 0) cell.part = 1;
    if (allowed === 0 && actionsOfKind(row.denied, kind).size > 0) cell.denied = 1;
  }
  return cells;
}

function nameOf(row: PolicyRow): string {
  return row.table ?? row.keyspace ?? row.databaseName ?? row.databaseId ?? row.resource;
}

function matrixRow(row: PolicyRow, children: MatrixRow[]): MatrixRow {
  const cells = ownCells(row);
  for (const child of children)
    for (const { kind } of kinds)
      for (const part of ['possible', 'whole', 'part', 'denied'] as const)
        cells[kind][part] += child.cells[kind][part];
  return {
    key: row.resource,
    name: nameOf(row),
    level: row.level as Level,
    row,
    cells,
    children,
    reached: row.allowed.length > 0 || children.some((child) => child.reached),
  };
}

function groupedBy<K>(rows: PolicyRow[], by: (row: PolicyRow) => K): Map<K, PolicyRow[]> {
  const groups = new Map<K, PolicyRow[]>();
  for (const row of rows) {
    const group = groups.get(by(row));
    if (group) group.push(row);
    else groups.set(by(row), [row]);
  }
  return groups;
}

/** A row that the answer left out (it was cut, or the viewer may not see it), so that what is below has a place. */
function standIn(of: PolicyRow, level: Level): PolicyRow {
  const { databaseId, databaseName, keyspace } = of;
  return {
    ...(databaseId === undefined ? {} : { databaseId }),
    ...(databaseName === undefined ? {} : { databaseName }),
    ...(level === 'keyspace' && keyspace !== undefined ? { keyspace } : {}),
    resource: of.resource.split(level === 'keyspace' ? ':table:' : ':keyspace:')[0] ?? of.resource,
    level,
    allowed: [],
    denied: [],
  };
}

function branch(rows: PolicyRow[], level: 'database' | 'keyspace'): MatrixRow | null {
  const first = rows[0];
  if (!first) return null;
  const own = rows.find((row) => row.level === level) ?? standIn(first, level);
  const below = rows.filter((row) => row !== own && row.level !== level);
  if (level === 'keyspace')
    return matrixRow(
      own,
      below.map((row) => matrixRow(row, [])),
    );
  const keyspaces = [...groupedBy(below, (row) => row.keyspace).values()];
  return matrixRow(
    own,
    keyspaces.flatMap((group) => branch(group, 'keyspace') ?? []),
  );
}

export function matrixOf(rows: PolicyRow[]): Matrix {
  const below = rows.filter((row) => row.databaseId !== undefined);
  return {
    organization: rows.find((row) => row.level === 'organization' || row.level === 'enterprise') ?? null,
    everyDatabase: rows.find((row) => row.level === 'database' && row.databaseId === undefined) ?? null,
    databases: [...groupedBy(below, (row) => row.databaseId).values()].flatMap(
      (group) => branch(group, 'database') ?? [],
    ),
  };
}

export type CellWord = { text: string; is: 'whole' | 'part' | 'none' | 'denied' | 'absent' };

/** What stands in a cell. One resource: yes, partly, no. Several: how many of them. */
export function cellWord(cell: Cell): CellWord {
  const { possible, whole, part, denied } = cell;
  if (possible === 0) return { text: '', is: 'absent' };
  if (whole + part === 0) return denied > 0 ? { text: 'Denied', is: 'denied' } : { text: 'No', is: 'none' };
  if (whole === possible) return { text: possible === 1 ? 'Yes' : 'All', is: 'whole' };
  if (possible === 1) return { text: 'Partly', is: 'part' };
  return { text: `${whole + part} of ${possible}`, is: 'part' };
}

export interface ActionsHere {
  allowed: string[];
  denied: string[];
  without: string[];
}

/** The exact actions at one row, in the order of the set. */
export function actionsHere(row: PolicyRow): ActionsHere {
  const names = actionsOf(row.level as Level).map((action) => action.name);
  return {
    allowed: names.filter((name) => row.allowed.includes(name)),
    denied: names.filter((name) => row.denied.includes(name)),
    without: names.filter((name) => !row.allowed.includes(name) && !row.denied.includes(name)),
  };
}
