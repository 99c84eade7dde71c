import { afterEach, expect, test } from 'vitest';
import { holdSecret, takeSecret } from './take_secret';

afterEach(() => history.replaceState(null, '', '/'));

test('the secret of a link is out of the address before its page is there, and is given once', () => {
  history.replaceState({ step: 3 }, '', '/set-up?x=1#hush');
  holdSecret();
  expect(location.href).toMatch(/\/set-up\?x=1$/);
  expect(history.state).toEqual({ step: 3 });
  expect(takeSecret()).toBe('hush');
  expect(takeSecret()).toBe('');
});

test('another link opened in the same tab brings its own', () => {
  history.replaceState(null, '', '/invitation#first');
  holdSecret();
  history.replaceState(null, '', '/invitation#second');
  expect(takeSecret()).toBe('second');
  expect(takeSecret()).toBe('');
});

test('of other pages nothing is taken', () => {
  history.replaceState(null, '', '/tokens#main');
  holdSecret();
  expect(location.hash).toBe('#main');
});
