import { api, ask } from '../api/client';
import { Problem, isProblem } from '../api/problem';

const patienceMs = 90_000;
const betweenMs = 700;

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });

/**
 * Waits until the daemon's normal door answers: after the first start it closes the one for setting up and
 * opens its store. Throws the last problem when patience ends.
 */
export async function untilReady(now: () => number = Date.now, wait = pause): Promise<void> {
  const end = now() + patienceMs;
  for (;;) {
    try {
      const { state } = await ask(() => api.GET('/v2/set-up'));
      if (state === 'ready') return;
      if (now() >= end) throw new Problem(0, 0, 'The daemon still says that it is not set up.', '');
    } catch (thrown) {
      if (!isProblem(thrown) || now() >= end) throw thrown;
    }
    await wait(betweenMs);
  }
}

/** Signs in with what was just chosen. False: the account wants a code, too. */
export async function signIn(email: string, password: string, code?: string): Promise<boolean> {
  try {
    await ask(() => api.POST('/v2/sessions', { body: { email, password, ...(code ? { code } : {}) } }));
    return true;
  } catch (thrown) {
    if (isProblem(thrown) && thrown.status === 401 && !code) return false;
    throw thrown;
  }
}
