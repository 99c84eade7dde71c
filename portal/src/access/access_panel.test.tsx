import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Shapes } from '../api/client';
import { AccessPanel } from './access_panel';

const asked: unknown[] = [];
let answers: ((value: Response) => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  answers = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(await request.json());
    return new Promise<Response>((resolve) => answers.push(resolve));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const preview = (summary: string): Shapes['PolicyPreview'] => ({
  summary,
  rows: [
    { level: 'organization', resource: 'o', allowed: ['org-token-write'], denied: [] },
    { level: 'database', resource: 'd', databaseId: 'd', databaseName: 'shop', allowed: [], denied: [] },
    { level: 'keyspace', resource: 'k', databaseId: 'd', keyspace: 'ks', allowed: [], denied: [] },
    {
      level: 'table',
      resource: 't',
      databaseId: 'd',
      keyspace: 'ks',
      table: 'orders',
      allowed: ['db-table-select'],
      denied: [],
    },
  ],
  noEffect: [{ roleName: 'orders', action: 'db-cql', text: 'no database is named' }],
  dangling: ['gone'],
  truncated: true,
});

async function answer(nth: number, summary: string) {
  answers[nth]?.(
    new Response(JSON.stringify(preview(summary)), { headers: { 'Content-Type': 'application/json' } }),
  );
  await vi.advanceTimersByTimeAsync(0);
}

test('nothing chosen asks nothing', async () => {
  render(<AccessPanel ask={null} />);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([]);
  expect(screen.getByText(/Choose a role/)).toBeTruthy();
});

test('changes are waited out, and a late answer to an earlier question is dropped', async () => {
  const { rerender } = render(<AccessPanel ask={{ roles: ['a'] }} />);
  await vi.advanceTimersByTimeAsync(0);
  rerender(<AccessPanel ask={{ roles: ['a', 'b'] }} />);
  rerender(<AccessPanel ask={{ roles: ['c'] }} />);
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual([{ roles: ['a'] }, { roles: ['c'] }]);
  await answer(1, 'the newer');
  await answer(0, 'the older');
  expect(screen.queryByText('the older')).toBeNull();
  expect(screen.getByText('the newer')).toBeTruthy();
});

test('it shows words for the organization, a matrix, what dangles, has no effect, and is cut', async () => {
  render(<AccessPanel ask={{ roles: ['a'] }} />);
  await vi.advanceTimersByTimeAsync(300);
  await answer(0, 'It reads orders.');
  expect(screen.getByText(/may make and delete tokens/)).toBeTruthy();
  expect(screen.getByRole('row', { name: /orders.*Yes/ })).toBeTruthy();
  expect(screen.getByText(/no database is named/)).toBeTruthy();
  expect(screen.getByText('gone')).toBeTruthy();
  expect(screen.getByText(/more than is shown/)).toBeTruthy();
});

test('a row closes and opens', async () => {
  render(<AccessPanel ask={{ roles: ['a'] }} />);
  await vi.advanceTimersByTimeAsync(300);
  await answer(0, 'x');
  const shop = screen.getByRole('button', { name: /^database shop/ });
  fireEvent.click(shop);
  await vi.advanceTimersByTimeAsync(0);
  expect(screen.queryByRole('row', { name: /orders/ })).toBeNull();
  expect(shop.getAttribute('aria-expanded')).toBe('false');
});

test('of an enterprise no word is said about databases that there are not', async () => {
  render(<AccessPanel ask={{ roles: ['a'] }} />);
  await vi.advanceTimersByTimeAsync(300);
  const rows = [{ level: 'enterprise', resource: 'e', allowed: ['enterprise-token-write'], denied: [] }];
  const body = JSON.stringify({ summary: 'x', rows, noEffect: [], dangling: [], truncated: false });
  answers[0]?.(new Response(body, { headers: { 'Content-Type': 'application/json' } }));
  await vi.advanceTimersByTimeAsync(0);
  expect(screen.getByText('In the enterprise:')).toBeTruthy();
  expect(screen.queryByText(/No database/)).toBeNull();
});
