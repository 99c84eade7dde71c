import { expect, test } from 'vitest';
import { bodyOf, exportCommand, standing, wishOf } from './export';
import type { AuditExport, Wish } from './export';

const nowhere: AuditExport = { enabled: false, destination: 'trail', records: '/v2/audit' };
const blank = wishOf(nowhere);
const webhook: Wish = { ...blank, endpoint: ' https://c.example/a b ' };
const splunk: Wish = { ...blank, kind: 'splunk', endpoint: 'https://s.example', token: 't' };

test.each<[string, Wish, object]>([
  ['a webhook without a token', webhook, { webhook: { endpoint: 'https://c.example/a b' } }],
  [
    'a webhook with one, whatever Splunk was to have',
    { ...webhook, token: 't', index: 'main' },
    { webhook: { endpoint: 'https://c.example/a b', token: 't' } },
  ],
  ['Splunk as its token says', splunk, { splunk: { endpoint: 'https://s.example', token: 't' } }],
  [
    'Splunk with names, from the first record on',
    { ...splunk, index: ' main ', sourcetype: 'x', everything: true },
    { splunk: { endpoint: 'https://s.example', token: 't', index: 'main', sourcetype: 'x' }, after: 0 },
  ],
])('what is asked for: %s', (_, wish, body) => {
  expect(bodyOf(wish)).toEqual(body);
});

test('the form begins with what there is, never with a token', () => {
  expect(blank).toMatchObject({ kind: 'webhook', endpoint: '', token: '', everything: false });
  const at = { endpoint: 'https://s.example', hasToken: true, source: 'shop' };
  expect(wishOf({ ...nowhere, enabled: true, destination: 'splunk', splunk: at })).toEqual({
    kind: 'splunk',
    endpoint: 'https://s.example',
    token: '',
    index: '',
    source: 'shop',
    sourcetype: '',
    everything: false,
  });
});

test('the command has no token in it, and what was typed stays one word', () => {
  const secret = 'never-in-a-command-line';
  const command = exportCommand({ ...splunk, token: secret, index: "it's", everything: true }, 'Acme Group');
  expect(command).not.toContain(secret);
  expect(command).toContain('--collector-token-file');
  expect(command).toContain(`--index 'it'\\''s'`);
  expect(command).toContain("--org 'Acme Group'");
  expect(exportCommand({ ...webhook, endpoint: 'https://c.example/$(id)' }, null)).toContain(
    "'https://c.example/$(id)'",
  );
  expect(exportCommand({ ...webhook, index: 'main' }, null)).not.toContain('--index');
});

test.each<[string, Partial<AuditExport['delivery']>, string, string]>([
  ['current', {}, 'Up to date', ''],
  ['delivering', { behind: 1 }, 'On the way', '1 record of the trail, whoever’s they are, to go.'],
  [
    'failing',
    { behind: 1200, problem: 'the server answers 503' },
    'Failing',
    'The server answers 503. It is tried again until it succeeds; 1,200 records of the trail, whoever’s they are, to go.',
  ],
])('how it stands when it is %s', (state, more, text, words) => {
  const delivery = { state, sequence: 7, behind: 0, sent: 3, ...more } as NonNullable<
    AuditExport['delivery']
  >;
  expect(standing(delivery)).toMatchObject({ text, more: words });
});
