import { expect, test } from 'vitest';
import { addressOf, placeOf } from './record';

const id = '4c0a5fd0-1c1a-4c2e-9d7e-0e8a0d3d7f10';
test.each([
  ['token.create', 'QwErTyUiOpAsDfGhJkLzXcVb', '/tokens/QwErTyUiOpAsDfGhJkLzXcVb'],
  ['cql.refused', 'QwErTyUiOpAsDfGhJkLzXcVb', '/tokens/QwErTyUiOpAsDfGhJkLzXcVb'],
  ['cql.login', id, `/databases/${id}`],
  ['role.update', id, `/roles/${id}`],
  ['user.remove', id, `/users/${id}`],
  ['session.end', id, null],
  ['organization.found', 'Acme', null],
])('what %s was done to, %s, is at %s', (name, subject, place) => {
  expect(placeOf(name, subject)).toBe(place);
});

test.each([
  ['127.0.0.1:45678', '127.0.0.1'],
  ['[2001:db8::1]:9042', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['uid=0', 'uid=0'],
  [undefined, ''],
])('who came from %s came from %s', (peer, address) => {
  expect(addressOf(peer)).toBe(address);
});
