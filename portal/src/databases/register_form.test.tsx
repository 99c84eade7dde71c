import { fireEvent, screen } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { refusal, signedIn, stubApi } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';
import { RegisterForm } from './register_form';

test('a name that is taken is not taken for the cluster that is waited for', async () => {
  const onRegistered = vi.fn();
  const stub = stubApi({
    ...signedIn(['org-db-create', 'org-db-view']),
    'GET /v2/databases': [{ id: '55555555-5555-4555-8555-555555555555', info: { name: 'Shop' } }],
    'POST /v2/databases': () => refusal(403, 'on its machine: `latchkey db add`'),
  });
  renderSignedIn(<RegisterForm onRegistered={onRegistered} />);
  fireEvent.input(await screen.findByLabelText('Name'), { target: { value: ' shop' } });
  for (const button of ['Show the command', 'Register cluster']) {
    fireEvent.click(screen.getByRole('button', { name: button }));
    await screen.findByText('There is a database called Shop already.');
    expect(screen.queryByText(/Waiting for/)).toBeNull();
  }
  expect(stub.calls).not.toContain('POST /v2/databases');
  expect(onRegistered).not.toHaveBeenCalled();
});
