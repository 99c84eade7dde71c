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
