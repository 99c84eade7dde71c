import { askWhole, api } from '../api/client';
import type { Shapes } from '../api/client';

export type Token = Shapes['Token'];

/** What a list shows, as the address has it. */
export interface ListState {
  q: string;
  status: string;
  role: string;
  createdBy: string;
  sort: string;
  /** Where the page begins: what the API's Link header named. */
  after: string;
}

export const statuses: [string, string][] = [
  ['', 'Any'],
  ['active', 'Active'],
  ['expiring', 'Expiring within 30 days'],
  ['expired', 'Expired'],
  ['neverUsed', 'Never used'],
  ['unused', 'Unused for 90 days'],
  ['unending', 'No expiry'],
];

export const firstSort = '-generatedOn';
export const pageSize = 50;
const exportPage = 1000;

export function listStateOf(query: URLSearchParams): ListState {
  const of = (name: string) => query.get(name) ?? '';
  const status = of('status');
  return {
    q: of('q'),
    status: statuses.some(([word]) => word === status) ? status : '',
    role: of('role'),
    createdBy: of('createdBy'),
    sort: of('sort') || firstSort,
    after: of('after'),
  };
}

/** Whether something narrows the list, so that "none" does not mean that there are none at all. */
export function isNarrowed(state: ListState): boolean {
  return [state.q, state.status, state.role, state.createdBy].some((value) => value !== '');
}

/** What stands in `starting_after` of the next page; empty: this one is the last. */
export function nextAfter(link: string | null): string {
  const next = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return next ? (new URL(next, 'http://latchkey').searchParams.get('starting_after') ?? '') : '';
}

export interface TokenPage {
  rows: Token[];
  /** Where it begins. */
  after: string;
  next: string;
  /** How many match in all; null: the answer did not say. */
  total: number | null;
}

function asked(state: ListState, limit: number) {
  const { q, status, role, createdBy, sort, after } = state;
  const given = { q, status, role, createdBy, starting_after: after };
  const filled = Object.entries(given).filter(([, value]) => value !== '');
  return { ...(Object.fromEntries(filled) as Partial<typeof given>), sort, limit };
}

export async function readPage(state: ListState, limit = pageSize): Promise<TokenPage> {
  const { value, response } = await askWhole(() =>
    api.GET('/v2/tokens', { params: { query: asked(state, limit) } }),
  );
  const total = response.headers.get('X-Latchkey-Total');
  return {
    rows: value.clients,
    after: state.after,
    next: nextAfter(response.headers.get('Link')),
    total: total === null ? null : Number(total),
  };
}

/** Everything that matches, page by page; `progress` returns false to stop, and then nothing is returned. */
export async function readAll(
  state: ListState,
  progress: (read: number, total: number | null) => boolean,
): Promise<Token[] | null> {
  const all: Token[] = [];
  let after = '';
  do {
    const page = await readPage({ ...state, after }, exportPage);
    all.push(...page.rows);
    after = page.next;
    if (!progress(all.length, page.total)) return null;
  } while (after);
  return all;
}
