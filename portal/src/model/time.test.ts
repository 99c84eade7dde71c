import { expect, test } from 'vitest';
import { ago, left, span } from './time';

const now = Date.parse('2026-06-15T12:00:00Z');

test.each([
  ['2026-06-15T11:59:30Z', 'just now'],
  ['2026-06-15T11:57:00Z', '3 minutes ago'],
  ['2026-06-15T09:00:00Z', '3 hours ago'],
  ['2026-06-14T11:00:00Z', 'yesterday'],
  ['2026-06-21T13:00:00Z', 'in 6 days'],
  ['2026-01-01T00:00:00Z', 'Jan 1, 2026'],
  ['no time', 'no time'],
])('%s is %s', (time, words) => {
  expect(ago(time, now)).toBe(words);
});

test.each([
  ['2026-06-21T11:59:00Z', '6 d', 'in 6 days'],
  ['2026-06-21T12:00:00Z', '6 d', 'in 6 days'],
  ['2026-06-17T12:00:00Z', '2 d', 'in 2 days'],
  ['2026-06-16T11:00:00Z', '23 h', 'in 23 hours'],
  ['2026-06-15T12:03:20Z', '3 min', 'in 3 minutes'],
  ['2026-06-15T12:00:30Z', 'a moment', 'in a moment'],
])('what is left until %s is the same in short and in words', (time, short, words) => {
  expect(left(time, 30, now)).toBe(short);
  expect(ago(time, now)).toBe(words);
});

test('nothing is left of what is past, or far away, or no time', () => {
  expect(left('2026-06-15T12:00:00Z', 30, now)).toBeNull();
  expect(left('2026-07-15T12:00:00Z', 30, now)).toBe('30 d');
  expect(left('2026-07-15T12:00:01Z', 30, now)).toBeNull();
  expect(left('no time', 30, now)).toBeNull();
});

test.each([
  [7776000, '90 days'],
  [86400, '1 day'],
  [5400, '90 minutes'],
  [90, '90 seconds'],
])('%d seconds are %s', (seconds, words) => {
  expect(span(seconds)).toBe(words);
});
