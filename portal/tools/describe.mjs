// Writes src/api/description.ts: the types of the API, from the description that a daemon gives of itself.
// usage: node tools/describe.mjs FILE-OR-URL [--check]     (--check: only says whether the file is current)
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format } from 'prettier';

const target = new URL('../src/api/description.ts', import.meta.url);
const [source, check] = process.argv.slice(2);
if (!source) {
  console.error('usage: node tools/describe.mjs FILE-OR-URL [--check]');
  process.exit(2);
}

async function read(from) {
  if (!/^https?:/.test(from)) return JSON.parse(await readFile(from, 'utf8'));
  const answer = await fetch(from);
  if (!answer.ok) throw new Error(`${from} answers ${answer.status}`);
  return answer.json();
}

// Sets with more members (actions, levels) grow with the daemon: their values are texts here.
const longestSet = 6;

// Words for people stay in /docs; types need names, kinds and needs alone.
function bare(part) {
  if (Array.isArray(part)) return part.map(bare);
  if (part === null || typeof part !== 'object') return part;
  const left = ['description', 'summary', 'example', 'examples', 'headers', 'tags'];
  if (part.enum?.length > longestSet) left.push('enum');
  const kept = Object.entries(part).filter(([name, value]) => !left.includes(name) || isSchema(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, bare(value)]));
}

// A property may be called "description", too; then it is a schema and stays.
function isSchema(value) {
  return value !== null && typeof value === 'object' && ('type' in value || '$ref' in value);
}

// What stays to be asked of: answers that hold, and what is served here.
function served(document) {
  const paths = Object.entries(document.paths).filter(([, path]) =>
    Object.values(path).some((operation) => !operation.tags?.includes('absent')),
  );
  for (const [, path] of paths)
    for (const operation of Object.values(path)) {
      delete operation.operationId;
      for (const status of Object.keys(operation.responses ?? {}))
        if (!status.startsWith('2')) delete operation.responses[status];
    }
  return { ...document, paths: Object.fromEntries(paths) };
}

// What an operation has not is not said: absent and never are the same to whoever asks.
function withoutNever(text) {
  return text
    .replace(/^\s*\w+\?: never;\n/gm, '')
    .replace(/^\s*headers: \{\s*\[name: string\]: unknown;\s*\};\n/gm, '')
    .replace(/^\s*parameters: \{\s*\};\n/gm, '');
}

const document = bare(served(await read(source)));
const head = '/* Made by tools/describe.mjs from /v2/openapi.json; not edited by hand. */\n\n';
const text = await format(head + withoutNever(astToString(await openapiTS(document))), {
  parser: 'typescript',
  singleQuote: true,
  printWidth: 110,
});
if (check) {
  if ((await readFile(target, 'utf8')) !== text) {
    console.error(
      'src/api/description.ts is not what the daemon says of itself; run: node tools/describe.mjs URL',
    );
    process.exit(1);
  }
} else await writeFile(target, text);
