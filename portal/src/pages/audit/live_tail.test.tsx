import { screen } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import { filtersOf } from '../../audit/search';
import { refusal, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import { LiveTail } from './live_tail';

test('a question that is refused is not asked again and again', async () => {
  stubApi({ ...signedIn([]), 'GET /v2/audit': () => refusal(400, 'from must be before to') });
  renderSignedIn(
    <LiveTail by={filtersOf(new URLSearchParams())} names={new Map()} recordHref={() => '/audit'} />,
  );
  await screen.findByText('“From” must be earlier than “Before”.');
  expect(await screen.findByRole('button', { name: 'Go on' })).toBeTruthy();
});

afterEach(() => vi.useRealTimers());

test('a page that nobody touches asks no more, so that its session can end', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(false); // jsdom shows its page to nobody
  const { calls } = stubApi({ ...signedIn([]), 'GET /v2/audit': { records: [] } });
  const asked = () => calls.filter((call) => call.startsWith('GET /v2/audit')).length;
  renderSignedIn(
    <LiveTail by={filtersOf(new URLSearchParams())} names={new Map()} recordHref={() => '/audit'} />,
  );
  await vi.waitFor(() => expect(asked()).toBe(1), 10_000);
  await vi.advanceTimersByTimeAsync(9 * 60_000);
  dispatchEvent(new Event('pointermove'));
  await vi.advanceTimersByTimeAsync(9 * 60_000);
  expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
  expect(asked()).toBeGreaterThan(1);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(await screen.findByRole('button', { name: 'Go on' })).toBeTruthy();
  const before = asked();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(asked()).toBe(before);
});
