import { expect, test } from 'vitest';
import { match, withQuery } from './place';

test.each([
  ['/tokens', '/tokens', {}],
  ['/tokens', '/tokens/', {}],
  ['/', '/', {}],
  ['/tokens/:clientId', '/tokens/abc', { clientId: 'abc' }],
  ['/users/:id', '/users/a%40b', { id: 'a@b' }],
  ['/users/:id', '/users/%', { id: '%' }],
  ['/tokens/:clientId', '/tokens', null],
  ['/tokens/:clientId', '/tokens//', null],
  ['/tokens', '/roles', null],
])('%s at %s', (pattern, path, values) => {
  expect(match(pattern, path)).toEqual(values);
});

test('the query keeps what is not changed and drops what is empty', () => {
  const place = { path: '/tokens', query: new URLSearchParams('q=orders&status=active') };
  expect(withQuery(place, { status: '', sort: '-generatedOn' })).toBe('/tokens?q=orders&sort=-generatedOn');
});
