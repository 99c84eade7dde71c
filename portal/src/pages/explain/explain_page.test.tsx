import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import ExplainPage from './explain_page';

const db = '9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11';
const role = '7d0f1a52-1111-4c58-8957-8916d4a007a5';

test('a link asks its question at once: verdict, each need, its rule, and what would change it', async () => {
  const query = new URLSearchParams({ role, cql: 'UPDATE shop.orders SET v = 1', database: db });
  history.replaceState(null, '', `/explain?${query.toString()}`);
  const need = (action: string, allow: boolean) => ({
    allow,
    verdict: allow ? 'allow' : 'deny',
    action,
    resource: `drn:astra:org:${db}:db:${db}:keyspace:shop:table:orders`,
    text: `about ${action} on drn:astra:org:${db}:db:${db}:keyspace:shop:table:orders.`,
    rule: allow ? { roleId: role, roleName: 'writers', effect: 'allow', resource: 'drn' } : null,
    change: `change ${action}`,
  });
  const stub = stubApi({
    ...signedIn(['org-role-read']),
    'GET /v2/organizations/roles': [],
    'GET /v2/databases': [{ id: db, info: { name: 'main' } }],
    [`GET /v2/databases/${db}/keyspaces`]: [],
    'POST /v2/explain': {
      allow: false,
      verdict: 'deny',
      text: 'no',
      needs: [need('db-table-modify', true), need('db-table-select', false)],
    },
  });
  renderSignedIn(<ExplainPage />);
  expect(await screen.findByText('1 of 2 things that it needs is refused.')).toBeTruthy();
  expect(stub.bodies['POST /v2/explain']).toEqual({
    roleId: role,
    cql: 'UPDATE shop.orders SET v = 1',
    databaseId: db,
  });
  expect(screen.getByRole('link', { name: 'writers' }).getAttribute('href')).toBe(`/roles/${role}`);
  expect(screen.getByText(/change db-table-select/)).toBeTruthy();
  const sentence = await screen.findByText(/^about db-table-select on table orders in keyspace shop of main/);
  expect(sentence.textContent).toContain(`(drn:astra:org:${db}:db:${db}:keyspace:shop:table:orders).`);
});
