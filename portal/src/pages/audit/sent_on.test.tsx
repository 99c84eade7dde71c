import { fireEvent, screen, within } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import type { AuditExport } from '../../audit/export';
import { acme, refusal, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import { SentOn } from './sent_on';

const path = `/v2/organizations/${acme.scope}/telemetry/auditLogs`;
const nowhere: AuditExport = { enabled: false, destination: 'trail', records: '/v2/audit' };
const sent: AuditExport = {
  enabled: true,
  destination: 'webhook',
  records: '/v2/audit',
  webhook: { endpoint: 'https://c.example/a', hasToken: true },
  updatedOn: '2026-06-15T12:00:00.000Z',
  updatedBy: '44444444-4444-4444-8444-444444444444',
  byOperator: false,
  delivery: {
    state: 'current',
    sequence: 9,
    behind: 0,
    sent: 3,
    missing: 0,
    lastSuccess: '2026-06-15T12:00:00.000Z',
  },
};
const failing: AuditExport['delivery'] = {
  state: 'failing',
  sequence: 9,
  behind: 4,
  sent: 3,
  missing: 2,
  nextTry: '2026-06-15T12:01:00.000Z',
  lastFailure: '2026-06-15T12:00:00.000Z',
  problem: 'the server answers 503',
};

/** `now.is` is what the daemon says at the next look. */
function shown(first: AuditExport | null) {
  const now = { is: first };
  const answer = () => (now.is ? new Response(JSON.stringify(now.is)) : refusal(503, 'busy'));
  const stub = stubApi({
    ...signedIn(['org-audits-read']),
    [`GET ${path}`]: answer,
    [`DELETE ${path}`]: () => {
      now.is = nowhere;
      return new Response(null, { status: 202, headers: { 'Content-Length': '0' } });
    },
  });
  const names = new Map([['44444444-4444-4444-8444-444444444444', 'ada@acme.example']]);
  renderSignedIn(<SentOn orgId={acme.scope} names={names} />);
  return { now, asked: () => stub.calls.filter((call) => call === `GET ${path}`).length };
}

const button = (name: string) => screen.queryByRole('button', { name });

function tick() {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(false); // jsdom shows its page to nobody
}
/** Until it looks again by itself. */
const looks = () => vi.waitFor(() => expect(vi.getTimerCount()).toBe(1), 10_000);
afterEach(() => vi.useRealTimers());

test('where nothing is set up, that is said, and nobody asks again', async () => {
  tick();
  const { asked } = shown(nowhere);
  await vi.waitFor(() => expect(button('Send records on')).toBeTruthy(), 10_000);
  expect(button('End sending')).toBeNull();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(1);
});

test('how it stands follows by itself, and an answer that fails to come leaves what is known', async () => {
  tick();
  const { now } = shown(sent);
  await vi.waitFor(() => expect(screen.getByText('Up to date')).toBeTruthy(), 10_000);
  expect(screen.getByText('https://c.example/a').closest('dd')?.textContent).toContain('with a token');
  expect(screen.getByText('ada@acme.example')).toBeTruthy();
  await looks();
  now.is = { ...sent, delivery: failing };
  await vi.advanceTimersByTimeAsync(5000);
  await vi.waitFor(() => expect(screen.getByText('Failing')).toBeTruthy(), 10_000);
  expect(screen.getByText(/^The server answers 503\. .* 4 records of the trail/)).toBeTruthy();
  expect(screen.getByText('not since Latchkey started')).toBeTruthy();
  expect(screen.getByText('Sent again')).toBeTruthy();
  expect(screen.getByText(/^2 records of the trail/)).toBeTruthy();
  now.is = null;
  await vi.advanceTimersByTimeAsync(5000);
  await vi.waitFor(() => expect(screen.getByText(/could not be read again: busy/)).toBeTruthy(), 10_000);
  expect(screen.getByText('Failing')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a page that nobody touches asks no more, so that its session can end', async () => {
  tick();
  const { asked } = shown(sent);
  await vi.waitFor(() => expect(screen.getByText('Up to date')).toBeTruthy(), 10_000);
  await looks();
  await vi.advanceTimersByTimeAsync(11 * 60_000);
  const before = asked();
  expect(before).toBeGreaterThan(1);
  await vi.advanceTimersByTimeAsync(60 * 60_000); // a look or two were on their way; an hour has 720
  expect(asked()).toBeLessThan(before + 3);
});

test('what the operator set up is to be read, and it is said who changes it', async () => {
  shown({ ...sent, byOperator: true, updatedBy: 'operator uid=0' });
  expect((await screen.findByText(/alone changes it/)).textContent).toContain('latchkey audit export');
  expect(screen.getByText('operator uid=0')).toBeTruthy();
  expect(screen.queryAllByRole('button')).toEqual([]);
});

test('a form is closed when the operator has set it up meanwhile', async () => {
  tick();
  const { now } = shown(nowhere);
  await vi.waitFor(() => expect(button('Send records on')).toBeTruthy(), 10_000);
  fireEvent.click(screen.getByRole('button', { name: 'Send records on' }));
  expect(await screen.findByRole('dialog')).toBeTruthy();
  await looks();
  now.is = { ...sent, byOperator: true };
  await vi.advanceTimersByTimeAsync(5000);
  await vi.waitFor(() => expect(screen.getByText(/local operator has set up/)).toBeTruthy(), 10_000);
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull(), 10_000);
});

test('the end names the place and what will not arrive, and leads back to the part', async () => {
  shown({ ...sent, delivery: failing });
  fireEvent.click(await screen.findByRole('button', { name: 'End sending' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/its token is forgotten/).textContent).toMatch(
    /https:\/\/c\.example\/a.* Of 4 records at the end of the trail, .* will not\./,
  );
  fireEvent.click(dialog.getByRole('button', { name: 'End sending' }));
  expect(await screen.findByText(/sent nowhere else/)).toBeTruthy();
  await vi.waitFor(() =>
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Sent on' })),
  );
});
