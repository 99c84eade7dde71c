import { expect, test, vi } from 'vitest';
import { json, stubApi } from '../testing/api_stub';
import { untilReady } from './arrive';

test('the normal door is waited for, through refused connections, and not for ever', async () => {
  let asked = 0;
  stubApi({
    'GET /v2/set-up': () => {
      asked++;
      if (asked === 1) return json(200, { state: 'first-start' });
      if (asked === 2) throw new TypeError('refused');
      return json(200, { state: 'ready' });
    },
  });
  const wait = vi.fn(() => Promise.resolve());
  await untilReady(() => 0, wait);
  expect(wait).toHaveBeenCalledTimes(2);

  let now = 0;
  stubApi({});
  await expect(
    untilReady(
      () => now,
      () => {
        now += 60_000;
        return Promise.resolve();
      },
    ),
  ).rejects.toThrow();
});
