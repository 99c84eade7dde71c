import { expect, test } from 'vitest';
import { fieldOf, refusalAtField, refusalInWords } from './refusal';

test.each([
  ['missing org-token-read on drn:astra:org:o', 'You need the permission “Read Token” (org-token-read).'],
  [
    'field "contactPoints" must be HOST:PORT, or an array of them',
    '“Contact points” must be HOST:PORT, or an array of them',
  ],
  ['field "name" is empty', '“Name” is empty'],
  ['field "someNewThing" is missing', '“Some new thing” is missing'],
  [
    'changed by somebody else meanwhile: it is not what If-Match names any more',
    'Somebody else has changed it meanwhile.',
  ],
  [
    'this would shut out the address 192.0.2.9; with ?force=true it is done all the same',
    'this would shut out the address 192.0.2.9.',
  ],
  ['from must be before to', '“From” must be earlier than “Before”.'],
  ['the name is taken', 'the name is taken'],
])('%s', (said, shown) => {
  expect(refusalInWords(said)).toBe(shown);
});

test.each([
  [
    'the password has too few different characters',
    'password',
    'The password has too few different characters.',
  ],
  ['field "name" must have at most 128 characters', 'name', 'It must have at most 128 characters.'],
  ['contactPoints: "x" is not HOST:PORT', 'contactPoints', '"x" is not HOST:PORT.'],
  ['field "administrator" is no e-mail address', 'administrator', 'It is no e-mail address.'],
  ['name must be 1 to 128 characters', 'name', 'Name must be 1 to 128 characters.'],
  ['endpoint: http:// goes in clear', 'endpoint', 'http:// goes in clear.'],
  ['too many requests', null, 'Too many requests.'],
])('%s: at a field', (said, field, shown) => {
  expect(fieldOf(said)).toBe(field);
  expect(refusalAtField(said)).toBe(shown);
});
