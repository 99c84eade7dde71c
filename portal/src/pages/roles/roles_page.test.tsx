import { screen, waitFor, within } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import { listRoles } from './role_list';
import type { Role } from './role_list';
import RolesPage from './roles_page';

const role = (id: string, name: string, effect: 'allow' | 'deny' = 'allow'): Role => ({
  id,
  name,
  policy: { description: '', effect, actions: ['db-cql'], resources: ['drn:astra:org:__ORG_ID__:db:*'] },
  last_update_date_time: '2026-06-15T12:00:00.000Z',
  last_update_user_id: '',
});
const builtIn = role('ad0566b5-2a67-49de-89e8-92258c2f2c98', 'Organization Administrator');
const a = role('a', 'aardvark');
const z = role('z', 'zebra', 'deny');
const state = { q: '', kind: '', sort: '' };

test('custom roles stand first; search reads actions; sorting by use knows the counts', () => {
  const names = (change: Partial<typeof state>, holders = new Map<string, number | null>()) =>
    listRoles([builtIn, z, a], { ...state, ...change }, holders).map((one) => one.name);
  expect(names({})).toEqual(['aardvark', 'zebra', 'Organization Administrator']);
  expect(names({ kind: 'built-in' })).toEqual(['Organization Administrator']);
  expect(names({ q: 'DB-CQL', kind: 'custom' })).toEqual(['aardvark', 'zebra']);
  expect(names({ q: 'zeb' })).toEqual(['zebra']);
  const used = new Map([
    ['a', 1],
    ['z', 9],
    [builtIn.id, 2],
  ]);
  expect(names({ sort: '-used' }, used)).toEqual(['zebra', 'Organization Administrator', 'aardvark']);
});

test('a row tells that it is locked or denies, and who holds it; without custom roles the page teaches', async () => {
  stubApi({
    ...signedIn(['org-role-read']),
    'GET /v2/organizations/roles': [builtIn],
    [`GET /v2/organizations/roles/${builtIn.id}/usage`]: { holders: 3 },
  });
  renderSignedIn(<RolesPage />);
  const row = await screen.findByRole('row', { name: /Organization Administrator/ });
  expect(within(row).getByText('Built-in, locked')).toBeTruthy();
  expect(await within(row).findByText('3')).toBeTruthy();
  expect(screen.getByText(/a deny wins over every allow/)).toBeTruthy();
  const make = screen.getByRole('button', { name: 'New role' });
  expect(make.getAttribute('aria-disabled')).toBe('true');
});

test('of a long list only the first rows are asked about, and it is not sorted by what is not known', async () => {
  history.replaceState(null, '', '/roles?sort=-used');
  const many = Array.from({ length: 60 }, (_, i) => role(`r${i}`, `role ${String(i).padStart(2, '0')}`));
  const usages = many.map((one) => [`GET /v2/organizations/roles/${one.id}/usage`, { holders: 4 }]);
  const { calls } = stubApi({
    ...signedIn(['org-role-read']),
    'GET /v2/organizations/roles': many,
    ...(Object.fromEntries(usages) as Record<string, object>),
  });
  renderSignedIn(<RolesPage />);
  await screen.findByText(/is told of the first 50/);
  const told = () =>
    [...document.querySelectorAll('td.number')].filter((cell) => cell.textContent === '4').length;
  await waitFor(() => expect(told()).toBe(50), { timeout: 20_000 });
  expect(calls.filter((call) => call.endsWith('/usage'))).toHaveLength(50);
  expect(screen.queryByText('Used by', { selector: 'button' })).toBeNull();
  expect(document.querySelector('tbody th')?.textContent).toBe('role 00');
});
