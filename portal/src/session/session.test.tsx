import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { expect, test } from 'vitest';
import { api, ask } from '../api/client';
import { useDeed } from '../api/use_answer';
import { SESSION_ENDED } from '../api/problem';
import { guardLeaving, leave } from '../router/place';
import { acme, group, json, refusal, signedIn, stubApi } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';

const bob = '55555555-5555-4555-8555-555555555555';

/** A form with a secret in it, as the one that registers a cluster. */
function SomeForm() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const deed = useDeed();
  const send = () =>
    void deed.run(() => ask(() => api.POST('/v2/organizations/roles', { body: { name } as never })));
  return (
    <>
      <TextField label="Name" value={name} onValue={setName} />
      <TextField label="Its password" type="password" value={password} onValue={setPassword} />
      <Button onClick={send}>Send</Button>
      {deed.problem && <p>{deed.problem.message}</p>}
    </>
  );
}

/** Somebody whose session has just ended while they typed; `who` signs in next. */
async function endedWhileTyping(who: string | null) {
  const session = signedIn([])['GET /v2/sessions/current'] as { person: object; csrfToken: string };
  let now: object | null = session;
  const ending = () => json(401, { errors: [{ ID: SESSION_ENDED, message: 'sign in again' }] });
  const csrf: (string | null)[] = [];
  const stub = stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () => (now ? json(200, now) : ending()),
    'POST /v2/sessions': () => {
      if (who === null) return json(401, { errors: [{ ID: 351004, message: 'wrong' }] });
      now = { ...session, csrfToken: 'another', person: { ...session.person, id: who } };
      return json(200, {});
    },
    'POST /v2/organizations/roles': (request) => {
      csrf.push(request.headers.get('X-Latchkey-Csrf'));
      return now ? json(201, {}) : ending();
    },
    'DELETE /v2/sessions/current': () => ending(),
  });
  renderSignedIn(<SomeForm />);
  fireEvent.input(await screen.findByLabelText('Name'), { target: { value: 'typed' } });
  fireEvent.input(screen.getByLabelText('Its password'), { target: { value: 'secret' } });
  now = null;
  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  await screen.findByRole('heading', { name: 'Sign in again' });
  return { stub, csrf, session };
}

const value = (label: string) => screen.getByLabelText<HTMLInputElement>(label).value;
const signIn = () => {
  fireEvent.input(screen.getByLabelText('Password'), { target: { value: 'a password' } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
};

test('what was typed outlives the session, secrets do not, and the click is made again', async () => {
  const { stub, csrf } = await endedWhileTyping('44444444-4444-4444-8444-444444444444');
  expect(value('Its password')).toBe('');
  expect(value('E-mail address')).toBe('ada@acme.example');
  expect(screen.getByLabelText('E-mail address').hasAttribute('readonly')).toBe(true);
  signIn();
  await waitFor(() => expect(screen.queryByRole('heading', { name: 'Sign in again' })).toBeNull());
  await waitFor(() => expect(csrf).toEqual(['csrf', 'another']));
  expect(value('Name')).toBe('typed');
  expect(stub.bodies['POST /v2/organizations/roles']).toEqual({ name: 'typed' });
  expect(screen.queryByText('sign in again')).toBeNull();
});

test('a wrong password keeps the dialog', async () => {
  await endedWhileTyping(null);
  signIn();
  await screen.findByText('wrong');
  expect(screen.getByRole('heading', { name: 'Sign in again' })).toBeTruthy();
  expect(value('Name')).toBe('typed');
});

test('somebody else finds nothing of it, and nothing is sent in their name', async () => {
  history.replaceState(null, '', '/tokens?q=of+somebody');
  const { csrf } = await endedWhileTyping(bob);
  signIn();
  await waitFor(() => expect(screen.queryByRole('heading', { name: 'Sign in again' })).toBeNull());
  expect(value('Name')).toBe('');
  expect(location.pathname + location.search).toBe('/');
  expect(csrf).toHaveLength(1);
});

test('what lies under the sign-in is neither shown nor read out, and comes back with the same person', async () => {
  await endedWhileTyping('44444444-4444-4444-8444-444444444444');
  const page = document.documentElement;
  expect(page.classList.contains('covered')).toBe(true);
  signIn();
  await waitFor(() => expect(page.classList.contains('covered')).toBe(false));
  expect(value('Name')).toBe('typed');
});

test('who is somebody else finds the sign-in, and neither page nor address of the other', async () => {
  history.replaceState(null, '', '/tokens?q=of+somebody');
  const { csrf } = await endedWhileTyping(bob);
  fireEvent.click(screen.getByRole('button', { name: 'Sign in as somebody else' }));
  await screen.findByText('out');
  expect(screen.queryByLabelText('Name')).toBeNull();
  expect(location.pathname + location.search).toBe('/');
  expect(document.documentElement.classList.contains('covered')).toBe(false);
  expect(csrf).toHaveLength(1);
});

test('a proof that is waited for does not outlive whoever was asked for it', async () => {
  const session = signedIn([])['GET /v2/sessions/current'] as object;
  let now: object | null = session;
  const ending = () => json(401, { errors: [{ ID: SESSION_ENDED, message: 'sign in again' }] });
  stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () => (now ? json(200, now) : ending()),
    'POST /v2/organizations/roles': () =>
      json(403, { errors: [{ ID: 351001, message: 'confirm your password again' }] }),
    'POST /v2/sessions/current/proof': ending,
    'POST /v2/sessions': () => {
      now = session;
      return json(200, {});
    },
  });
  renderSignedIn(<SomeForm />);
  fireEvent.click(await screen.findByRole('button', { name: 'Send' }));
  await screen.findByRole('heading', { name: 'Confirm that it is you' });
  fireEvent.input(screen.getByLabelText('Password'), { target: { value: 'a password' } });
  now = null;
  fireEvent.click(screen.getByRole('button', { name: 'Confirm' }));
  await screen.findByRole('heading', { name: 'Sign in again' });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in as somebody else' }));
  await screen.findByText('out');
  expect(screen.queryByRole('heading')).toBeNull();
  now = session;
  fireEvent.click(screen.getByRole('button', { name: 'enter' }));
  await screen.findByLabelText('Name');
  expect(screen.queryByRole('heading', { name: 'Confirm that it is you' })).toBeNull();
});

