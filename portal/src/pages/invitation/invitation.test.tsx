import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { go } from '../../router/place';
import { SessionProvider } from '../../session/session';
import { json, refusal, signedIn, stubApi } from '../../testing/api_stub';
import '../../testing/render_signed_in';
import InvitationPage from './invitation_page';

const password = 'a long enough sentence';

test('leaving asks once something is typed, and not when it was accepted', async () => {
  let accepted = false;
  stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () =>
      accepted ? json(200, signedIn([])['GET /v2/sessions/current']) : refusal(401, 'no'),
    'POST /v2/invitations/check': { expiresOn: '2026-06-15T13:00:00.000Z' },
    'POST /v2/invitations/accept': () => {
      accepted = true;
      return json(200, { email: 'ada@acme.example' });
    },
    'POST /v2/sessions': {},
  });
  history.replaceState(null, '', '/invitation#secret');
  render(
    <SessionProvider>
      <InvitationPage />
    </SessionProvider>,
  );
  fireEvent.input(await screen.findByLabelText('New password'), { target: { value: password } });
  go('/');
  await screen.findByRole('heading', { name: 'Leave without saving?' });
  expect(location.pathname).toBe('/invitation');
  const unload = new Event('beforeunload', { cancelable: true });
  dispatchEvent(unload);
  expect(unload.defaultPrevented).toBe(true);
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  fireEvent.click(screen.getByRole('button', { name: 'Accept invitation' }));
  await waitFor(() => expect(location.pathname).toBe('/welcome'));
});

test('an invitation that is spent says so at once', async () => {
  stubApi({
    'GET /v2/sessions/current': () => refusal(401, 'no'),
    'POST /v2/invitations/check': () => refusal(404, 'this link was used already'),
  });
  history.replaceState(null, '', '/invitation#spent');
  render(
    <SessionProvider>
      <InvitationPage />
    </SessionProvider>,
  );
  await screen.findByRole('heading', { name: 'This link is not good any more' });
  expect(screen.getByText(/by inviting you again/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Accept invitation' })).toBeNull();
});
