import type { Level } from './actions';

/** Resource names (drn:astra:…) as the daemon reads them: `*` is a whole component, a name anything without a colon. */
export interface ResourceName {
  /** Where policies of actions are asked; a role line delegates, a stream line is accepted and never asked. */
  level: Level | 'role' | 'stream';
  /** Organization or enterprise; null: written as __ORG_ID__ or __ENTERPRISE_ID__, one's own. */
  scope: string | null;
  database?: string;
  keyspace?: string;
  table?: string;
  role?: string;
  stream?: string;
}

const longest = 1024;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return uuid.test(text);
}

const isId = (text: string) => text === '*' || isUuid(text);

function readScope(text: string, own: string): { scope: string | null } | null {
  if (text === own) return { scope: null };
  return isUuid(text) ? { scope: text.toLowerCase() } : null;
}

function readBelowDatabase(parts: string[], scope: string | null): ResourceName | null {
  const [database = '', keyspaceWord, keyspace, tableWord, table] = parts;
  if (!isId(database) || parts.includes('')) return null;
  const name: ResourceName = { level: 'database', scope, database: database.toLowerCase() };
  if (parts.length === 1) return name;
  if (keyspaceWord !== 'keyspace' || keyspace === undefined) return null;
  if (parts.length === 3) return { ...name, level: 'keyspace', keyspace };
  if (parts.length !== 5 || tableWord !== 'table' || table === undefined) return null;
  return { ...name, level: 'table', keyspace, table };
}

/** Null: the daemon would refuse it. */
export function readResource(text: string): ResourceName | null {
  const [drn, astra, root, scopeText = '', word, ...rest] = text.split(':');
  if (text.length > longest || drn !== 'drn' || astra !== 'astra') return null;
  if (root === 'enterprise') {
    const read = readScope(scopeText, '__ENTERPRISE_ID__');
    return read && word === undefined ? { level: 'enterprise', ...read } : null;
  }
  const read = root === 'org' ? readScope(scopeText, '__ORG_ID__') : null;
  if (!read) return null;
  if (word === undefined) return { level: 'organization', ...read };
  if (word === 'db') return readBelowDatabase(rest, read.scope);
  const [only = ''] = rest;
  if (rest.length !== 1) return null;
  if (word === 'role') return isId(only) ? { level: 'role', ...read, role: only.toLowerCase() } : null;
  return word === 'stream' && only ? { level: 'stream', ...read, stream: only } : null;
}

export function writeResource(name: ResourceName): string {
  if (name.level === 'enterprise') return `drn:astra:enterprise:${name.scope ?? '__ENTERPRISE_ID__'}`;
  let text = `drn:astra:org:${name.scope ?? '__ORG_ID__'}`;
  if (name.level === 'stream') return `${text}:stream:${name.stream ?? '*'}`;
  if (name.level === 'role') return `${text}:role:${name.role ?? '*'}`;
  if (name.database !== undefined) text += `:db:${name.database}`;
  if (name.keyspace !== undefined) text += `:keyspace:${name.keyspace}`;
  if (name.table !== undefined) text += `:table:${name.table}`;
  return text;
}

/** Whether two texts name the same, whether the organization is written out or not. */
export function sameResource(a: ResourceName, b: ResourceName, scope: string): boolean {
  return (
    writeResource({ ...a, scope: a.scope ?? scope }) === writeResource({ ...b, scope: b.scope ?? scope })
  );
}

const part = (pattern: string | undefined, target: string | undefined) =>
  pattern === target || (pattern === '*' && target !== undefined);

/** Every resource that `target` stands for is one that `pattern` stands for. */
export function covers(pattern: ResourceName, target: ResourceName, scope: string): boolean {
  return (
    pattern.level === target.level &&
    (pattern.scope ?? scope) === (target.scope ?? scope) &&
    part(pattern.database, target.database) &&
    part(pattern.keyspace, target.keyspace) &&
    part(pattern.table, target.table) &&
    part(pattern.role, target.role) &&
    part(pattern.stream, target.stream)
  );
}

const either = (a: string | undefined, b: string | undefined) => a === b || a === '*' || b === '*';

/** Some resource is one that both stand for. */
export function meets(a: ResourceName, b: ResourceName, scope: string): boolean {
  return (
    a.level === b.level &&
    (a.scope ?? scope) === (b.scope ?? scope) &&
    either(a.database, b.database) &&
    either(a.keyspace, b.keyspace) &&
    either(a.table, b.table)
  );
}

/** A name as CQL folds it: in lower case unless it is quoted. */
export function foldedName(typed: string): string {
  const text = typed.trim();
  const quoted = /^"((?:[^"]|"")+)"$/.exec(text);
  return quoted?.[1] !== undefined ? quoted[1].replaceAll('""', '"') : text.toLowerCase();
}

/** Why a typed keyspace or table cannot be a component; undefined: it can. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'Type a name.';
  return name.includes(':') ? 'A name cannot have a colon.' : undefined;
}

export interface NamesOf {
  database: (id: string) => string | undefined;
  role: (id: string) => string | undefined;
}

/** A resource name for people: "orders in shop.ks", "every table of every keyspace in shop". */
export function inWords(name: ResourceName, names: NamesOf): string {
  const database =
    name.database === '*'
      ? 'every database'
      : (names.database(name.database ?? '') ?? `database ${name.database ?? ''}`);
  const keyspace = name.keyspace === '*' ? 'every keyspace' : `keyspace ${name.keyspace ?? ''}`;
  switch (name.level) {
    case 'enterprise':
      return 'the enterprise itself';
    case 'organization':
      return 'the organization itself';
    case 'database':
      return database;
    case 'keyspace':
      return `${keyspace} of ${database}`;
    case 'table':
      return `${name.table === '*' ? 'every table' : `table ${name.table ?? ''}`} in ${keyspace} of ${database}`;
    case 'role':
      return name.role === '*'
        ? 'handing out any role'
        : `handing out the role ${names.role(name.role ?? '') ?? name.role ?? ''}`;
    case 'stream':
      return `stream ${name.stream ?? ''} (never asked)`;
  }
}

/** A sentence of the API in pieces: words, and resource names that can be read. */
export type Piece = { text: string; name?: ResourceName };

const inSentence = /drn:astra:[^\s,;()"“”]*[^\s,;()"“”.]/g;

export function pieces(sentence: string): Piece[] {
  const all: Piece[] = [];
  let from = 0;
  for (const found of sentence.matchAll(inSentence)) {
    const [text] = found;
    const name = readResource(text);
    if (!name) continue;
    if (found.index > from) all.push({ text: sentence.slice(from, found.index) });
    all.push({ text, name });
    from = found.index + text.length;
  }
  return from < sentence.length ? [...all, { text: sentence.slice(from) }] : all;
}

/** The sentence with every resource name in words, to be read out. */
export function sentenceInWords(sentence: string, names: NamesOf): string {
  return pieces(sentence)
    .map(({ text, name }) => (name ? inWords(name, names) : text))
    .join('');
}
