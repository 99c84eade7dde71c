import { configure, fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { json, refusal, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import RoleEditorPage from './role_editor_page';

// The whole editor in jsdom takes its time on a busy machine; waiting ends as soon as what is waited for is there.
vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 20_000 });

const id = '7d0f1a52-1111-4c58-8957-8916d4a007a5';
const path = `/v2/organizations/roles/${id}`;
const foreign = 'drn:astra:org:99999999-9999-4999-8999-999999999999:db:*';

const role = (actions: string[]) => ({
  id,
  name: 'readers',
  policy: {
    description: '',
    effect: 'allow',
    actions,
    resources: [foreign, 'drn:astra:org:__ORG_ID__:db:*'],
  },
  last_update_date_time: '2026-06-15T12:00:00.000Z',
  last_update_user_id: 'somebody',
});
const review = {
  gained: [],
  lost: [{ resource: 'drn', level: 'database', databaseName: 'shop', actions: ['db-cql'] }],
  tokens: 3,
  clientIds: [],
  members: 0,
  openSessions: 2,
  refused: null,
  truncated: false,
};

/** A daemon in which somebody else saves the role after it was read. */
function overtaken() {
  const versions: (string | null)[] = [];
  let current = { actions: ['db-cql', 'org-db-view'], version: '"1"' };
  const stub = stubApi({
    ...signedIn(['org-role-write', 'org-role-read']),
    [`GET ${path}`]: () => json(200, role(current.actions), { ETag: current.version }),
    'GET /v2/organizations/roles': [],
    'GET /v2/databases': [],
    'POST /v2/policies/review': review,
    [`PUT ${path}`]: (request) => {
      const version = request.headers.get('If-Match');
      versions.push(version);
      if (version === '"2"') return new Response(null, { status: 200, headers: { 'Content-Length': '0' } });
      current = { actions: ['db-cql', 'org-db-view', 'db-rest'], version: '"2"' };
      return refusal(412, 'somebody else was faster');
    },
  });
  return { stub, versions };
}

const edit = () => renderSignedIn(<RoleEditorPage params={{ roleId: id }} query={new URLSearchParams()} />);

test('a change is reviewed, and saved over nobody else’s without being seen', async () => {
  const { stub, versions } = overtaken();
  edit();
  fireEvent.click(await screen.findByLabelText(/View DB/));
  fireEvent.click(screen.getByRole('button', { name: 'Review and save' }));
  await screen.findByText(/3 tokens may do, and 2 open CQL sessions at once/);
  expect(stub.bodies['POST /v2/policies/review']).toMatchObject({
    roleId: id,
    policy: { actions: ['db-cql'] },
  });
  expect(stub.calls).not.toContain(`PUT ${path}`);

  fireEvent.click(screen.getByRole('button', { name: 'Save Role' }));
  await screen.findByText('Action added: db-rest');
  fireEvent.click(screen.getByRole('button', { name: 'Go on with mine' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Save Role' }));
  await waitFor(() => expect(location.pathname).toBe(`/roles/${id}`));
  expect(versions).toEqual(['"1"', '"2"']);
});

test('lines that the tree has no place for are shown, and saved as they were', async () => {
  const { stub } = overtaken();
  edit();
  expect(await screen.findByText(foreign)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Review and save' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Save Role' }));
  await screen.findByText('Somebody else was faster');
  expect(stub.bodies[`PUT ${path}`]).toMatchObject({ policy: { resources: role([]).policy.resources } });
});

test('a mistake in the JSON is told at its place and keeps the role from being saved', async () => {
  overtaken();
  edit();
  fireEvent.click(await screen.findByRole('tab', { name: 'JSON' }));
  const area = screen.getByRole('textbox', { name: 'The role as JSON' });
  const text = (area as HTMLTextAreaElement).value.replace('"db-cql"', '"db-cqll"');
  fireEvent.input(area, { target: { value: text } });
  expect(await screen.findByText(/Line 7, column 7: “db-cqll” is no action/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Review and save' }));
  await screen.findByRole('alert');
  expect(screen.queryByRole('button', { name: 'Save Role' })).toBeNull();
});
