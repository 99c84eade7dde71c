import { render, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { App } from './app';
import { refusal, stubApi } from './testing/api_stub';
import './testing/render_signed_in';

test('who is lost reads so without signing in', async () => {
  history.replaceState(null, '', '/nope');
  stubApi({ 'GET /v2/sessions/current': () => refusal(401, 'no') });
  render(<App />);
  await screen.findByRole('heading', { name: 'There is no such page' });
  expect(screen.queryByLabelText('Password')).toBeNull();
});
