import { expect, test } from 'vitest';
import { heatSummary, keyspaceReaches } from './role_heat';

const of = (keyspace: string, allowed: string[], denied: string[] = []) => ({
  resource: `d:${keyspace}:t`,
  level: 'table',
  databaseId: 'd',
  databaseName: 'shop',
  keyspace,
  table: 't',
  allowed,
  denied,
});

test('a keyspace is as warm as the strongest thing in it', () => {
  const rows = [
    of('a', ['db-table-select']),
    of('b', ['db-table-select', 'db-table-modify']),
    of('c', ['db-table-drop']),
    of('e', [], ['db-table-modify']),
    of('f', ['db-table-describe']),
    of('g', []),
  ];
  const reaches = keyspaceReaches({ rows, noEffect: [], dangling: [], truncated: false, summary: '' });
  expect(reaches.map((one) => `${one.database}.${one.keyspace} ${one.reach}`)).toEqual([
    'shop.a read',
    'shop.b write',
    'shop.c schema',
    'shop.e denied',
    'shop.f see',
    'shop.g none',
  ]);
});

test('the summary counts roles by their strongest', () => {
  expect(heatSummary([['read', 'write'], ['read', 'none'], ['none']])).toBe(
    'Of 3 roles, 1 can write data or change the schema somewhere, 1 only read, 1 reach no keyspace.',
  );
});
