import { fireEvent, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { json, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import UsersPage from './users_page';

const role = { ID: 'd2cfcd63-055c-4a58-b957-8916d4a007a5', Name: 'RO User' };
const bob = { UserID: '66666666-6666-4666-8666-666666666666', Email: 'bob@acme.example', Status: 'active' };
const replies = {
  ...signedIn(['org-user-read', 'org-user-write', 'org-token-read', 'org-role-read']),
  'GET /v2/organizations/users': { OrgID: '', OrgName: 'Acme', Users: [{ ...bob, Roles: [role] }] },
  'GET /v2/organizations/roles': [
    { id: role.ID, name: role.Name, policy: { effect: 'allow', actions: [], resources: [] } },
  ],
};
const page = () => <UsersPage params={{}} query={new URLSearchParams()} />;

test('removing says which tokens stay, before and after', async () => {
  const stub = stubApi({
    ...replies,
    'GET /v2/tokens': { clients: [{ clientId: 'QwErTyUiOpAsDfGhJkLzXcVb', description: 'orders' }] },
    [`DELETE /v2/organizations/users/${bob.UserID}`]: () =>
      json(204, null, {
        'X-Latchkey-Tokens-Made': '1',
        'X-Latchkey-Token-Ids': 'QwErTyUiOpAsDfGhJkLzXcVb',
      }),
  });
  renderSignedIn(page());
  fireEvent.click(await screen.findByRole('button', { name: 'More for bob@acme.example' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'Remove' }));
  await screen.findByText(/orders/);
  expect(stub.calls).toContain(`GET /v2/tokens?createdBy=${bob.UserID}&limit=20`);
  fireEvent.click(screen.getByRole('button', { name: 'Remove User' }));
  await screen.findByText(/One token that they made stays/);
  expect(screen.getByRole('link', { name: 'QwErTyUiOpAsDfGhJkLzXcVb' })).toBeTruthy();
});

test('an invitation gives its link once', async () => {
  const link = 'https://keys.acme.example/invitation#secret';
  const stub = stubApi({
    ...replies,
    'PUT /v2/organizations/users': { ...bob, Status: 'invited', Roles: [role], invitationLink: link },
  });
  renderSignedIn(page());
  fireEvent.click(await screen.findByRole('button', { name: 'Invite User' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Invite' }));
  await screen.findByText('Choose at least one role.');
  const email = screen.getByLabelText('E-mail address');
  fireEvent.input(email, { target: { value: ' BOB@acme.example ' } });
  await screen.findByText('They are here already; change their roles in the list.');
  fireEvent.input(email, { target: { value: 'eve@acme.example' } });
  fireEvent.click(await screen.findByLabelText('RO User'));
  fireEvent.click(screen.getByRole('button', { name: 'Invite' }));
  expect(
    (await screen.findByLabelText<HTMLInputElement>('Invitation link', { selector: 'input' })).value,
  ).toBe(link);
  expect(stub.bodies['PUT /v2/organizations/users']).toEqual({ email: 'eve@acme.example', roles: [role.ID] });
  fireEvent.click(screen.getByRole('button', { name: 'I have handed it over' }));
  expect(document.body.innerHTML).not.toContain('secret');
});
