import { expect, test } from 'vitest';
import {
  actionHasNoEffect,
  coveredBy,
  draftChanges,
  draftOf,
  draftProblems,
  emptyDraft,
  emptyWords,
  lineHasNoEffect,
  roleOf,
  withAction,
  withLine,
} from './policy_draft';
import { readResource } from './resource_name';
import type { ResourceName } from './resource_name';

const o = '4c0a5fd0-1c1a-4c2e-9d7e-0e8a0d3d7f10';
const d = '9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11';
const org = `drn:astra:org:${o}`;
const draft = (actions: string[], resources: string[], effect: 'allow' | 'deny' = 'allow') => ({
  ...emptyDraft,
  name: 'r',
  effect,
  actions,
  resources,
});

test('a role comes out of the editor as it went in', () => {
  const role = {
    name: 'r',
    policy: {
      description: 'x',
      effect: 'allow' as const,
      actions: ['db-table-select' as const, 'db-cql' as const],
      resources: ['drn:astra:org:__ORG_ID__:db:*', 'nonsense', `${org}:stream:a`],
    },
  };
  expect(roleOf(draftOf(role))).toEqual(role);
});

test('a line is added once and taken out, however the organization is written', () => {
  const own = draft([], ['drn:astra:org:__ORG_ID__:db:*']);
  expect(withLine(own, `${org}:db:*`, true, o)).toBe(own);
  expect(withLine(own, `${org}:db:*`, false, o).resources).toEqual([]);
  expect(withLine(draft([], ['nonsense']), 'nonsense', false, o).resources).toEqual([]);
  expect(withAction(draft(['db-cql'], []), 'db-cql', true).actions).toEqual(['db-cql']);
});

test('an action without a line of its level has no effect, and a line without an action of its level neither', () => {
  const one = draft(['db-table-select'], [`${org}:db:${d}`]);
  expect(actionHasNoEffect(one, 'db-table-select', o)).toContain('without a table line');
  expect(lineHasNoEffect(one, `${org}:db:${d}`, o)).toContain('database level');
  const whole = draft(['db-table-select'], [`${org}:db:${d}:keyspace:*:table:*`]);
  expect(actionHasNoEffect(whole, 'db-table-select', o)).toBeUndefined();
  expect(lineHasNoEffect(whole, `${org}:db:${d}:keyspace:*:table:*`, o)).toBeUndefined();
});

test('a foreign line gives no action an effect', () => {
  const foreign = draft(['db-cql'], [`drn:astra:org:${d}:db:*`]);
  expect(actionHasNoEffect(foreign, 'db-cql', o)).toContain('without a database line');
  expect(lineHasNoEffect(foreign, `drn:astra:org:${d}:db:*`, o)).toContain('another organization');
});

test('delegation needs an action that hands out roles', () => {
  const line = `${org}:role:*`;
  expect(lineHasNoEffect(draft(['org-token-read'], [line]), line, o)).toContain('Write Token');
  expect(lineHasNoEffect(draft(['org-token-write'], [line]), line, o)).toBeUndefined();
});

test('a narrower line is covered by a wider one, not by itself', () => {
  const one = draft([], [`${org}:db:*:keyspace:ks`]);
  const ks = (db: string) => readResource(`${org}:db:${db}:keyspace:ks`) as ResourceName;
  expect(coveredBy(one, ks(d), o)).toBe(`${org}:db:*:keyspace:ks`);
  expect(coveredBy(one, ks('*'), o)).toBeUndefined();
});

test('what the API would refuse is said before', () => {
  expect(draftProblems(draft(['db-cql'], [], 'deny'), o).actions).toContain('must deny something');
  expect(draftProblems(draft(['db-cql'], []), o)).toEqual({});
  expect(draftProblems({ ...emptyDraft, resources: ['x'] }, o)).toMatchObject({
    name: expect.any(String) as string,
    resources: expect.any(String) as string,
  });
});

test('changes of somebody else are told one by one', () => {
  const before = draft(['db-cql'], [`${org}:db:*`]);
  const after = { ...draft(['db-rest'], [`${org}:db:*`]), name: 's' };
  expect(draftChanges(before, after)).toEqual([
    'Name: “r” is now “s”',
    'Action added: db-rest',
    'Action removed: db-cql',
  ]);
});

test('a role that does nothing at all says so before it is saved', () => {
  const table = `${org}:db:${d}:keyspace:ks:table:t`;
  expect(emptyWords(draft([], []), o)).toBe(
    'It has no actions and no resources: it gives nothing to whoever holds it.',
  );
  expect(emptyWords(draft([], [table]), o)).toContain('no actions');
  expect(emptyWords(draft(['db-table-select'], []), o)).toContain('no resources');
  expect(emptyWords(draft([], [table], 'deny'), o)).toContain('takes nothing away');
  expect(emptyWords(draft(['db-table-select'], [org]), o)).toContain('of the level');
  expect(emptyWords(draft(['db-table-select'], [org, table]), o)).toBeUndefined();
});

test('a name that hides something is refused beside its field', () => {
  const faults = draftProblems({ ...draft([], []), name: 'a\u202eb', description: 'c\u0007' }, o);
  expect(faults.name).toContain('U+202E');
  expect(faults.description).toContain('U+0007');
});
