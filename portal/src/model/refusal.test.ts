import { expect, test } from 'vitest';
import { refusalInWords } from './refusal';

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
