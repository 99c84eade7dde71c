import { afterEach, expect, test, vi } from 'vitest';
import type { Shapes } from '../../api/client';
import { signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import { LinkState } from './link_state';

const id = '9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11';
const info = { name: 'shop', region: 'datacenter1' };
const database = {
  id,
  info,
  cqlAddress: '127.0.0.1:9142',
  creationTime: '2026-01-31T12:00:00Z',
} as Shapes['Database'];
const now: Shapes['DatabaseState'] = {
  status: 'ACTIVE',
  nodes: [],
  schemaReadAt: null,
  clients: 0,
  cqlAddress: database.cqlAddress,
};

afterEach(() => vi.useRealTimers());

test('a database page that nobody touches asks no more, so that its session can end', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(false); // jsdom shows its page to nobody
  const { calls } = stubApi({ ...signedIn([]), [`GET /v2/databases/${id}/state`]: now });
  const asked = () => calls.filter((call) => call.endsWith('/state')).length;
  renderSignedIn(<LinkState database={database} />);
  await vi.waitFor(() => expect(asked()).toBe(1), 10_000);
  await vi.advanceTimersByTimeAsync(9 * 60_000);
  expect(asked()).toBeGreaterThan(1);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  const before = asked();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(asked()).toBeLessThanOrEqual(before + 1); // one may have been on its way
});
