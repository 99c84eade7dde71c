import { fireEvent, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import type { Shapes } from '../../api/client';
import { expirySummary } from '../../pictures/expiry_timeline';
import { hoursSummary } from '../../pictures/hours_picture';
import { refusal, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import HomePage from './home_page';
import { needsOf } from './needs_you';

const days = Array.from({ length: 90 }, (_, i) => ({
  day: new Date(Date.UTC(2026, 5, 15 + i)).toISOString().slice(0, 10),
  count: i === 3 ? 2 : i === 40 ? 5 : 0,
}));
const summary = {
  active: 120,
  expiringWithin30Days: 2,
  expired: 7,
  withoutEnd: 3,
  neverUsed: 0,
  oldestGeneratedOn: null,
  unusedFor90Days: 5,
  expiries: days,
};
const hours = Array.from({ length: 24 }, (_, i) => ({
  hour: new Date(Date.UTC(2026, 5, 15, i)).toISOString(),
  logins: i,
  refusals: i === 4 ? 9 : 0,
  statements: 0,
}));
const usage = {
  hours,
  refusals: [],
  refusedTokens: [{ clientId: 'QwErTyUiOpAsDfGhJkLzXcVb', count: 9 }],
  openSessions: 1,
};
const replies = {
  ...signedIn(['org-token-read']),
  'GET /v2/tokens/summary': summary,
  'GET /v2/usage': usage,
};

test('each figure leads to the list that it counts', async () => {
  stubApi(replies);
  renderSignedIn(<HomePage />);
  const href = async (name: RegExp) => (await screen.findByRole('link', { name })).getAttribute('href');
  expect(await href(/120 Active tokens/)).toBe('/tokens?status=active');
  expect(await href(/2 Expiring within 30 days/)).toBe('/tokens?status=expiring&sort=tokenExpiry');
  expect(await href(/5 Unused for 90 days/)).toBe('/tokens?status=unused&sort=lastUsedAt');
  fireEvent.click(await screen.findByRole('link', { name: /9 Refused in 24 hours/ }));
  expect(document.activeElement?.textContent).toBe('Refused in the last 24 hours');
});

test('pictures are told in words and have a table', async () => {
  stubApi(replies);
  renderSignedIn(<HomePage />);
  expect(await screen.findByText(/276 logins and 9 refusals in the last 24 hours/)).toBeTruthy();
  expect(screen.getByText(/7 tokens end within 90 days, the first on Jun 18, 2026/)).toBeTruthy();
  expect(screen.getAllByText('As a table')).toHaveLength(2);
});

test('what needs somebody stands in the order of how much it hurts', () => {
  const needs = needsOf({ summary, usage, databases: [], secondFactor: false }).map((need) => need.text);
  expect(needs[0]).toContain('QwErTyUiOpAsDfGhJkLzXcVb was refused 9 times');
  expect(needs[1]).toContain('2 tokens end within 7 days');
  expect(needs).toHaveLength(5);
  expect(needsOf({ summary: undefined, usage: undefined, databases: [], secondFactor: true })).toEqual([]);
});

test('all is well only where everything could be asked', async () => {
  const calm = { ...summary, expired: 0, unusedFor90Days: 0, expiries: [] };
  const quiet = { ...usage, refusedTokens: [] };
  const session = signedIn(['org-token-read'])['GET /v2/sessions/current'] as Shapes['Session'];
  const well = {
    ...replies,
    'GET /v2/sessions/current': { ...session, person: { ...session.person, secondFactor: true } },
    'GET /v2/tokens/summary': calm,
    'GET /v2/usage': quiet,
  };
  stubApi(well);
  const { unmount } = renderSignedIn(<HomePage />);
  await screen.findByText(/All is well/);
  unmount();
  stubApi({ ...well, 'GET /v2/usage': () => refusal(503, 'busy') });
  renderSignedIn(<HomePage />);
  await screen.findByText('busy');
  expect(screen.queryByText(/All is well/)).toBeNull();
});

test('who may not read tokens hears which permission it takes, and no figure is asked for', async () => {
  const { calls } = stubApi({ ...replies, ...signedIn([]) });
  renderSignedIn(<HomePage />);
  expect(await screen.findByText(/org-token-read/)).toBeTruthy();
  expect(calls).not.toContain('GET /v2/tokens/summary');
});

test('nothing is nothing, one is one', () => {
  expect(hoursSummary([])).toBe('No login and no refusal in the last 0 hours.');
  expect(expirySummary(days.map((day) => ({ ...day, count: 0 })))).toBe('No token ends within 90 days.');
  expect(expirySummary(days.slice(0, 4).map((day, i) => ({ ...day, count: i === 3 ? 1 : 0 })))).toBe(
    '1 token ends within 4 days, on Jun 18, 2026.',
  );
});

test('the refused are listed with what is counted, and what is left over is said', async () => {
  stubApi({
    ...replies,
    'GET /v2/usage': {
      ...usage,
      refusals: [{ reason: 'no permission for the API call', count: 9 }],
      refusedTokens: [{ clientId: 'QwErTyUiOpAsDfGhJkLzXcVb', count: 7 }],
    },
    'GET /v2/tokens/QwErTyUiOpAsDfGhJkLzXcVb': { description: 'checkout' },
  });
  renderSignedIn(<HomePage />);
  expect((await screen.findByRole('row', { name: 'checkout 7' })).textContent).toBe('checkout7');
  expect(screen.getByText(/Why: no permission for the API call \(9\)\./)).toBeTruthy();
  expect(screen.getByText('And 2 times other tokens, or such as are deleted.')).toBeTruthy();
});
