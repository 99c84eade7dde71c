import { expect, test } from 'vitest';
import { lifetimeOf, lowers, secondsOf } from './lifetime';

test.each([
  [null, { count: '', unit: 'days' }],
  [7_776_000, { count: '90', unit: 'days' }],
  [5400 * 2, { count: '3', unit: 'hours' }],
  [90, { count: '90', unit: 'seconds' }],
] as const)('%s seconds', (seconds, lifetime) => {
  expect(lifetimeOf(seconds)).toEqual(lifetime);
  expect(secondsOf(lifetime)).toBe(seconds);
});

test('what is no whole number is none', () => {
  expect(secondsOf({ count: '1.5', unit: 'days' })).toBeUndefined();
  expect(secondsOf({ count: '-1', unit: 'days' })).toBeUndefined();
});

test('a first maximum lowers, too; taking it off does not', () => {
  expect(lowers(null, 10)).toBe(true);
  expect(lowers(20, 10)).toBe(true);
  expect(lowers(10, 20)).toBe(false);
  expect(lowers(10, null)).toBe(false);
});
