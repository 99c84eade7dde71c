import { expect, test } from 'vitest';
import { lackInWords } from '../model/actions';
import { permissionsFrom } from './permissions';

const rows = [
  { resource: 'drn:astra:org:o', level: 'organization', allowed: ['org-token-read'], denied: [] },
  {
    resource: 'drn:astra:org:o:db:d',
    level: 'database',
    databaseId: 'd',
    allowed: ['org-db-view'],
    denied: [],
  },
];

test('an action is allowed where the evaluator says so, and there alone', () => {
  const permissions = permissionsFrom(rows);
  expect(permissions.may('org-token-read')).toBe(true);
  expect(permissions.may('org-db-view')).toBe(false);
  expect(permissions.may('org-db-view', 'd')).toBe(true);
  expect(permissions.may('org-db-view', 'e')).toBe(false);
  expect(permissions.mayAnywhere('org-db-view')).toBe(true);
});

test('of a database that is registered later, what holds for every database holds', () => {
  const permissions = permissionsFrom([
    ...rows,
    { resource: 'drn:astra:org:o:db:*', level: 'database', allowed: ['org-db-terminate'], denied: [] },
  ]);
  expect(permissions.may('org-db-terminate', 'new')).toBe(true);
  expect(permissions.may('org-db-view', 'new')).toBe(false);
  expect(permissions.may('org-db-terminate', 'd')).toBe(false);
});

test('a reason names the permission as people and as clients do', () => {
  expect(permissionsFrom(rows).reason('org-token-write')).toBe(
    'You need the permission “Write Token” (org-token-write).',
  );
});

test('a refusal for want of a permission says so in the same words; others stay as they are', () => {
  const lack = 'missing org-token-read on drn:astra:org:o';
  expect(lackInWords(lack)).toBe('You need the permission “Read Token” (org-token-read).');
  for (const other of ['missing luck on drn:astra:org:o', `${lack} and more`, 'the name is taken'])
    expect(lackInWords(other)).toBe(other);
});
