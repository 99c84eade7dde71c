import { expect, test } from 'vitest';
import { passwordFault } from './password';

test.each([
  ['fourteen chars', 15, '14 of at least 15 characters.'],
  ['fifteen chars !', 15, undefined],
  ['eight ch', 8, undefined],
  ['🔑🔑🔑🔑🔑🔑🔑', 8, '7 of at least 8 characters.'],
  ['x'.repeat(257), 15, '257 characters; at most 256 are taken.'],
])('%s with at least %d: %s', (password, least, fault) => {
  expect(passwordFault(password, least)).toBe(fault);
});
