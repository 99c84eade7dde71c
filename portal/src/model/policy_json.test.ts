import { expect, test } from 'vitest';
import { readPlaced } from './json_places';
import { emptyDraft } from './policy_draft';
import { readDraft, writeDraft } from './policy_json';

const draft = {
  ...emptyDraft,
  name: 'readers "of" orders',
  description: 'line ä',
  actions: ['db-table-select'],
  resources: ['drn:astra:org:__ORG_ID__:db:*:keyspace:*:table:*'],
};

test('what is written is read again', () => {
  expect(readDraft(writeDraft(draft))).toEqual({ draft, mistakes: [] });
});

const first = (text: string) => {
  const [mistake] = readDraft(text).mistakes as { line: number; column: number; message: string }[];
  return mistake && `${mistake.line}:${mistake.column} ${mistake.message}`;
};

test.each([
  ['', '1:1 A value is missing at the end.'],
  ['{"name": }', '1:10 A value is expected here.'],
  ['{\n  "name": "a"\n  "policy": {}\n}', '3:3 A comma or a closing brace is expected here.'],
  ['{"name": "a', '1:10 This text has no closing quote.'],
  ['{"name": "a", "name": "b"}', '1:15 “name” stands here twice.'],
  ['[1, 2', '1:6 A comma or a closing bracket is expected here.'],
  ['{} {}', '1:4 Nothing more is expected here.'],
  ['["\\x"]', '1:2 This text has an escape that JSON does not know.'],
  ['[]', '1:1 A role is an object: { "name": …, "policy": { … } }.'],
])('the mistake in %s is told at its place', (text, told) => {
  expect(first(text)).toBe(told);
});

test('every mistake of meaning is told at its value', () => {
  const text = writeDraft(draft)
    .replace('"allow"', '"perhaps"')
    .replace('db-table-select', 'db-table-selekt')
    .replace('drn:astra:org', 'drn:aster:org')
    .replace('"policy"', '"typo": 1,\n  "policy"');
  expect(readDraft(text).mistakes.map((one) => `${one.line}:${one.column} ${one.message}`)).toEqual([
    expect.stringContaining('3:3 “typo” is no field'),
    '6:15 “effect” is "allow" or "deny".',
    '8:7 “db-table-selekt” is no action.',
    expect.stringContaining('11:7 “drn:aster:org'),
  ] as string[]);
});

test('numbers, words and nesting are read as the browser reads them; depth has an end', () => {
  const text = '{"a":[1,-2.5e3,true,false,null,"\\u00e4"],"b":{}}';
  expect(() => readPlaced(text)).not.toThrow();
  expect(() => readPlaced('[01]')).toThrow('A value is expected');
  expect(() => readPlaced('['.repeat(100))).toThrow('nested too deeply');
});
