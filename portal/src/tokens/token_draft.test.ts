import { expect, test } from 'vitest';
import { defaultWords, endOf, readExpires, tooLong } from './expiry';
import { findPartRole, partPolicy } from './part_role';
import type { Part } from './part_role';
import { draftFaults, draftFrom, lacking, previewOf, sentence } from './token_draft';

const now = Date.parse('2026-06-15T12:00:00Z');

test.each([
  ['30d', '2026-07-15T12:00:00.000Z'],
  ['12h', '2026-06-16T00:00:00.000Z'],
  ['', undefined],
])('expires=%s ends %s', (text, end) => {
  expect(endOf(readExpires(text), now)).toBe(end);
});

test.each(['0d', '-3d', '30', 'never', '2026-13-45', 'x', null])(
  'expires=%s is as the settings say',
  (text) => {
    expect(readExpires(text)).toBe('');
  },
);

test('the first choice is what happens when nothing is said', () => {
  const of = (defaultLifetimeSeconds: number | null, maximumLifetimeSeconds: number | null) =>
    defaultWords({ defaultLifetimeSeconds, maximumLifetimeSeconds });
  expect(of(null, null)).toBe('Never expire');
  expect(of(86_400 * 90, null)).toBe('After 90 days, as the settings say');
  expect(of(86_400 * 90, 86_400 * 30)).toBe('After 30 days, as the settings say');
  expect(defaultWords(undefined)).toBe('As the settings say');
  expect(tooLong(86_401, { defaultLifetimeSeconds: null, maximumLifetimeSeconds: 86_400 })).toBe(true);
});

test('a link fills the form; roles may come one by one or together', () => {
  const draft = draftFrom(
    new URLSearchParams('role=a&role=b,c&role=a&expires=30d&description=CI'),
    'organization',
  );
  expect(draft).toMatchObject({ roles: ['a', 'b', 'c'], expires: '30d', description: 'CI', where: 'roles' });
  expect(draftFrom(new URLSearchParams('where=part'), 'enterprise').where).toBe('roles');
});

const org = '11111111-1111-4111-8111-111111111111';
const db = '66666666-6666-4666-8666-666666666666';
const part: Part = { databaseId: db, keyspace: 'ks', table: 'orders', what: 'read' };

test('a part is a line of each level, and names nothing beyond it', () => {
  expect(partPolicy(part, org).resources).toEqual([
    `drn:astra:org:${org}:db:${db}`,
    `drn:astra:org:${org}:db:${db}:keyspace:ks`,
    `drn:astra:org:${org}:db:${db}:keyspace:ks:table:orders`,
  ]);
  expect(partPolicy(part, org).actions).not.toContain('db-table-modify');
  expect(partPolicy({ ...part, what: 'write' }, org).actions).toContain('db-table-modify');
});

test('the role for a part is reused where it says the same, whatever it is called, else gets a free name', () => {
  const policy = partPolicy(part, org);
  const role = (id: string, name: string, its = policy) => ({
    id,
    name,
    policy: its,
    last_update_date_time: '',
    last_update_user_id: '',
  });
  const turned = { ...policy, actions: [...policy.actions].reverse(), description: 'renamed' };
  expect(findPartRole([role('r', 'Mine', turned)], 'Read it', policy)).toEqual({ id: 'r' });
  const other = partPolicy({ ...part, what: 'write' }, org);
  expect(findPartRole([role('r', 'READ IT', other)], 'Read it', policy)).toEqual({ name: 'Read it (2)' });
  expect(findPartRole([role('r', 'x', { ...policy, effect: 'deny' })], 'Read it', policy)).toEqual({
    name: 'Read it',
  });
});

test('the sentence says what comes into being', () => {
  const names = {
    scope: 'Acme',
    roles: new Map([['a', 'RO User']]),
    database: () => 'shop',
    lifetimes: { defaultLifetimeSeconds: null, maximumLifetimeSeconds: null },
  };
  const draft = draftFrom(new URLSearchParams('role=a&description=reporting'), 'organization');
  const bare = (text: string) => text.replaceAll(/[\u2068\u2069]/g, '');
  expect(bare(sentence(draft, names))).toBe('“reporting” in Acme has the role RO User and never expires.');
  expect(bare(sentence({ ...draft, where: 'part', part, expires: '30d' }, names))).toBe(
    '“reporting” in Acme may read ks.orders in shop, by the role “Read ks.orders in shop”, and ends after 30 days.',
  );
});

test('no name turns the words around it', () => {
  const hebrew = { description: 'דוח', scope: 'חברה', role: 'קורא' };
  const draft = draftFrom(
    new URLSearchParams({ role: 'a', description: hebrew.description }),
    'organization',
  );
  const said = sentence(draft, {
    scope: hebrew.scope,
    roles: new Map([['a', hebrew.role]]),
    database: () => undefined,
    lifetimes: undefined,
  });
  for (const name of Object.values(hebrew)) expect(said).toContain(`\u2068${name}\u2069`);
});

test('nothing chosen: nothing is asked, and the button says what is lacking', () => {
  const draft = draftFrom(new URLSearchParams(), 'organization');
  expect(previewOf(draft, org)).toBeNull();
  expect(lacking(draft, 0)).toBe('Choose a role first.');
  expect(lacking({ ...draft, where: 'part' }, 0)).toBe('Choose a database first.');
});

test('a day that is over and a text that hides something are no token', () => {
  const now = Date.parse('2026-06-15T12:00:00');
  const draft = draftFrom(
    new URLSearchParams('role=r&expires=2026-06-14&description=a%E2%80%AEb'),
    'organization',
  );
  expect(draftFaults(draft, now)).toEqual({
    description: expect.stringContaining('U+202E') as string,
    expires: 'That day is over: the token would never be of use.',
  });
  expect(lacking(draft, now)).toBe('Change the description first.');
  expect(lacking({ ...draft, description: 'ab' }, now)).toBe('Choose a later last day first.');
  expect(lacking({ ...draft, description: 'ab', expires: '2026-06-15' }, now)).toBeUndefined();
});
