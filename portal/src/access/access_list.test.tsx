import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import AccessSection from '../pages/settings/access_section';
import { acme, json, refusal, signedIn, stubApi } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';

test('a list that shuts out its writer is written only after that was confirmed', async () => {
  const path = `/v2/organizations/${acme.scope}/devops-acl`;
  const empty = {
    organizationId: acme.scope,
    addresses: [],
    configurations: { accessListEnabled: false },
  };
  const forced: string[] = [];
  const stub = stubApi({
    ...signedIn(['accesslist-write']),
    [`GET ${path}`]: empty,
    [`PUT ${path}`]: (request) => {
      const force = new URL(request.url).searchParams.get('force');
      if (force !== 'true')
        return refusal(409, 'this would shut out the address 192.0.2.9; with ?force=true it is done');
      forced.push(request.url);
      return json(200, empty);
    },
    'GET /v2/databases': [],
    'GET /v2/access-lists': [],
  });
  renderSignedIn(<AccessSection />);
  fireEvent.click(await screen.findByLabelText('The list is in force'));
  await screen.findByText('In force and empty: the API is closed to everybody.');
  fireEvent.click(screen.getByRole('button', { name: 'Add address' }));
  fireEvent.input(screen.getByLabelText('Address or range'), { target: { value: '192.0.2.0/24' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByRole('heading', { name: 'Shut yourself out?' });
  expect(screen.getByText(/the address 192.0.2.9. You could not/)).toBeTruthy(); // no word of ?force
  expect(forced).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Save all the same' }));
  await waitFor(() => expect(forced).toHaveLength(1));
  expect(stub.bodies[`PUT ${path}`]).toEqual({
    addresses: [{ address: '192.0.2.0/24', description: '', enabled: true }],
    configurations: { accessListEnabled: true },
  });
});

test('what is wrong with an address, or worth a look, stands at its row', async () => {
  const path = `/v2/organizations/${acme.scope}/devops-acl`;
  const list = {
    organizationId: acme.scope,
    addresses: ['10.0.0.0/8', 'ten', '10.0.0.5/24'].map((address) => ({
      address,
      description: '',
      enabled: true,
    })),
    configurations: { accessListEnabled: false },
  };
  const stub = stubApi({
    ...signedIn(['accesslist-write']),
    [`GET ${path}`]: list,
    [`PUT ${path}`]: () => refusal(400, '"ten" is not an address or a range'),
    'POST /v2/access-list/validate': {
      valid: false,
      validationFailures: ['addresses[1]: "ten" is not an address or a range'],
      remarks: [
        { index: 1, fault: true, text: '"ten" is not an address or a range' },
        { index: 2, fault: false, text: '10.0.0.5/24 means all of 10.0.0.0/24' },
      ],
    },
    'GET /v2/databases': [],
    'GET /v2/access-lists': [],
  });
  renderSignedIn(<AccessSection />);
  await screen.findByDisplayValue('ten');
  const rows = () => screen.getAllByLabelText<HTMLInputElement>('Address or range');
  fireEvent.click(screen.getByRole('button', { name: 'Add address' })); // left empty, and not sent
  for (const button of ['Validate', 'Save']) {
    fireEvent.click(screen.getByRole('button', { name: button }));
    await screen.findByText('"ten" is not an address or a range.');
    expect(screen.getByText('10.0.0.5/24 means all of 10.0.0.0/24.').previousElementSibling).toBe(rows()[2]);
    expect(rows().map((row) => row.getAttribute('aria-invalid'))).toEqual([null, 'true', null, null]);
    expect(screen.queryByText(/addresses\[/)).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(rows()[1]));
    fireEvent.input(rows()[3] as HTMLInputElement, { target: { value: ' ' } });
    await waitFor(() => expect(screen.queryByText('"ten" is not an address or a range.')).toBeNull());
  }
  expect(stub.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(1);
});
