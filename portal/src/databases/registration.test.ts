import { expect, test } from 'vitest';
import { addCommand, blank } from './registration';

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
      `    --username latchkey --password-file gateway.password --listen 127.0.0.1:9142 --org 'Acme Ltd'`,
  );
  expect(command).not.toContain('hush');
});
