import { expect, test } from 'vitest';
import { ago, daysUntil, span } from './time';

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

test('a token that ends within the day ends in one day, an ended one in none', () => {
  expect(daysUntil('2026-06-15T13:00:00Z', now)).toBe(1);
  expect(daysUntil('2026-06-15T11:00:00Z', now)).toBe(-0);
});

test.each([
  [7776000, '90 days'],
  [86400, '1 day'],
  [5400, '90 minutes'],
  [90, '90 seconds'],
])('%d seconds are %s', (seconds, words) => {
  expect(span(seconds)).toBe(words);
});
