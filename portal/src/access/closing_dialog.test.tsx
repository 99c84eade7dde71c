import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { signedIn, stubApi } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';
import { AccessListEditor } from './access_list_editor';
import { closedByToken } from './closing_dialog';
import { draftOf } from './draft';

const clientId = 'QwErTyUiOpAsDfGhJkLzXcVb';
const closed = (address: string, of = clientId) => ({
  clientId: of,
  address,
  driver: null,
  since: '2026-06-15T12:00:00.000Z',
});

test('sessions are counted by their token, most first, each address once', () => {
  const other = 'AbErTyUiOpAsDfGhJkLzXcVb';
  expect(
    closedByToken([
      closed('192.0.2.1', other),
      closed('192.0.2.2'),
      closed('192.0.2.2'),
      closed('192.0.2.3'),
    ]),
  ).toEqual([
    { clientId, sessions: 3, addresses: ['192.0.2.2', '192.0.2.3'] },
    { clientId: other, sessions: 1, addresses: ['192.0.2.1'] },
  ]);
});

test('a list that closes sessions is saved only after it was said whose', async () => {
  stubApi({ ...signedIn([]), [`GET /v2/tokens/${clientId}`]: { clientId, description: 'web shop' } });
  const save = vi.fn(() => Promise.resolve());
  let closing = 1;
  renderSignedIn(
    <AccessListEditor
      initial={draftOf({ addresses: [], configurations: { accessListEnabled: true } })}
      door="this database"
      disabledReason={undefined}
      preview={() =>
        Promise.resolve({ openSessions: 2, closing, sessions: closing ? [closed('192.0.2.1')] : [] })
      }
      save={save}
      onSaved={() => undefined}
    />,
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Save' }));
  await screen.findByText('web shop');
  expect(screen.getByText(/1 session from 192\.0\.2\.1/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(save).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Save and close them' }));
  await waitFor(() => expect(save).toHaveBeenCalledTimes(1));
  closing = 0;
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(save).toHaveBeenCalledTimes(2));
});
