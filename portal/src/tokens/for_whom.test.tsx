import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import NewTokenPage from '../pages/tokens/new_token_page';
import { remember } from '../storage';
import { acme, group, json, signedIn, stubApi } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';

const may = ['enterprise-token-write', 'enterprise-token-read', 'enterprise-read', 'enterprise-role-read'];
const reader = 'd2cfcd63-055c-4a58-b957-8916d4a007a5';
const clientId = 'QwErTyUiOpAsDfGhJkLzXcVb';
const other = '77777777-7777-4777-8777-777777777777';
const database = '66666666-6666-4666-8666-666666666666';
const role = (id: string, name: string, resources: string[] = []) => ({
  id,
  name,
  policy: { effect: 'allow', actions: [], resources },
});

function begin() {
  const asked: [string, string | null][] = [];
  const seen = (reply: (organization: string | null) => Response) => (request: Request) => {
    const organization = request.headers.get('X-Latchkey-Organization');
    asked.push([new URL(request.url).pathname, organization]);
    return reply(organization);
  };
  const known = signedIn(may, [group, acme]);
  const preview = known['POST /v2/policies/preview'] as object;
  const stub = stubApi({
    ...known,
    'POST /v2/policies/preview': seen((organization) =>
      json(200, organization ? { ...preview, summary: 'Reads all.' } : preview),
    ),
    [`GET /v2/enterprises/${group.scope}/organizations`]: [
      { id: acme.scope, name: 'Acme' },
      { id: other, name: 'Elsewhere' },
    ],
    'GET /v2/organizations/roles': seen((organization) =>
      json(
        200,
        organization
          ? [role('r2', 'Orders', [`drn:astra:org:${acme.scope}:db:${database}`])]
          : [role('e1', 'Enterprise Administrator')],
      ),
    ),
    'GET /v2/organizations/settings': seen(() =>
      json(200, { defaultLifetimeSeconds: 7 * 86_400, maximumLifetimeSeconds: null }),
    ),
    'GET /v2/databases': seen((organization) =>
      json(200, organization === acme.scope ? [{ id: database, info: { name: 'shop' } }] : []),
    ),
    'POST /v2/tokens': { clientId, secret: 's', token: 't', roles: [], orgId: 'o', description: '' },
  });
  history.replaceState(null, '', '/tokens/new');
  remember('scope', group.scope);
  renderSignedIn(<NewTokenPage params={{}} query={new URLSearchParams()} />);
  return { stub, asked };
}

async function choose(id: string) {
  await screen.findByRole('option', { name: /Elsewhere/ });
  fireEvent.change(screen.getByLabelText('For whom?'), { target: { value: id } });
}

test('an enterprise makes a token of a member organization, with a role of it', async () => {
  const { stub, asked } = begin();
  await screen.findByLabelText('Enterprise Administrator');
  await choose(acme.scope);
  fireEvent.click(await screen.findByLabelText('Orders'));
  await screen.findByText('Reads all.');
  await screen.findByText('On shop'); // its database by its name, and its own default lifetime
  await screen.findByText(/ends after 7 days/);
  expect(asked).toContainEqual(['/v2/policies/preview', acme.scope]);
  fireEvent.click(screen.getByRole('button', { name: 'Generate Token' }));
  await screen.findByLabelText('Token');
  expect(stub.bodies['POST /v2/tokens']).toMatchObject({ orgId: acme.scope, roles: ['r2'] });
  fireEvent.click(screen.getByRole('button', { name: 'I have stored it' }));
  expect(location.pathname).toBe('/tokens');
});

test('of an organization that the viewer does not belong to, the built-in roles are offered', async () => {
  const { stub, asked } = begin();
  await choose(other);
  fireEvent.click(await screen.findByLabelText('RO User'));
  expect(screen.getByText(/Elsewhere’s own roles are shown/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Generate Token' }));
  await waitFor(() =>
    expect(stub.bodies['POST /v2/tokens']).toMatchObject({ orgId: other, roles: [reader] }),
  );
  expect(asked.map(([, organization]) => organization)).not.toContain(other);
});
