import type { components } from './description';

/** IDs of problems that the Portal answers by itself (doc/api.md). */
export const PROOF_NEEDED = 351001;
export const SESSION_ENDED = 351003;

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
