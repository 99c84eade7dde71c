import { expect, test } from 'vitest';
import { actions } from './actions';
import { actionsHere, cellWord, kindOf, matrixOf } from './access_matrix';
import type { PolicyRow } from './access_matrix';

const org = 'drn:astra:org:o';
const db = `${org}:db:d`;

function row(level: string, resource: string, allowed: string[], more: Partial<PolicyRow> = {}): PolicyRow {
  return { level, resource, allowed, denied: [], ...more };
}
const inShop = { databaseId: 'd', databaseName: 'shop' };

const rows = [
  row('organization', org, ['org-token-read']),
  row('database', `${org}:db:*`, ['org-db-create']),
  row('database', db, ['db-cql'], inShop),
  row('keyspace', `${db}:keyspace:ks`, [], { ...inShop, keyspace: 'ks' }),
  row('table', `${db}:keyspace:ks:table:a`, ['db-table-select', 'db-table-drop'], {
    ...inShop,
    keyspace: 'ks',
    table: 'a',
  }),
  row('table', `${db}:keyspace:ks:table:b`, [], {
    ...inShop,
    keyspace: 'ks',
    table: 'b',
    denied: ['db-table-select'],
  }),
];

test('tables stand below their keyspace, keyspaces below their database', () => {
  const matrix = matrixOf(rows);
  expect(matrix.organization?.allowed).toEqual(['org-token-read']);
  expect(matrix.everyDatabase?.allowed).toEqual(['org-db-create']);
  expect(matrix.databases.map((one) => one.name)).toEqual(['shop']);
  const [keyspace] = matrix.databases[0]?.children ?? [];
  expect(keyspace?.children.map((one) => [one.name, one.reached])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});

test('a cell counts what is below, and tells in part from whole', () => {
  const [shop] = matrixOf(rows).databases;
  if (!shop) throw new Error('no database');
  expect(cellWord(shop.cells.read).text).toBe('1 of 2');
  expect(cellWord(shop.cells.connect).text).toBe('Yes');
  expect(cellWord(shop.cells.write).text).toBe('No');
  expect(cellWord(shop.cells.schema).text).toBe('1 of 3');
  const [a, b] = shop.children[0]?.children ?? [];
  expect(a && cellWord(a.cells.read)).toEqual({ text: 'Yes', is: 'whole' });
  expect(b && cellWord(b.cells.read)).toEqual({ text: 'Denied', is: 'denied' });
  expect(a && cellWord(a.cells.connect).is).toBe('absent');
});

test('what is below a row that the answer left out has a place all the same', () => {
  const [shop] = matrixOf(rows.slice(4)).databases;
  expect(shop?.key).toBe(db);
  expect(shop?.children[0]?.name).toBe('ks');
  expect(shop?.children[0]?.children).toHaveLength(2);
});

test('exact actions are those of the level alone', () => {
  const here = actionsHere(row('table', 't', ['db-table-select', 'org-read']));
  expect(here.allowed).toEqual(['db-table-select']);
  expect(here.without).not.toContain('db-cql');
  expect(here.without).toContain('db-table-modify');
});

test('every action of tables has a column of its own kind; what operates a database is the rest', () => {
  const rest = actions.filter((one) => kindOf(one.name) === 'operate' && one.level !== 'organization');
  expect(rest.map((one) => one.level)).not.toContain('table');
  expect(rest.map((one) => one.level)).not.toContain('keyspace');
  expect(kindOf('db-rest')).toBeNull();
});

test('an action under its other name is counted once', () => {
  const keyspace = (allowed: string[]) =>
    matrixOf([row('keyspace', 'k', allowed, { ...inShop, keyspace: 'k' })]).databases[0]?.children[0];
  const other = keyspace(['db-all-keyspace-describe']);
  expect(other && cellWord(other.cells.see).text).toBe('Yes');
  const both = keyspace(['db-all-keyspace-create', 'db-keyspace-create']);
  expect(both && cellWord(both.cells.schema).text).toBe('Partly');
});
