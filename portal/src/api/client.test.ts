import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, ask, attend, callAs } from './client';
import { CROSS_SITE, PROOF_NEEDED, Problem, SESSION_ENDED, SIGN_IN_FAILED } from './problem';

const asked: Request[] = [];
let answers: Response[] = [];

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', 'X-Request-Id': 'r1' },
  });
}
const refusal = (status: number, id: number, message: string) =>
  json(status, { errors: [{ ID: id, message }] });

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request);
    const next = answers.shift();
    return next ? Promise.resolve(next) : Promise.reject(new TypeError('no network'));
  });
});
afterEach(() => vi.unstubAllGlobals());

test('a change carries the CSRF token and the scope; a reading no CSRF token', async () => {
  callAs('csrf', { id: 'o1', kind: 'organization', name: 'Acme' });
  answers = [json(200, {}), json(200, {})];
  await ask(() => api.GET('/v2/currentOrg', { fetch }));
  await ask(() => api.POST('/v2/tokens', { body: { roles: ['r'] }, fetch }));
  expect(asked[0]?.headers.get('X-Latchkey-Csrf')).toBeNull();
  expect(asked[0]?.headers.get('X-Latchkey-Organization')).toBe('o1');
  expect(asked[1]?.headers.get('X-Latchkey-Csrf')).toBe('csrf');
});

test('a missing proof is asked for and the call made again', async () => {
  const prove = vi.fn(() => Promise.resolve(true));
  attend({ prove, signInAgain: () => Promise.resolve(false) });
  answers = [refusal(403, PROOF_NEEDED, 'proof needed'), json(200, { clientId: 'c' })];
  const made = await ask(() => api.POST('/v2/tokens', { body: { roles: ['r'] }, fetch }));
  expect(made).toEqual({ clientId: 'c' });
  expect(prove).toHaveBeenCalledOnce();
});

test('somebody who gives up gets the refusal', async () => {
  attend({ prove: () => Promise.resolve(false), signInAgain: () => Promise.resolve(false) });
  answers = [refusal(403, PROOF_NEEDED, 'proof needed')];
  await expect(ask(() => api.POST('/v2/tokens', { body: { roles: ['r'] }, fetch }))).rejects.toThrow(
    'proof needed',
  );
  expect(asked).toHaveLength(1);
});

test.each([
  ['a session that has ended', refusal(401, SESSION_ENDED, 'ended'), true],
  ['a cookie that the browser has dropped', refusal(401, 350401, 'no token'), true],
  ['a sign-in in another tab', refusal(403, CROSS_SITE, 'not from this page'), true],
  ['a wrong password', refusal(401, SIGN_IN_FAILED, 'wrong'), false],
])('%s', async (_, answer, again) => {
  const signInAgain = vi.fn(() => Promise.resolve(true));
  attend({ prove: () => Promise.resolve(false), signInAgain });
  answers = [answer, json(200, { clientId: 'c' })];
  const made = ask(() => api.POST('/v2/tokens', { body: { roles: ['r'] }, fetch }));
  if (again) expect(await made).toEqual({ clientId: 'c' });
  else await expect(made).rejects.toThrow('wrong');
  expect(signInAgain).toHaveBeenCalledTimes(again ? 1 : 0);
  expect(asked).toHaveLength(again ? 2 : 1);
});

test('a refusal is a Problem with its words and the request id', async () => {
  answers = [refusal(409, 350409, 'name taken')];
  const problem: unknown = await ask(() => api.GET('/v2/currentOrg', { fetch })).catch((e: unknown) => e);
  expect(problem).toMatchObject({ status: 409, message: 'name taken', requestId: 'r1' });
  expect(problem).toBeInstanceOf(Problem);
});

test('no network is a Problem, too', async () => {
  answers = [];
  await expect(ask(() => api.GET('/v2/currentOrg', { fetch }))).rejects.toThrow('cannot be reached');
});
