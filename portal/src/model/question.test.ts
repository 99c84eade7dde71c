import { expect, test } from 'vitest';
import { askOf, queryOf, questionFrom } from './question';

const scope = { id: '4c0a5fd0-1c1a-4c2e-9d7e-0e8a0d3d7f10', kind: 'organization' as const, name: 'Acme' };
const d = '9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11';
const from = (text: string) => questionFrom(new URLSearchParams(text));

test('a link with a token and nothing else asks about that token', () => {
  expect(from('token=abc')).toMatchObject({ who: 'token', token: 'abc', what: 'action' });
  expect(from(`role=${d}`).who).toBe('role');
  expect(from('').who).toBe('me');
  expect(from('cql=SELECT').what).toBe('cql');
});

test('an action is asked on a resource of its level', () => {
  const text = `action=db-table-select&database=${d}&keyspace=shop&table=orders`;
  expect(askOf(from(text), scope).ask).toEqual({
    action: 'db-table-select',
    resource: `drn:astra:org:${scope.id}:db:${d}:keyspace:shop:table:orders`,
  });
  expect(askOf(from('action=org-token-read'), scope).ask?.resource).toBe(`drn:astra:org:${scope.id}`);
  expect(askOf(from('action=org-db-create&database=*'), scope).ask?.resource).toMatch(/:db:\*$/);
});

test('what is missing is said instead of asked', () => {
  expect(askOf(from(''), scope).missing).toBe('Choose an action.');
  expect(askOf(from('action=db-cql'), scope).missing).toBe('Say which database.');
  expect(askOf(from('action=db-cql&resource=x'), scope).missing).toBe('This is no resource name.');
  expect(askOf(from('who=token&action=org-read'), scope).missing).toBe('Say which token.');
  expect(askOf(from('what=cql'), scope).missing).toBe('Type a CQL statement.');
  expect(askOf(from('cql=SELECT 1'), scope).missing).toContain('Choose the database');
});

test('a statement carries its database and keyspace, an address only what counts', () => {
  const question = from(`cql=SELECT 1&database=${d}&keyspace=shop&table=left&action=db-cql&token=t`);
  expect(askOf(question, scope).ask).toEqual({
    clientId: 't',
    cql: 'SELECT 1',
    databaseId: d,
    keyspace: 'shop',
  });
  const short = Object.fromEntries(Object.entries(queryOf(question)).filter(([, value]) => value));
  expect(short).toEqual({
    who: 'token',
    token: 't',
    what: 'cql',
    cql: 'SELECT 1',
    database: d,
    keyspace: 'shop',
  });
  expect(from(new URLSearchParams(short).toString())).toMatchObject({ who: 'token', what: 'cql' });
});
