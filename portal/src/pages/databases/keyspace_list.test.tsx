import { fireEvent, screen } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { json, signedIn, stubApi } from '../../testing/api_stub';
import { renderSignedIn } from '../../testing/render_signed_in';
import { KeyspaceList } from './keyspace_list';

const id = '66666666-6666-4666-8666-666666666666';
const database = { id, info: { name: 'shop' } } as never;
const path = `/v2/databases/${id}/keyspaces`;

/** What the viewer may make is `allowed`, asked for the name that was typed. */
function rendered(allowed: string[]) {
  const asked: string[] = [];
  stubApi({
    ...signedIn([]),
    [`GET ${path}`]: [],
    'POST /v2/explain': (request) => {
      void request
        .clone()
        .json()
        .then((body: { resource: string }) => asked.push(body.resource));
      return json(200, { allow: allowed.length > 0, text: '' });
    },
    [`POST ${path}/orders`]: () => json(201, {}),
  });
  renderSignedIn(<KeyspaceList database={database} />);
  return asked;
}

test('who may not make a keyspace of that name is told what it takes', async () => {
  const asked = rendered([]);
  fireEvent.input(await screen.findByLabelText('Name'), { target: { value: 'orders' } });
  await screen.findByText(/db-keyspace-create\). It has to hold for the keyspace orders\./);
  const button = screen.getByRole('button', { name: 'Create Keyspace' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(asked).toEqual([expect.stringContaining(`:db:${id}:keyspace:orders`)]);
});

test('who may, makes it', async () => {
  rendered(['orders']);
  fireEvent.input(await screen.findByLabelText('Name'), { target: { value: 'orders' } });
  const button = await screen.findByRole('button', { name: 'Create Keyspace' });
  fireEvent.click(button);
  await screen.findByText('The keyspace orders is made.');
});