test('signed in again in another tab, this one goes on by itself', async () => {
  const session = signedIn([])['GET /v2/sessions/current'] as object;
  let asked = 0;
  const csrf: (string | null)[] = [];
  stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () => json(200, { ...session, csrfToken: `csrf ${asked++}` }),
    'POST /v2/organizations/roles': (request) => {
      csrf.push(request.headers.get('X-Latchkey-Csrf'));
      if (csrf.length > 1) return json(201, {});
      return json(403, { errors: [{ ID: 351002, message: 'not from this page' }] });
    },
  });
  renderSignedIn(<SomeForm />);
  fireEvent.click(await screen.findByRole('button', { name: 'Send' }));
  await waitFor(() => expect(csrf).toEqual(['csrf 0', 'csrf 1']));
  expect(screen.queryByRole('heading', { name: 'Sign in again' })).toBeNull();
});

test('a refusal for want of a permission ends no session', async () => {
  stubApi({ ...signedIn([]), 'POST /v2/organizations/roles': () => refusal(403, 'missing it') });
  renderSignedIn(<SomeForm />);
  fireEvent.click(await screen.findByRole('button', { name: 'Send' }));
  await screen.findByText('missing it');
  expect(screen.queryByRole('heading', { name: 'Sign in again' })).toBeNull();
});

test('who comes back to another organization only: nothing that waited is done there', async () => {
  const before = signedIn([], [acme, group])['GET /v2/sessions/current'] as { memberships: object[] };
  let now: object | null = before;
  const ending = () => json(401, { errors: [{ ID: SESSION_ENDED, message: 'sign in again' }] });
  const places: (string | null)[] = [];
  stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () => (now ? json(200, now) : ending()),
    'POST /v2/sessions': () => {
      now = { ...before, memberships: before.memberships.slice(1) };
      return json(200, {});
    },
    'POST /v2/organizations/roles': (request) => {
      places.push(
        request.headers.get('X-Latchkey-Organization') ?? request.headers.get('X-Latchkey-Enterprise'),
      );
      return now ? json(201, {}) : ending();
    },
  });
  renderSignedIn(<SomeForm />);
  await screen.findByLabelText('Name');
  now = null;
  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  await screen.findByRole('heading', { name: 'Sign in again' });
  signIn();
  await waitFor(() => expect(screen.queryByRole('heading', { name: 'Sign in again' })).toBeNull());
  await screen.findByText('sign in again');
  expect(places).toEqual([acme.scope]);
});

test('a look that fails leaves the calls of the page where they act', async () => {
  const session = signedIn([])['GET /v2/sessions/current'] as object;
  let fails = false;
  const places: (string | null)[] = [];
  stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () => (fails ? refusal(503, 'not ready') : json(200, session)),
    'POST /v2/organizations/roles': () =>
      json(403, { errors: [{ ID: 351002, message: 'not from this page' }] }),
    'GET /v2/tokens': (request) => {
      places.push(request.headers.get('X-Latchkey-Organization'));
      return json(200, { clients: [] });
    },
  });
  renderSignedIn(<SomeForm />);
  await screen.findByLabelText('Name');
  fails = true;
  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  await screen.findByText('not from this page');
  await ask(() => api.GET('/v2/tokens'));
  expect(places).toEqual([acme.scope]);
});

/** As recovery codes are shown: nothing may cover it. */
function ShownOnce() {
  useLayoutEffect(() => guardLeaving((go) => go(), true), []);
  return <Button onClick={() => leave(() => undefined)}>Stored</Button>;
}

test('what could not be covered when the session ended is not covered once there is one again', async () => {
  const session = signedIn([])['GET /v2/sessions/current'] as object;
  let now: object | null = session;
  let posts = 0;
  const ending = () => json(401, { errors: [{ ID: SESSION_ENDED, message: 'sign in again' }] });
  stubApi({
    ...signedIn([]),
    'GET /v2/sessions/current': () => (now ? json(200, now) : ending()),
    'GET /v2/tokens': () => (now ? json(200, { clients: [] }) : ending()),
    'POST /v2/organizations/roles': () =>
      posts++ ? json(201, {}) : json(403, { errors: [{ ID: 351002, message: 'not from this page' }] }),
  });
  renderSignedIn(
    <>
      <SomeForm />
      <ShownOnce />
    </>,
  );
  await screen.findByLabelText('Name');
  now = null;
  const asking = ask(() => api.GET('/v2/tokens'));
  await screen.findByText('the session has ended');
  now = session; // signed in again in another tab
  fireEvent.click(screen.getByRole('button', { name: 'Send' }));
  expect(await asking).toEqual({ clients: [] });
  fireEvent.click(screen.getByRole('button', { name: 'Stored' }));
  await new Promise((resolve) => setTimeout(resolve));
  expect(screen.queryByRole('heading', { name: 'Sign in again' })).toBeNull();
});
