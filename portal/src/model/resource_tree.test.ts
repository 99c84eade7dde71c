import { expect, test } from 'vitest';
import { everythingIn, linesElsewhere, resourceTree } from './resource_tree';
import type { ResourceNode } from './resource_tree';
import { readResource, writeResource } from './resource_name';
import type { ResourceName } from './resource_name';

const o = '4c0a5fd0-1c1a-4c2e-9d7e-0e8a0d3d7f10';
const d = '9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11';
const gone = '00000000-0000-4000-8000-000000000000';
const org = `drn:astra:org:${o}`;

const shop = {
  id: d,
  name: 'shop',
  keyspaces: [
    { name: 'ks', system: false, tables: ['a', 'b'] },
    { name: 'system', system: true, tables: ['local'] },
  ],
};

const every = (nodes: ResourceNode[]): ResourceNode[] =>
  nodes.flatMap((one) => [one, ...every(one.children)]);
const texts = (nodes: ResourceNode[]) => every(nodes).map((one) => writeResource(one.resource));

test('wildcards stand first at every level, then what is there', () => {
  expect(texts(resourceTree([], [shop], o)).map((text) => text.slice(org.length))).toEqual([
    ':db:*',
    ':db:*:keyspace:*',
    ':db:*:keyspace:*:table:*',
    `:db:${d}`,
    `:db:${d}:keyspace:*`,
    `:db:${d}:keyspace:*:table:*`,
    `:db:${d}:keyspace:ks`,
    `:db:${d}:keyspace:ks:table:*`,
    `:db:${d}:keyspace:ks:table:a`,
    `:db:${d}:keyspace:ks:table:b`,
  ]);
});

test('every line that can be read is in the tree or elsewhere, also of what is not there yet', () => {
  const lines = [
    `${org}:db:*:keyspace:new:table:t`,
    `${org}:db:${gone}:keyspace:x`,
    `${org}:db:${d}:keyspace:*:table:orders`,
    `${org}:db:${d}:keyspace:system:table:peers`,
    'drn:astra:org:__ORG_ID__:db:*:keyspace:own',
    `${org}:stream:a`,
    `drn:astra:org:${gone}:db:*`,
    'nonsense',
  ];
  const inTree = texts(resourceTree(lines, [shop], o));
  const elsewhere = linesElsewhere(lines, o);
  for (const line of lines) {
    const written = line.replace('__ORG_ID__', o);
    expect([line, inTree.includes(written) !== elsewhere.includes(line)]).toEqual([line, true]);
  }
  const missing = every(resourceTree(lines, [shop], o)).filter((one) => one.unknown);
  expect(missing.map((one) => one.label)).toEqual(['peers', gone]);
});

test('everything in a database takes a line at each level', () => {
  const line = readResource(`${org}:db:${d}`) as ResourceName;
  expect(everythingIn(line).map(writeResource)).toEqual([
    `${org}:db:${d}`,
    `${org}:db:${d}:keyspace:*`,
    `${org}:db:${d}:keyspace:*:table:*`,
  ]);
});
