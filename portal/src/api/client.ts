import createClient from 'openapi-fetch';
import type { components, paths } from './description';
import { PROOF_NEEDED, Problem, isSignedOut, problemOf, unreachable } from './problem';

export type Shapes = components['schemas'];

/** Where a signed-in person acts. */
export interface Scope {
  id: string;
  kind: 'organization' | 'enterprise';
  name: string;
}

/** What every call carries beside the cookie. Kept in memory alone. */
const caller: { csrf: string; scope: Scope | null } = { csrf: '', scope: null };

export function callAs(csrf: string, scope: Scope | null): void {
  caller.csrf = csrf;
  caller.scope = scope;
}

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  cache: 'no-store',
  fetch: (request) => fetch(request), // as it is at the call, not at this module's birth
});

/** The header by which a call says where it acts; without it, a call acts where the page does. */
export function actingIn(scope: Scope): Record<string, string> {
  return { [scope.kind === 'enterprise' ? 'X-Latchkey-Enterprise' : 'X-Latchkey-Organization']: scope.id };
}

/** Of a call that acts nowhere: it asks who is signed in. */
export const nowhere = { 'X-Latchkey-Organization': '' };

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && caller.csrf) request.headers.set('X-Latchkey-Csrf', caller.csrf);
    if (
      caller.scope &&
      !request.headers.has('X-Latchkey-Organization') &&
      !request.headers.has('X-Latchkey-Enterprise')
    )
      for (const [name, value] of Object.entries(actingIn(caller.scope))) request.headers.set(name, value);
    if (request.headers.get('X-Latchkey-Organization') === '')
      request.headers.delete('X-Latchkey-Organization');
    return request;
  },
});

/** What the page does when the API asks for somebody; false: the person gave up. Set once by the session. */
export interface Attendant {
  /** Asks for password and code. */
  prove(): Promise<boolean>;
  /** The session has ended: asks whoever was signed in to do so again. */
  signInAgain(): Promise<boolean>;
}
let attendant: Attendant | null = null;

export function attend(by: Attendant): void {
  attendant = by;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function once<T>(call: () => Promise<Answer<T>>): Promise<{ value: T; response: Response }> {
  let answer: Answer<T>;
  try {
    answer = await call();
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw unreachable();
  }
  if (!answer.response.ok) throw problemOf(answer.response, answer.error);
  return { value: answer.data as T, response: answer.response };
}

async function helped(thrown: unknown): Promise<boolean> {
  if (!(thrown instanceof Problem) || !attendant) return false;
  if (thrown.id === PROOF_NEEDED) return attendant.prove();
  return isSignedOut(thrown) && attendant.signInAgain();
}

/**
 * One call with its answer's headers. A missing proof or session is asked for and the call made again: one click stays
 * one click, and what was typed stays where it is.
 */
export async function askWhole<T>(call: () => Promise<Answer<T>>): Promise<{ value: T; response: Response }> {
  try {
    return await once(call);
  } catch (thrown) {
    if (!(await helped(thrown))) throw thrown;
    return once(call);
  }
}

/** One call: its answer, or a Problem thrown. `ask(() => api.GET('/v2/tokens', …))` */
export async function ask<T>(call: () => Promise<Answer<T>>): Promise<T> {
  return (await askWhole(call)).value;
}

/** The same without asking anybody for anything: what the session itself asks. */
export async function askPlainly<T>(call: () => Promise<Answer<T>>): Promise<T> {
  return (await once(call)).value;
}
