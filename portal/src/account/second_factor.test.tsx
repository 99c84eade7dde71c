import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { go } from '../router/place';
import { api, ask } from '../api/client';
import { SESSION_ENDED } from '../api/problem';
import { json, signedIn, stubApi } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';
import { darkModules } from './qr_code';
import { SecondFactor } from './second_factor';

const codes = ['abcd-efgh-ijkm-npqa', 'abcd-efgh-ijkm-npqb'];
const offer = { secret: 'GEZDGNBVGY3TQOJQ', uri: 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ', enrolment: 'e' };

test('an authenticator is shown as text, confirmed by its code, and its recovery codes stay until stored', async () => {
  const stub = stubApi({
    ...signedIn([]),
    'POST /v2/person/totp': offer,
    'PUT /v2/person/totp': { recoveryCodes: codes },
  });
  renderSignedIn(<SecondFactor />);
  fireEvent.click(await screen.findByRole('button', { name: 'Set up an authenticator' }));
  await screen.findByText('GEZD GNBV GY3T QOJQ');
  fireEvent.input(screen.getByLabelText('Code that it shows now'), { target: { value: '123 456' } });
  fireEvent.click(screen.getByRole('button', { name: 'Confirm authenticator' }));
  await screen.findByText(codes[0] ?? '');
  expect(stub.bodies['PUT /v2/person/totp']).toEqual({ enrolment: 'e', code: '123456' });

  const sessionReads = () => stub.calls.filter((call) => call === 'GET /v2/sessions/current').length;
  expect(sessionReads()).toBe(1);
  go('/tokens');
  await screen.findByRole('heading', { name: 'Leave without the codes?' });
  expect(location.pathname).toBe('/');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  fireEvent.click(screen.getByRole('button', { name: 'I have stored them' }));
  await waitFor(() => expect(sessionReads()).toBe(2));
  expect(screen.queryByText(codes[0] ?? '')).toBeNull();
});

test('recovery codes outlive the session until they are stored; then it is asked for again', async () => {
  const reply = signedIn([]);
  const session = reply['GET /v2/sessions/current'];
  (session as { person: { secondFactor: boolean } }).person.secondFactor = true;
  let ended = false;
  const ending = () => json(401, { errors: [{ ID: SESSION_ENDED, message: 'ended' }] });
  stubApi({
    ...reply,
    'GET /v2/sessions/current': () => (ended ? ending() : json(200, session)),
    'POST /v2/person/recovery-codes': { recoveryCodes: codes },
    'GET /v2/tokens': () => (ended ? ending() : json(200, { clients: [] })),
    'POST /v2/sessions': () => {
      ended = false;
      return json(200, {});
    },
  });
  renderSignedIn(<SecondFactor />);
  fireEvent.click(await screen.findByRole('button', { name: 'New recovery codes' }));
  await screen.findByText(codes[0] ?? '');
  ended = true;
  const asking = ask(() => api.GET('/v2/tokens'));
  await screen.findByText('the session has ended');
  expect(screen.getByText(codes[0] ?? '')).toBeTruthy();
  expect(screen.queryByRole('heading', { name: 'Sign in again' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'I have stored them' }));
  await screen.findByRole('heading', { name: 'Sign in again' });
  expect(screen.queryByText(codes[0] ?? '')).toBeNull();
  fireEvent.input(screen.getByLabelText('Password'), { target: { value: 'a password' } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await asking).toEqual({ clients: [] });
});

test('a code is drawn by its dark modules', () => {
  expect(darkModules(2, (x, y) => x === y)).toBe('M0 0h1v1h-1zM1 1h1v1h-1z');
});
