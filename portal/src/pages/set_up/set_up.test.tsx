import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { SessionProvider } from '../../session/session';
import { json, refusal, signedIn, stubApi } from '../../testing/api_stub';
import '../../testing/render_signed_in';
import SetUpPage from './set_up_page';

const password = 'a long enough sentence';
const good = { expiresOn: '2026-06-15T13:00:00.000Z' };

function open(link: string) {
  history.replaceState(null, '', link);
  render(
    <SessionProvider>
      <SetUpPage />
    </SessionProvider>,
  );
}
const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });

test('a link sets the password, leaves the address at once, and signs in by itself', async () => {
  let entered = false;
  const stub = stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () =>
      entered ? json(200, signedIn([])['GET /v2/sessions/current']) : refusal(401, 'no'),
    'GET /v2/set-up': { state: 'ready' },
    'POST /v2/set-up/check': good,
    'POST /v2/set-up': { email: 'ada@acme.example' },
    'POST /v2/sessions': () => {
      entered = true;
      return json(200, {});
    },
  });
  open('/set-up#secret');
  await screen.findByLabelText('New password');
  expect(location.href).not.toContain('secret');
  expect(screen.getByText('0 of 15')).toBeTruthy(); // nobody knows yet of an authenticator
  type('New password', 'short');
  fireEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  await screen.findByText('5 of at least 8 characters.');
  expect(stub.bodies['POST /v2/set-up']).toBeUndefined();
  type('New password', password);
  fireEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  await waitFor(() => expect(location.pathname).toBe('/welcome'));
  expect(stub.bodies['POST /v2/set-up']).toEqual({ secret: 'secret', password });
  expect(stub.bodies['POST /v2/sessions']).toEqual({ email: 'ada@acme.example', password });
});

test('an account with an authenticator is asked for its code', async () => {
  const stub = stubApi({
    'GET /v2/sessions/current': () => refusal(401, 'no'),
    'GET /v2/set-up': { state: 'ready' },
    'POST /v2/set-up/check': good,
    'POST /v2/set-up': { email: 'ada@acme.example' },
    'POST /v2/sessions': () => refusal(401, 'wrong'),
  });
  open('/set-up#secret');
  await screen.findByLabelText('New password');
  type('New password', password);
  fireEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  await screen.findByLabelText('Code from your authenticator');
  type('Code from your authenticator', '123456');
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await screen.findByText('wrong');
  expect(stub.bodies['POST /v2/sessions']).toMatchObject({ code: '123456' });
});

test('a first start founds the organization and waits for the normal door', async () => {
  let founded = false;
  const stub = stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () =>
      founded ? json(200, signedIn([])['GET /v2/sessions/current']) : refusal(404, 'not found'),
    'GET /v2/set-up': () => json(200, { state: founded ? 'ready' : 'first-start' }),
    'POST /v2/set-up/check': good,
    'POST /v2/set-up': () => {
      founded = true;
      return json(200, {});
    },
    'POST /v2/sessions': {},
  });
  open('/set-up#secret');
  await screen.findByLabelText('Name of the organization');
  type('Name of the organization', ' Acme ');
  type('Your e-mail address', 'ada@acme.example');
  type('Your password', password);
  fireEvent.click(screen.getByRole('button', { name: 'Set up and sign in' }));
  await waitFor(() => expect(location.pathname).toBe('/welcome'));
  expect(stub.bodies['POST /v2/set-up']).toEqual({
    secret: 'secret',
    organization: 'Acme',
    administrator: 'ada@acme.example',
    password,
  });
});

test('without a secret the page says where the link is', async () => {
  stubApi({ 'GET /v2/set-up': { state: 'first-start', linkFile: '/var/lib/latchkey/setup-link' } });
  open('/set-up');
  await screen.findByText('/var/lib/latchkey/setup-link');
});

test('a dead link is told before anything is typed, and its secret is gone from the address', async () => {
  const stub = stubApi({
    'GET /v2/sessions/current': () => refusal(401, 'no'),
    'GET /v2/set-up': { state: 'ready' },
    'POST /v2/set-up/check': () => refusal(404, 'this link was used already'),
  });
  open('/set-up#spent');
  await screen.findByRole('heading', { name: 'This link is not good any more' });
  expect(screen.getByText('latchkey user set-up ADDRESS')).toBeTruthy();
  expect(screen.queryByLabelText('New password')).toBeNull();
  expect(location.href).not.toContain('spent');
  expect(stub.bodies['POST /v2/set-up/check']).toEqual({ secret: 'spent' });
});

test('why a password is guessed first stands at its field', async () => {
  stubApi({
    'GET /v2/sessions/current': () => refusal(401, 'no'),
    'GET /v2/set-up': { state: 'ready' },
    'POST /v2/set-up/check': good,
    'POST /v2/set-up': () => refusal(400, 'the password has too few different characters'),
  });
  open('/set-up#secret');
  await screen.findByLabelText('New password');
  type('New password', 'aaaaaaaaaaaaaaaa');
  fireEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  await screen.findByText('The password has too few different characters.');
  const field = screen.getByLabelText('New password');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(document.activeElement).toBe(field);
  expect(screen.queryByRole('alert')).toBeNull();
});
