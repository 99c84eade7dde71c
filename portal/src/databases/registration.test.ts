import { expect, test } from 'vitest';
import { addCommand, blank, isOperators } from './registration';

test('the command has what was typed, quoted, and never the password', () => {
  const wish = {
    ...blank,
    name: "Bob's shop",
    contactPoints: '10.0.0.1:9042, 10.0.0.2:9042',
    password: 'hush',
  };
  const command = addCommand(wish, 'Acme Ltd');
  expect(command).toBe(
    `latchkey db add 'Bob'\\''s shop' --contact-points 10.0.0.1:9042,10.0.0.2:9042 --datacenter datacenter1 \\\n` +
      `    --username latchkey --password-file gateway.password --listen 127.0.0.1:9142 --org 'Acme Ltd' --data DIR`,
  );
  expect(command).not.toContain('hush');
});

test('addresses that are the operator’s are told from a missing permission', () => {
  expect(isOperators('listen: a door is opened by the local operator (`latchkey db add` on …)')).toBe(true);
  expect(isOperators('missing permission org-db-create on drn:astra:org:…')).toBe(false);
});
