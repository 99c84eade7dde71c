import { expect, test } from 'vitest';
import { changeOf, draftOf, meaning, newEntry } from './draft';

test('an absent list is open, one in force without a counting entry is closed', () => {
  const none = draftOf({ addresses: [], configurations: { accessListEnabled: false } });
  expect(meaning(none, 'the API').text).toContain('open to every address');
  expect(meaning({ ...none, enabled: true }, 'the API')).toMatchObject({ closed: true });
  const off = { enabled: true, entries: [{ ...newEntry('10.0.0.0/8'), enabled: false }] };
  expect(meaning(off, 'the API').closed).toBe(true);
  const on = { enabled: true, entries: [newEntry('10.0.0.0/8')] };
  expect(meaning(on, 'the API')).toEqual({
    text: 'In force: the API is open to one range and closed to all others.',
    closed: false,
  });
});

test('rows that were left empty are not sent', () => {
  const draft = { enabled: true, entries: [newEntry(' 10.0.0.0/8 '), newEntry('  ')] };
  expect(changeOf(draft)).toEqual({
    addresses: [{ address: '10.0.0.0/8', description: '', enabled: true }],
    configurations: { accessListEnabled: true },
  });
});
