import type { Shapes } from '../api/client';

/** A record of the trail, as doc/formats.md has its event; each member is left out when it has nothing to say. */
export interface AuditEvent {
  at?: string;
  name?: string;
  outcome?: string;
  who?: { kind?: string; name?: string };
  call?: string;
  peer?: string;
  scope?: string;
  subject?: string;
  detail?: unknown;
}

export type AuditRecord = Shapes['AuditRecord'];

export function eventOf(record: AuditRecord): AuditEvent {
  return typeof record.event === 'object' && record.event !== null ? record.event : {};
}

/** What begins alike: the choices of the filter. The last part is what it is called. */
export const families: [string, string][] = [
  ['token.', 'Tokens'],
  ['role.', 'Roles'],
  ['database.', 'Databases'],
  ['keyspace.', 'Keyspaces'],
  ['user.', 'Users'],
  ['session.', 'Sign-ins'],
  ['person.', 'Accounts'],
  ['organization.', 'Organizations'],
  ['enterprise.', 'Enterprises'],
  ['access-list.', 'Access lists'],
  ['cql.', 'CQL sessions'],
  ['api.', 'Calls of the API'],
  ['question.', 'Questions of services'],
  ['explain', 'Explanations'],
  ['key.', 'Server keys'],
  ['store.', 'The store'],
  ['audit.', 'The trail itself'],
  ['audit-export.', 'Sending records on'],
  ['daemon.', 'The daemon'],
];

/** Where somebody came from, without the port; what is no address with one (a user's number, an address alone) as it is. */
export function addressOf(peer = ''): string {
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(peer)?.[1] ?? /^\[(.+)\]:\d+$/.exec(peer)?.[1] ?? peer;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const clientId = /^[A-Za-z]{24}$/;

/** The page of what was acted on; null: there is none. Which kind an id is of, the event's name says. */
export function placeOf(name: string, subject: string): string | null {
  if (clientId.test(subject)) return `/tokens/${subject}`;
  if (!uuid.test(subject)) return null;
  const pages: Partial<Record<string, string>> = {
    role: '/roles/',
    database: '/databases/',
    keyspace: '/databases/',
    'access-list': '/databases/',
    cql: '/databases/',
    user: '/users/',
    person: '/users/',
  };
  const page = pages[name.split('.')[0] ?? ''];
  return page ? page + subject : null;
}
