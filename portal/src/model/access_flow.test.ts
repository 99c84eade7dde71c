import { expect, test } from 'vitest';
import { answerWords, flowOf, flowSummary } from './access_flow';
import type { AccessMap, Reach } from './access_flow';

const group = (name: string, tokens: number, members = 0) => ({
  roles: [{ id: name, name }],
  tokens,
  clients: [],
  members,
  people: [],
});
const reach = (index: number, level: string, resource: string, may: Partial<Reach> = {}): Reach => ({
  group: index,
  level,
  resource,
  databaseId: 'd',
  databaseName: 'shop',
  reads: true,
  writes: false,
  changesSchema: false,
  actions: [],
  ...may,
});

const map: AccessMap = {
  groups: [group('readers', 3, 1), group('writers', 1), group('idle', 7)],
  reach: [
    reach(0, 'database', 'd'),
    reach(0, 'keyspace', 'd:ks', { keyspace: 'ks' }),
    reach(1, 'database', 'd', { writes: true, changesSchema: true }),
    reach(1, 'table', 'd:ks:t', { keyspace: 'ks', table: 't', writes: true }),
  ],
  truncated: false,
};
const name = (one: Reach) => one.table ?? one.keyspace ?? 'shop';

test('the picture looks at databases, then inside one, then inside a keyspace', () => {
  const places = (database: string, keyspace: string) =>
    flowOf(map, { database, keyspace }, name).places.map((one) => one.name);
  expect(places('', '')).toEqual(['shop']);
  expect(places('d', '')).toEqual(['ks']);
  expect(places('d', 'ks')).toEqual(['t']);
  expect(places('other', '')).toEqual([]);
});

test('groups that reach nothing here are not drawn; the strongest colours a link', () => {
  const flow = flowOf(map, { database: '', keyspace: '' }, name);
  expect(flow.groups.map((one) => one.roles)).toEqual(['readers', 'writers']);
  expect(flow.links.map((one) => one.strength)).toEqual(['read', 'schema']);
  expect(flowSummary(map, flow)).toBe(
    '4 tokens and 1 person with 2 different sets of roles reach 1 place; 1 token can write or change the schema somewhere.',
  );
});

test('an answer counts tokens and people', () => {
  expect(answerWords(map.groups.slice(0, 2), 'write', 'ks.t')).toBe('4 tokens and 1 person can write ks.t.');
  expect(answerWords([], 'write', 'ks.t')).toBe('No live token and no member can write ks.t.');
});
