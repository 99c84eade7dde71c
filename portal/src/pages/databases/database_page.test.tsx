import { screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import DatabasePage from './database_page';

const id = '9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11';

test('of a cluster that is no longer registered the page says so, and offers nothing', async () => {
  const former = {
    id,
    info: { name: 'shop' },
    status: 'TERMINATED',
    terminationTime: '2026-01-31T12:00:00Z',
  };
  stubApi({ ...signedIn([]), [`GET /v2/databases/${id}`]: former });
  renderSignedIn(<DatabasePage params={{ id }} query={new URLSearchParams()} />);
  await screen.findByRole('heading', { level: 2, name: 'This cluster is no longer registered' });
  expect(screen.queryByRole('button')).toBeNull();
  expect(screen.queryByRole('tab')).toBeNull();
});
