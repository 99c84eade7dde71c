import { afterEach, vi } from 'vitest';
import type { Shapes } from '../api/client';

/** What a call is answered with: a body, or what makes an answer of the request. */
export type Reply = object | ((request: Request) => Response);

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

export function refusal(status: number, message: string): Response {
  return json(status, { errors: [{ ID: 350000 + status, message }] });
}

/** Everything that was asked since the stub was set, as "GET /v2/tokens?limit=50". */
export interface Stub {
  calls: string[];
  bodies: Record<string, unknown>;
}

/** Stands in for the daemon. Keys are "GET /v2/tokens", without the query; what has none is answered 404. */
export function stubApi(replies: Record<string, Reply>): Stub {
  const stub: Stub = { calls: [], bodies: {} };
  vi.stubGlobal('fetch', async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const name = `${request.method} ${url.pathname}`;
    stub.calls.push(name + url.search);
    const text = await request.clone().text();
    if (text) stub.bodies[name] = JSON.parse(text);
    const reply = replies[name];
    if (!reply) return refusal(404, `nothing stands in for ${name}`);
    if (typeof reply === 'function') return (reply as (request: Request) => Response)(request);
    return json(200, reply);
  });
  return stub;
}

afterEach(() => vi.unstubAllGlobals());

export const acme = { scope: '11111111-1111-4111-8111-111111111111', kind: 'organization', name: 'Acme' };
export const group = {
  scope: '22222222-2222-4222-8222-222222222222',
  kind: 'enterprise',
  name: 'Acme Group',
};

/** A signed-in person with these permissions on the organization or enterprise itself. */
export function signedIn(
  actions: string[],
  memberships: Omit<Shapes['Membership'], 'roles'>[] = [acme],
): Record<string, Reply> {
  const time = '2026-06-15T12:00:00.000Z';
  const session: Shapes['Session'] = {
    id: '33333333-3333-4333-8333-333333333333',
    csrfToken: 'csrf',
    createdOn: time,
    expiresOn: time,
    provedOn: time,
    proofHoldsUntil: time,
    person: {
      id: '44444444-4444-4444-8444-444444444444',
      email: 'ada@acme.example',
      secondFactor: false,
      recoveryCodesLeft: 0,
    },
    memberships: memberships.map((one) => ({ ...one, roles: [] })),
  };
  const preview: Shapes['PolicyPreview'] = {
    rows: [{ resource: 'drn', level: 'organization', allowed: actions, denied: [] }],
    noEffect: [],
    dangling: [],
    truncated: false,
    summary: '',
  };
  return { 'GET /v2/sessions/current': session, 'POST /v2/policies/preview': preview };
}
