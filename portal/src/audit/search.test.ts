import { expect, test } from 'vitest';
import { localTime, merged, utcTime } from './search';

const record = (seq: number) => ({ seq, time: '', hash: '', event: {} });

test('new records come on top, each once, and the oldest leave', () => {
  const shown = [record(7), record(5)];
  const seqs = merged(shown, [record(9), record(8), record(7)], 3).map((one) => one.seq);
  expect(seqs).toEqual([9, 8, 7]);
});

test('a time survives the way into the field and back', () => {
  const utc = '2026-01-31T12:05:00.000Z';
  expect(utcTime(localTime(utc))).toBe(utc);
  expect(localTime('nonsense')).toBe('');
});
