import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { go } from '../../router/place';
import { App } from '../../app';
import { SESSION_ENDED } from '../../api/problem';
import { json, refusal, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import * as files from '../../ui/download';
import NewTokenPage from './new_token_page';

const reader = 'd2cfcd63-055c-4a58-b957-8916d4a007a5';
const clientId = 'QwErTyUiOpAsDfGhJkLzXcVb';
const token = `AstraCS:${clientId}:${'0123456789abcdef'.repeat(4)}`;
const made = {
  clientId,
  secret: '+secret-of-the-token',
  token,
  orgId: 'o',
  roles: [reader],
  generatedOn: '2026-06-15T12:00:00Z',
  tokenExpiry: null,
  description: 'reporting',
};
const role = (id: string, name: string) => ({
  id,
  name,
  policy: {
    effect: 'allow',
    actions: ['db-table-select'],
    resources: ['drn:astra:org:__ORG_ID__:db:*:keyspace:*:table:*'],
  },
});
const database = {
  id: '66666666-6666-4666-8666-666666666666',
  cqlAddress: '10.0.0.9:9142',
  info: { name: 'shop', datacenters: [{ name: 'dc7' }] },
};

function begin(link: string) {
  history.replaceState(null, '', link);
  const stub = stubApi({
    ...signedIn(['org-token-write', 'org-role-read', 'org-role-write', 'org-read', 'org-db-view']),
    'GET /v2/organizations/roles': [role(reader, 'RO User'), role('r2', 'Orders')],
    'GET /v2/organizations/settings': { defaultLifetimeSeconds: null, maximumLifetimeSeconds: null },
    'GET /v2/databases': [database],
    'POST /v2/tokens': () => json(200, made),
  });
  renderSignedIn(<NewTokenPage params={{}} query={new URLSearchParams(location.search)} />);
  return stub;
}

async function make() {
  fireEvent.click(await screen.findByRole('button', { name: 'Generate Token' }));
  return screen.findByLabelText<HTMLTextAreaElement>('Token');
}

test('a link fills the form, choosing shows what a role permits, and what is made is what was said', async () => {
  const stub = begin(`/tokens/new?role=${reader}&expires=30d&description=reporting`);
  expect((await screen.findByLabelText<HTMLInputElement>('RO User')).checked).toBe(true);
  expect(screen.getByLabelText<HTMLSelectElement>('Expiration').value).toBe('30d');
  expect(screen.getByText('On every table in every keyspace of every database')).toBeTruthy();
  fireEvent.click(screen.getByLabelText('Orders'));
  expect(
    await screen.findByText(
      /has the roles \u2068RO User\u2069 and \u2068Orders\u2069 and ends after 30 days/,
    ),
  ).toBeTruthy();
  await make();
  const body = stub.bodies['POST /v2/tokens'] as {
    roles: string[];
    tokenExpiry: string;
    description: string;
  };
  expect(body).toMatchObject({ roles: [reader, 'r2'], description: 'reporting' });
  expect(Math.abs(Date.parse(body.tokenExpiry) - Date.now() - 30 * 86_400_000)).toBeLessThan(60_000);
});

test('never expire is the first choice, and says nothing to the API', async () => {
  const stub = begin(`/tokens/new?role=${reader}`);
  expect(await screen.findByText('Never expire')).toBeTruthy();
  await make();
  expect(stub.bodies['POST /v2/tokens']).toEqual({ roles: [reader], description: '' });
});

test('without a role there is a reason instead of a token', async () => {
  const stub = begin('/tokens/new');
  const button = await screen.findByRole('button', { name: 'Generate Token' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(screen.getByRole('tooltip').textContent).toBe('Choose a role first.');
  fireEvent.click(button);
  expect(stub.calls).not.toContain('POST /v2/tokens');
});

test('the token is shown with this gateway in the snippets, and is nowhere but on the page', async () => {
  begin(`/tokens/new?role=${reader}`);
  const field = await make();
  expect(field.value).toBe(token);
  expect(field.readOnly).toBe(true);
  await waitFor(() => expect(screen.getByText(/cqlsh 10\.0\.0\.9 9142 -u token -p/)).toBeTruthy());
  fireEvent.click(screen.getByRole('tab', { name: 'Node.js' }));
  expect(screen.getByText(/localDataCenter: 'dc7'/)).toBeTruthy();
  const kept = [
    location.href,
    JSON.stringify(history.state),
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
  ];
  for (const place of kept) expect(place).not.toContain(clientId);
});

test('every file holds the token as it is', async () => {
  begin(`/tokens/new?role=${reader}`);
  await make();
  const saved = vi.spyOn(files, 'download').mockImplementation(() => undefined);
  for (const kind of ['CSV', 'JSON', '.env', 'cqlshrc'])
    fireEvent.click(screen.getByRole('button', { name: `Download ${kind}` }));
  expect(saved).toHaveBeenCalledTimes(4);
  for (const [, , text] of saved.mock.calls) expect(text).toContain(token);
  expect(saved.mock.calls[0]?.[2]).toContain('"+secret-of-the-token"');
});

test('leaving asks; Escape stays; storing it leads to the token, and the secret is gone', async () => {
  begin(`/tokens/new?role=${reader}`);
  await make();
  go('/roles');
  const dialog = await screen.findByRole('dialog');
  expect(location.pathname).toBe('/tokens/new');
  fireEvent(dialog, new Event('cancel', { cancelable: true }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.getByLabelText<HTMLTextAreaElement>('Token').value).toBe(token);
  fireEvent.click(screen.getByRole('button', { name: 'I have stored it' }));
  expect(location.pathname).toBe(`/tokens/${clientId}`);
  await waitFor(() => expect(document.body.innerHTML).not.toContain(token));
  go('/roles');
  expect(location.pathname).toBe('/roles');
});

test('a session that ends takes the token away only when it is left', async () => {
  let ended = false;
  const endedAnswer = () => json(401, { errors: [{ ID: SESSION_ENDED, message: 'the session has ended' }] });
  history.replaceState(null, '', `/tokens/new?role=${reader}`);
  const signed = signedIn(['org-token-write', 'org-role-read', 'org-db-view']);
  const session = signed['GET /v2/sessions/current'];
  stubApi({
    ...signed,
    'GET /v2/sessions/current': () => (ended ? endedAnswer() : json(200, session)),
    'GET /v2/organizations/roles': [role(reader, 'RO User')],
    'GET /v2/databases': () => (ended ? endedAnswer() : json(200, [])),
    'POST /v2/tokens': () => {
      ended = true;
      return json(200, made);
    },
  });
  render(<App />);
  await make();
  expect((await screen.findByRole('alert')).textContent).toContain('Your session has ended.');
  expect(screen.getByLabelText<HTMLTextAreaElement>('Token').value).toBe(token);
  fireEvent.click(screen.getByRole('button', { name: 'I have stored it' }));
  await screen.findByRole('heading', { name: 'Sign in again' });
  expect(document.body.innerHTML).not.toContain(token);
  expect(location.pathname).toBe(`/tokens/${clientId}`);
});

test('a lost answer is asked for again as it was, and another wish is another one', async () => {
  const sent: [string | null, string][] = [];
  let answers = [
    () => Promise.reject(new TypeError('lost')),
    () => json(409, lostAnswer),
    () => json(200, made),
  ];
  const lostAnswer = {
    errors: [{ ID: 1, message: `used before and its answer is gone; it made ${clientId}` }],
  };
  begin(`/tokens/new?role=${reader}&expires=30d`);
  const usual = fetch;
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method !== 'POST' || !request.url.endsWith('/v2/tokens')) return usual(request);
    sent.push([request.headers.get('Idempotency-Key'), await request.text()]);
    const [answer, ...later] = answers;
    answers = later;
    return answer?.();
  });
  const button = await screen.findByRole('button', { name: 'Generate Token' });
  fireEvent.click(button);
  await screen.findByText(/cannot be reached/);
  fireEvent.click(button);
  await screen.findByText(new RegExp(`The token ${clientId} was made the first time`));
  expect(sent[1]).toEqual(sent[0]);
  expect(sent[0]?.[0]).toMatch(/^[0-9a-f-]{36}$/);
  await make();
  expect(sent[2]?.[0]).not.toBe(sent[0]?.[0]);
});

test('who may not make tokens reads at once what is missing, even where the roles cannot be read', async () => {
  history.replaceState(null, '', '/tokens/new');
  stubApi({ ...signedIn(['org-token-read']), 'GET /v2/organizations/roles': () => refusal(403, 'no') });
  renderSignedIn(<NewTokenPage params={{}} query={new URLSearchParams()} />);
  const note = await screen.findByText(/^You cannot make a token here\./);
  expect(note.textContent).toContain('“Write Token” (org-token-write)');
  expect(note.textContent).toContain('Acme');
  expect(screen.queryByText(/no/, { selector: 'strong' })).toBeNull(); // one reason, not two
});

test('of a day that is over no sentence says what the token will be', async () => {
  const stub = begin(`/tokens/new?role=${reader}&expires=2020-01-01&description=a%E2%80%AEb`);
  const day = await screen.findByLabelText('Last day');
  expect(day.getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByText('That day is over: the token would never be of use.')).toBeTruthy();
  expect(screen.getByText(/control character U\+202E/)).toBeTruthy();
  expect(screen.queryByText(/has the role/)).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Generate Token' }));
  expect(stub.calls).not.toContain('POST /v2/tokens');
});
