import { expect, test } from 'vitest';
import {
  covers,
  foldedName,
  inWords,
  meets,
  pieces,
  readResource,
  sentenceInWords,
  writeResource,
} from './resource_name';
import type { ResourceName } from './resource_name';

const o = '4c0a5fd0-1c1a-4c2e-9d7e-0e8a0d3d7f10';
const d = '9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11';

test.each([
  `drn:astra:org:${o}`,
  'drn:astra:org:__ORG_ID__',
  `drn:astra:org:${o}:db:*`,
  `drn:astra:org:${o}:db:${d}`,
  `drn:astra:org:${o}:db:${d}:keyspace:*`,
  `drn:astra:org:${o}:db:*:keyspace:shop:table:*`,
  `drn:astra:org:${o}:db:*:keyspace:Shöp x:table:"a"`,
  `drn:astra:org:${o}:role:*`,
  `drn:astra:org:${o}:role:${d}`,
  `drn:astra:org:${o}:stream:*`,
  `drn:astra:enterprise:${o}`,
  'drn:astra:enterprise:__ENTERPRISE_ID__',
])('%s is read, and written as it was', (text) => {
  const read = readResource(text);
  expect(read && writeResource(read)).toBe(text);
});

test.each([
  '',
  'drn',
  'drn:astra:org:acme',
  `drn:astra:org:${o}:`,
  `drn:astra:org:${o}:db`,
  `drn:astra:org:${o}:db:`,
  `drn:astra:org:${o}:db:shop`,
  `drn:astra:org:${o}:db:*:keyspace`,
  `drn:astra:org:${o}:db:*:keyspace:`,
  `drn:astra:org:${o}:db:*:keyspace:a:table`,
  `drn:astra:org:${o}:db:*:keyspace:a:table:b:c`,
  `drn:astra:org:${o}:db:*:table:a`,
  `drn:astra:org:${o}:role:admin`,
  `drn:astra:org:${o}:stream:`,
  `drn:astra:org:${o}:topic:a`,
  `drn:astra:enterprise:${o}:db:*`,
  `drn:astra:org:${o}:db:*:keyspace:${'k'.repeat(1024)}`,
])('%s is none', (text) => {
  expect(readResource(text)).toBeNull();
});

const read = (tail: string, scope = o) => readResource(`drn:astra:org:${scope}${tail}`) as ResourceName;

test('a wildcard covers a name, never a name a wildcard; levels stay apart', () => {
  expect(covers(read(':db:*:keyspace:a'), read(`:db:${d}:keyspace:a`), o)).toBe(true);
  expect(covers(read(`:db:${d}`), read(':db:*'), o)).toBe(false);
  expect(covers(read(':db:*'), read(':db:*:keyspace:a'), o)).toBe(false);
  expect(covers(read(':db:*', d), read(':db:*'), o)).toBe(false);
  expect(covers(read(':db:*', '__ORG_ID__'), read(`:db:${d}`), o)).toBe(true);
});

test('two patterns meet where one resource fits both', () => {
  expect(meets(read(':db:*:keyspace:a'), read(`:db:${d}:keyspace:*`), o)).toBe(true);
  expect(meets(read(':db:*:keyspace:a'), read(`:db:${d}:keyspace:b`), o)).toBe(false);
});

test('a typed name is folded as CQL folds it', () => {
  expect(foldedName(' Orders ')).toBe('orders');
  expect(foldedName('"Or""ders"')).toBe('Or"ders');
});

test('words name databases and roles', () => {
  const names = { database: () => 'shop', role: () => 'readers' };
  expect(inWords(read(`:db:${d}:keyspace:ks:table:*`), names)).toBe('every table in keyspace ks of shop');
  expect(inWords(read(`:role:${d}`), names)).toBe('handing out the role readers');
});

const org = 'drn:astra:org:11111111-1111-4111-8111-111111111111';
const shop = `${org}:db:9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11`;

test('resource names in sentences are said in words, and nothing else of them changes', () => {
  const names = { database: () => 'shop', role: () => undefined };
  const said = `Refused: the one role does not allow db-table-select on ${shop}:keyspace:ks:table:orders. It would take ${org}, or more.`;
  expect(sentenceInWords(said, names)).toBe(
    'Refused: the one role does not allow db-table-select on table orders in keyspace ks of shop. It would take the organization itself, or more.',
  );
  expect(
    pieces(said)
      .map(({ text }) => text)
      .join(''),
  ).toBe(said);
  for (const other of ['', 'no name here', 'drn:astra:org:nobody is none', 'drn'])
    expect(sentenceInWords(other, names)).toBe(other);
});
