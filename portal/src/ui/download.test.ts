import { expect, test } from 'vitest';
import { csv } from './download';

test('cells that a spreadsheet would run are defused, and separators are quoted', () => {
  expect(csv([['=1+1', 'a,b', 'say "x"', 'plain']])).toBe(`'=1+1,"a,b","say ""x""",plain\r\n`);
});
