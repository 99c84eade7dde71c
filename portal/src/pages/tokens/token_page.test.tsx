import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { refusal, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import TokenPage from './token_page';

const clientId = 'QwErTyUiOpAsDfGhJkLzXcVb';
const may = ['org-token-read', 'org-token-write', 'org-audits-read'];
const record = (name: string) => ({
  seq: 7,
  time: '2026-06-15T12:00:00.000Z',
  hash: '',
  event: { name, outcome: 'done', who: { kind: 'operator', name: 'operator uid=0' } },
});
const replies = {
  ...signedIn(may),
  [`GET /v2/tokens/${clientId}`]: {
    clientId,
    roles: ['r1'],
    generatedOn: '2026-01-01T00:00:00.000Z',
    description: 'orders',
    tokenExpiry: null,
    effectiveExpiry: '2046-01-01T00:00:00.000Z',
    status: 'active',
    createdBy: 'operator uid=0',
    lastUsedAt: '2026-06-15T12:00:00.000Z',
    lastUsedFrom: '10.0.0.7',
    lastUsedBy: 'gocql 1.7',
    openSessions: 1,
  },
  [`GET /v2/tokens/${clientId}/sessions`]: {
    count: 1,
    sessions: [{ databaseId: 'd', database: 'shop', address: '10.0.0.7', driver: 'gocql 1.7', since: null }],
  },
  [`GET /v2/tokens/${clientId}/usage`]: {
    hours: [{ hour: '2026-06-15T12:00:00.000Z', logins: 2, refusals: 1, statements: 30 }],
    refusals: [{ reason: 'no permission for the statement', count: 1 }],
    tables: [],
  },
  'GET /v2/audit': { records: [record('token.create')] },
};

test('a token tells what it is, what it does and what was done to it', async () => {
  const { bodies } = stubApi(replies);
  renderSignedIn(<TokenPage params={{ clientId }} query={new URLSearchParams()} />);
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('orders');
  expect(screen.getByText(/longest lifetime/)).toBeTruthy();
  expect(await screen.findByText(/30 statements went on/)).toBeTruthy();
  expect(screen.getByText(/1 × no permission for the statement/)).toBeTruthy();
  expect(screen.getByText('1 session open')).toBeTruthy();
  expect(screen.getAllByText('Made').length).toBeGreaterThan(1);
  expect(bodies['POST /v2/policies/preview']).toEqual({ clientId });
});

test('one that is gone is told to be revoked where the audit says so', async () => {
  stubApi({
    ...replies,
    [`GET /v2/tokens/${clientId}`]: () => refusal(404, 'no such token'),
    'GET /v2/audit': { records: [record('token.delete')] },
  });
  renderSignedIn(<TokenPage params={{ clientId }} query={new URLSearchParams()} />);
  expect((await screen.findAllByText('Revoked')).length).toBeGreaterThan(0);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('one that never was is a problem that says so', async () => {
  stubApi({
    ...replies,
    [`GET /v2/tokens/${clientId}`]: () => refusal(404, 'no such token'),
    'GET /v2/audit': { records: [] },
  });
  renderSignedIn(<TokenPage params={{ clientId }} query={new URLSearchParams()} />);
  expect((await screen.findByRole('alert')).textContent).toContain('no such token');
});
