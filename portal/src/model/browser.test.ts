import { expect, test } from 'vitest';
import { browserName } from './browser';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0',
    'Edge on Windows',
  ],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1', 'Safari on iOS'],
  ['curl/8.5.0', 'curl'],
  ['something else', 'something else'],
  ['', 'unknown'],
])('%s', (words, name) => {
  expect(browserName(words)).toBe(name);
});
