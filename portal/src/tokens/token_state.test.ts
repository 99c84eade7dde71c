import { expect, test } from 'vitest';
import { tokensCsv } from './export_tokens';
import { listStateOf, nextAfter } from './list_state';
import type { Token } from './list_state';
import { statesOf } from './token_state';
import { whatEnds } from './delete_token_dialog';

const now = Date.parse('2026-06-15T12:00:00Z');
const token = (change: Partial<Token>): Token => ({
  clientId: 'QwErTyUiOpAsDfGhJkLzXcVb',
  roles: ['r1'],
  generatedOn: '2026-01-01T00:00:00.000Z',
  description: 'orders',
  tokenExpiry: null,
  effectiveExpiry: null,
  status: 'active',
  createdBy: 'operator uid=0',
  lastUsedAt: '2026-06-15T11:57:00.000Z',
  ...change,
});
const roles = new Map([['r1', 'RO User']]);

test.each<[Partial<Token>, string[]]>([
  [{}, ['Active']],
  [{ effectiveExpiry: '2026-06-21T11:00:00Z' }, ['Expires in 6 d']],
  [{ effectiveExpiry: '2026-09-21T11:00:00Z' }, ['Active']],
  [{ status: 'expired', effectiveExpiry: '2026-06-01T00:00:00Z' }, ['Expired']],
  [{ effectiveExpiry: '2026-06-15T11:59:59Z' }, ['Expired']],
  [{ lastUsedAt: null }, ['Active', 'Never used']],
  [{ roles: ['r1', 'gone'] }, ['Active', 'Dangling role']],
])('%j is %j', (change, words) => {
  expect(statesOf(token(change), roles, now).map((state) => state.text)).toEqual(words);
});

test('no role dangles where the roles are not known', () => {
  expect(statesOf(token({ roles: ['gone'] }), undefined, now)).toHaveLength(1);
});

test('what ends with a token is said with its last use', () => {
  const used = { lastUsedAt: new Date(Date.now() - 181_000).toISOString(), openSessions: 41 };
  expect(whatEnds(token(used))).toBe('Used 3 minutes ago, 41 open sessions will be closed.');
  expect(whatEnds(token({ lastUsedAt: null, openSessions: 0 }))).toBe('Never used, no session is open.');
});

test('the next page is what the Link header names, decoded', () => {
  const link = '</v2/tokens?limit=50&starting_after=00ff.QwErTyUiOpAsDfGhJkLzXcVb&q=a%26b>; rel="next"';
  expect(nextAfter(link)).toBe('00ff.QwErTyUiOpAsDfGhJkLzXcVb');
  expect(nextAfter(null)).toBe('');
});

test('an address with an unknown state shows any', () => {
  const state = listStateOf(new URLSearchParams('status=sleeping&q=a&sort=-lastUsedAt'));
  expect(state).toMatchObject({ status: '', q: 'a', sort: '-lastUsedAt' });
});

test('the CSV has a line of heads and names roles; what a spreadsheet would run is defused', () => {
  const lines = tokensCsv([token({ description: '=1+1', roles: ['r1', 'gone'] })], roles).split('\r\n');
  expect(lines[0]).toMatch(/^clientId,description,roles,/);
  expect(lines[1]).toContain(`,'=1+1,RO User; gone,r1; gone,active,`);
});
