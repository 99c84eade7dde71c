import { fireEvent, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { refusal, signedIn, stubApi } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';
import { Shell } from './shell';

test('who could not be signed out hears it', async () => {
  stubApi({ ...signedIn([]), 'DELETE /v2/sessions/current': () => refusal(503, 'busy') });
  renderSignedIn(<Shell place={{ path: '/', query: new URLSearchParams() }}>page</Shell>);
  fireEvent.click(await screen.findByRole('button', { name: 'Sign out' }));
  await screen.findByRole('heading', { name: 'You are still signed in' });
  expect(screen.getByText('busy')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByText('busy')).toBeNull();
});
