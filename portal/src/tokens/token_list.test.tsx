import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { group, json, signedIn, stubApi } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';
import * as files from '../ui/download';
import { TokenList } from './token_list';

const all = ['org-token-read', 'org-token-write', 'org-role-read', 'org-user-read'];
const ids = ['A', 'B', 'C'].map((letter) => letter.repeat(24));
const token = (clientId: string, change = {}) => ({
  clientId,
  roles: ['r1'],
  generatedOn: '2026-01-01T00:00:00.000Z',
  description: `service ${clientId.charAt(0)}`,
  tokenExpiry: null,
  effectiveExpiry: null,
  status: 'active',
  createdBy: 'operator uid=0',
  lastUsedAt: null,
  openSessions: 0,
  ...change,
});
/** Pages of one token each. */
const pages = (request: Request) => {
  const query = new URL(request.url).searchParams;
  const at = ids.indexOf(query.get('starting_after') ?? '') + 1;
  const here = ids[at];
  const headers = {
    'X-Latchkey-Total': '3',
    ...(at < 2 && { Link: `</v2/tokens?starting_after=${here}>; rel="next"` }),
  };
  return json(200, { clients: here ? [token(here)] : [] }, headers);
};
const replies = {
  ...signedIn(all),
  'GET /v2/tokens': pages,
  'GET /v2/organizations/roles': [{ id: 'r1', name: 'RO User' }],
  'GET /v2/organizations/users': { Users: [] },
};

test('what the address says is asked for, and a filter goes into the address', async () => {
  history.replaceState(null, '', '/tokens?q=orders&status=unused');
  const { calls } = stubApi(replies);
  renderSignedIn(<TokenList />);
  await screen.findByText('3 tokens found', { selector: '.list-head p' });
  expect(calls).toContain('GET /v2/tokens?q=orders&status=unused&sort=-generatedOn&limit=50');
  fireEvent.change(screen.getByLabelText('State'), { target: { value: 'expired' } });
  expect(location.search).toBe('?q=orders&status=expired');
});

test('pages go on by the Link header, back to the one before, and j chooses a row', async () => {
  history.replaceState(null, '', '/tokens');
  stubApi(replies);
  renderSignedIn(<TokenList />);
  fireEvent.click(await screen.findByText('Next page'));
  expect(location.search).toBe(`?after=${ids[0]}`);
  await screen.findByText('service B');
  fireEvent.keyDown(document.body, { key: 'j' });
  await waitFor(() => expect(document.querySelector('tr.selected')?.textContent).toContain('service B'));
  fireEvent.click(screen.getByText('Previous page'));
  await screen.findByText('service A');
});

test('an export holds every page', async () => {
  history.replaceState(null, '', '/tokens');
  const saved = vi.spyOn(files, 'download').mockImplementation(() => undefined);
  const { calls } = stubApi(replies);
  renderSignedIn(<TokenList />);
  fireEvent.click(await screen.findByRole('button', { name: 'Export' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'JSON' }));
  await waitFor(() => expect(saved).toHaveBeenCalled());
  const written = JSON.parse(saved.mock.calls[0]?.[2] ?? '') as { clientId: string }[];
  expect(written.map((one) => one.clientId)).toEqual(ids);
  expect(calls.filter((call) => call.includes('limit=1000'))).toHaveLength(3);
});

test('deleting names the token and what ends, and takes along what it made only when asked to', async () => {
  history.replaceState(null, '', '/tokens');
  const { calls } = stubApi({
    ...replies,
    [`GET /v2/tokens/${ids[0]}`]: token(ids[0] ?? '', {
      lastUsedAt: new Date().toISOString(),
      openSessions: 41,
    }),
    'POST /v2/tokens/revoke': { count: 2, clientIds: ids.slice(1) },
    [`DELETE /v2/tokens/${ids[0]}`]: () => json(204, null),
  });
  renderSignedIn(<TokenList />);
  fireEvent.click(await screen.findByRole('button', { name: 'More about service A' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'Delete' }));
  await screen.findByText('Used just now, 41 open sessions will be closed.');
  expect(document.activeElement?.textContent).toBe('Cancel');
  fireEvent.click(await screen.findByLabelText('and everything it made: 2 tokens'));
  fireEvent.click(screen.getByRole('button', { name: 'Delete Token' }));
  await waitFor(() => expect(calls).toContain(`DELETE /v2/tokens/${ids[0]}?createdTokens=true`));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('an enterprise has Delete on the row', async () => {
  history.replaceState(null, '', '/tokens');
  stubApi({ ...replies, ...signedIn(['enterprise-token-read', 'enterprise-token-write'], [group]) });
  renderSignedIn(<TokenList />);
  expect(await screen.findByRole('button', { name: 'Delete service A' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'More about service A' })).toBeNull();
});

test('who may not write hears why, and sees the list all the same', async () => {
  history.replaceState(null, '', '/tokens');
  stubApi({ ...replies, ...signedIn(['org-token-read']) });
  renderSignedIn(<TokenList />);
  fireEvent.click(await screen.findByRole('button', { name: 'More about service A' }));
  expect(screen.getByRole('menuitem', { name: /Delete/ }).textContent).toContain('org-token-write');
});

test('where there is none, three cards lead to filled forms', async () => {
  history.replaceState(null, '', '/tokens');
  stubApi({ ...replies, 'GET /v2/tokens': () => json(200, { clients: [] }, { 'X-Latchkey-Total': '0' }) });
  renderSignedIn(<TokenList />);
  const reading = await screen.findByText('Make a reading token');
  expect(reading.getAttribute('href')).toBe(
    '/tokens/new?role=d2cfcd63-055c-4a58-b957-8916d4a007a5&expires=90d&description=reporting',
  );
  expect(screen.getAllByRole('heading', { level: 3 })).toHaveLength(3);
});

test('who made a token is told by description, by address, or by the beginning of a client id', async () => {
  history.replaceState(null, '', '/tokens');
  const [a = '', b = '', c = ''] = ids;
  const clients = [token(a, { createdBy: b }), token(b, { createdBy: c }), token('D'.repeat(24))];
  stubApi({ ...replies, 'GET /v2/tokens': { clients } });
  renderSignedIn(<TokenList />);
  const made = await screen.findAllByText('service B');
  expect(made.map((link) => link.getAttribute('href'))).toEqual([`/tokens/${b}`, `/tokens/${b}`]);
  expect(screen.getByRole('link', { name: `token ${c}` }).textContent).toBe('CCCCCCCC…');
});
