import { expect, test } from 'vitest';
import { actorOf, actorText } from './actor';

const ada = { id: '44444444-4444-4444-8444-444444444444', name: 'ada@acme.example' };
const shop = { id: 'QwErTyUiOpAsDfGhJkLzXcVb', name: 'web shop' };
const nightly = { id: 'AbErTyUiOpAsDfGhJkLzXcVb', name: 'web shop, nightly' };
const known = [ada, shop, nightly];

test.each([
  ['', ''],
  ['ada@acme.example', ada.id],
  [' Ada ', ada.id],
  ['web shop (QwErTyUiOpAsDfGhJkLzXcVb)', shop.id],
  ['web shop', shop.id],
  ['nightly', nightly.id],
  ['web', 'web'],
  [ada.id, ada.id],
  ['somebody else', 'somebody else'],
])('%s', (typed, id) => {
  expect(actorOf(typed, known)).toBe(id);
});

test('a person is known by the address, a token by its name and client id', () => {
  expect(actorText(ada)).toBe('ada@acme.example');
  expect(actorText(shop)).toBe('web shop (QwErTyUiOpAsDfGhJkLzXcVb)');
});
