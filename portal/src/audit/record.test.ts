import { expect, test } from 'vitest';
import { placeOf } from './record';

const id = '4c0a5fd0-1c1a-4c2e-9d7e-0e8a0d3d7f10';
test.each([
  ['token.create', 'QwErTyUiOpAsDfGhJkLzXcVb', '/tokens/QwErTyUiOpAsDfGhJkLzXcVb'],
  ['cql.refused', 'QwErTyUiOpAsDfGhJkLzXcVb', '/tokens/QwErTyUiOpAsDfGhJkLzXcVb'],
  ['role.update', id, `/roles/${id}`],
  ['user.remove', id, `/users/${id}`],
  ['session.end', id, null],
  ['organization.found', 'Acme', null],
])('what %s was done to, %s, is at %s', (name, subject, place) => {
  expect(placeOf(name, subject)).toBe(place);
});
