import type { Scope, Shapes } from '../api/client';
import { actionOf } from './actions';
import { readResource, writeResource } from './resource_name';

/** A question to Explain, as the address carries it: it can be linked to. */
export interface Question {
  who: 'me' | 'token' | 'role';
  token: string;
  role: string;
  what: 'action' | 'cql';
  action: string;
  /** Parts of the resource; "*" asks about every one. */
  database: string;
  keyspace: string;
  table: string;
  /** A resource name that was typed; it stands before the parts. */
  resource: string;
  cql: string;
}

const texts = ['token', 'role', 'action', 'database', 'keyspace', 'table', 'resource', 'cql'] as const;

export function questionFrom(query: URLSearchParams): Question {
  const value = Object.fromEntries(texts.map((name) => [name, query.get(name) ?? ''])) as Record<
    (typeof texts)[number],
    string
  >;
  const who = query.get('who') ?? (value.token ? 'token' : value.role ? 'role' : 'me');
  return {
    ...value,
    who: who === 'token' || who === 'role' ? who : 'me',
    what: query.get('what') === 'cql' || value.cql ? 'cql' : 'action',
  };
}

/** Only what counts for this question, so that links stay short. */
export function queryOf(question: Question): Record<string, string> {
  const { who, what } = question;
  const at = partsAsked(question);
  return {
    who: who === 'me' ? '' : who,
    token: who === 'token' ? question.token : '',
    role: who === 'role' ? question.role : '',
    what: what === 'cql' ? 'cql' : '',
    action: what === 'action' ? question.action : '',
    resource: what === 'action' ? question.resource : '',
    cql: what === 'cql' ? question.cql : '',
    database: at.database ? question.database : '',
    keyspace: at.keyspace ? question.keyspace : '',
    table: at.table ? question.table : '',
  };
}

/** Which parts of a resource the chosen action is asked on. */
export function partsAsked({ what, action, resource }: Question) {
  if (what === 'cql') return { database: true, keyspace: true, table: false };
  const level = resource ? 'organization' : (actionOf(action)?.level ?? 'organization');
  return {
    database: level === 'database' || level === 'keyspace' || level === 'table',
    keyspace: level === 'keyspace' || level === 'table',
    table: level === 'table',
  };
}

/** The resource that is asked about; null: something is missing. */
export function resourceAsked(question: Question, scope: Scope): string | null {
  if (question.resource) return readResource(question.resource) ? question.resource : null;
  const level = actionOf(question.action)?.level;
  if (!level) return null;
  if (level === 'enterprise' || level === 'organization') return writeResource({ level, scope: scope.id });
  const { database, keyspace, table } = question;
  const name = {
    level,
    scope: scope.id,
    database,
    ...(level === 'database' ? {} : { keyspace }),
    ...(level === 'table' ? { table } : {}),
  };
  const text = writeResource(name);
  return readResource(text) ? text : null;
}

export type Asked = { ask: Shapes['ExplainAsk']; missing?: undefined } | { ask: null; missing: string };

const missing = (text: string): Asked => ({ ask: null, missing: text });

export function askOf(question: Question, scope: Scope): Asked {
  const { who, what, token, role, action, database, keyspace, cql } = question;
  if (who === 'token' && !token) return missing('Say which token.');
  if (who === 'role' && !role) return missing('Choose a role.');
  const about = who === 'token' ? { clientId: token.trim() } : who === 'role' ? { roleId: role } : {};
  if (what === 'cql') {
    if (!cql.trim()) return missing('Type a CQL statement.');
    if (!database || database === '*')
      return missing('Choose the database whose schema the statement is about.');
    return { ask: { ...about, cql, databaseId: database, ...(keyspace ? { keyspace } : {}) } };
  }
  const known = actionOf(action);
  if (!known) return missing('Choose an action.');
  const resource = resourceAsked(question, scope);
  if (resource === null)
    return missing(question.resource ? 'This is no resource name.' : `Say which ${known.level}.`);
  return { ask: { ...about, action: known.name, resource } };
}
