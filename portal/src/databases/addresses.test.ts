import { expect, test } from 'vitest';
import { addressFaults, contactPointsFault } from './addresses';
import { blank } from './registration';

test.each([
  ['', 'one node'],
  [' , ', 'one node'],
  ['10.0.0.1,,10.0.0.2', 'comma'],
  ['10.0.0.1:9042,', 'comma'],
  ['http://10.0.0.1:9042', 'web address'],
  ['10.0.0.1 10.0.0.2', 'blank'],
  ['10.0.0.0/24', '“/”'],
  ['10.0.0.256:9042', 'no IP address'],
  ['1.2.3:9042', 'no IP address'],
  ['node1:90420', 'port between'],
  ['node1:0', 'port between'],
  ['node1:', 'no port'],
  ['node1:cql', 'port between'],
  [':9042', 'no host'],
  ['-node:9042', 'name of a host'],
  ['node one:9042', 'blank'],
  ['nöde:9042', 'name of a host'],
  ['[fe80::zz]:9042', 'no IP address'],
  ['0.0.0.0:9042', 'every address'],
  ['[::]:9042', 'every address'],
  [Array.from({ length: 17 }, (_, i) => `n${i}`).join(','), '17 nodes'],
])('%j cannot be right', (text, why) => {
  expect(contactPointsFault(text)).toContain(why);
});

test.each([
  '127.0.0.1:9042',
  '10.0.0.1',
  'node1',
  'localhost:9043',
  'cassandra-0.db_svc.example.org:9042, cassandra-1.db_svc.example.org.',
  '2001:db8::1',
  '[2001:db8::1]:9042',
  '1a.example:9042',
])('%j can be', (text) => {
  expect(contactPointsFault(text)).toBeUndefined();
});

test('the door is an address of the machine, and each fault stands at its own field', () => {
  expect(addressFaults(blank)).toEqual({});
  expect(addressFaults({ ...blank, listen: '*:9142', advertise: '192.0.2.7' })).toEqual({});
  expect(addressFaults({ ...blank, listen: 'gateway.example:9142', advertise: '10.0.0.1:99999' })).toEqual({
    listen: '“gateway.example:9142” has no IP address before the port.',
    advertise: '“10.0.0.1:99999” has no port between 1 and 65535 (99999).',
  });
});
