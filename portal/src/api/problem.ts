import type { components } from './description';

/** IDs of problems that the Portal answers by itself (doc/api.md). */
export const PROOF_NEEDED = 351001;
export const CROSS_SITE = 351002;
export const SESSION_ENDED = 351003;
export const SIGN_IN_FAILED = 351004;

/** Why the API did not do what it was asked to. Its message is for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly id: number,
    message: string,
    readonly requestId: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
    this.name = 'Problem';
  }
}

/**
 * Nobody is signed in any more: the session has ended, the browser has dropped its cookie at the end of its day, or
 * another tab has signed in anew and this one's CSRF token is of the former session.
 */
export function isSignedOut({ status, id }: Problem): boolean {
  return id === CROSS_SITE || (status === 401 && id !== SIGN_IN_FAILED);
}

export function isProblem(thrown: unknown): thrown is Problem {
  return thrown instanceof Problem;
}

function stated(body: unknown): { id: number; message: string } | null {
  const first = (body as Partial<components['schemas']['Problems']> | null)?.errors?.[0];
  return first && typeof first.message === 'string' ? { id: first.ID, message: first.message } : null;
}

// Under /v2/organizations/roles the same object comes as text/plain.
function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

export function problemOf(response: Response, body: unknown): Problem {
  const said = stated(parsed(body));
  const wait = Number(response.headers.get('Retry-After'));
  return new Problem(
    response.status,
    said?.id ?? 0,
    said?.message ?? `the server answered ${response.status}`,
    response.headers.get('X-Request-Id') ?? '',
    wait > 0 ? wait : null,
  );
}

/** The server could not be asked at all. */
export function unreachable(): Problem {
  return new Problem(0, 0, 'Latchkey cannot be reached. Is the daemon running, and this machine online?', '');
}
