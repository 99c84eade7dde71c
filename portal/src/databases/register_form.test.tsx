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
  expect(document.activeElement).toBe(screen.getByLabelText('Name'));
  expect(stub.calls).not.toContain('POST /v2/databases');
  expect(onRegistered).not.toHaveBeenCalled();
});

test('contact points that cannot be right are refused at their field, before anything is sent', async () => {
  const stub = stubApi({
    ...signedIn(['org-db-create', 'org-db-view']),
    'GET /v2/databases': [],
    'POST /v2/databases': () => refusal(400, 'listen: "127.0.0.1:80" is in use'),
  });
  renderSignedIn(<RegisterForm onRegistered={() => undefined} />);
  fireEvent.input(await screen.findByLabelText('Name'), { target: { value: 'shop' } });
  fireEvent.input(screen.getByLabelText('Its password'), { target: { value: 'of the role' } });
  const points = screen.getByLabelText<HTMLInputElement>('Contact points');
  fireEvent.input(points, { target: { value: 'http://node1:9042' } });
  for (const button of ['Show the command', 'Register cluster']) {
    fireEvent.click(screen.getByRole('button', { name: button }));
    await screen.findByText('“http://node1:9042” is a web address; HOST:PORT is wanted.');
    expect(points.getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(points);
  }
  expect(stub.calls.filter((call) => call.startsWith('POST /v2/databases'))).toEqual([]);

  // What only the daemon can know is said at its field, too.
  fireEvent.input(points, { target: { value: 'node1' } });
  fireEvent.click(screen.getByRole('button', { name: 'Register cluster' }));
  await screen.findByText('"127.0.0.1:80" is in use.');
  expect(document.activeElement).toBe(screen.getByLabelText('Listen address'));
  expect(points.hasAttribute('aria-invalid')).toBe(false);
});
