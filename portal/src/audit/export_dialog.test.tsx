import { fireEvent, screen } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import { acme, json, refusal, signedIn, stubApi } from '../testing/api_stub';
import type { Reply } from '../testing/api_stub';
import { renderSignedIn } from '../testing/render_signed_in';
import type { AuditExport } from './export';
import { ExportDialog } from './export_dialog';

const path = `/v2/organizations/${acme.scope}/telemetry/auditLogs`;
const nowhere: AuditExport = { enabled: false, destination: 'trail', records: '/v2/audit' };
const splunk: AuditExport = {
  ...nowhere,
  enabled: true,
  destination: 'splunk',
  splunk: { endpoint: 'https://s.example', hasToken: true },
};

const taken = () => new Response(null, { status: 202, headers: { 'Content-Length': '0' } });

async function opened(now: AuditExport, reply: Reply) {
  const onDone = vi.fn();
  const stub = stubApi({ ...signedIn(['org-audits-read']), [`POST ${path}`]: reply });
  renderSignedIn(<ExportDialog orgId={acme.scope} now={now} onDone={onDone} onCancel={() => undefined} />);
  await screen.findByRole('dialog');
  return { stub, onDone };
}

const write = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

test('a webhook is set up, from the first record on', async () => {
  const { stub, onDone } = await opened(nowhere, taken);
  expect(document.activeElement).toBe(screen.getByLabelText('Endpoint'));
  write('Endpoint', 'https://c.example/a');
  write('Token (optional)', 'secret');
  fireEvent.click(screen.getByLabelText('Everything that is in the trail'));
  press('Send on');
  await vi.waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(stub.bodies[`POST ${path}`]).toEqual({
    webhook: { endpoint: 'https://c.example/a', token: 'secret' },
    after: 0,
  });
});

test('a token is typed again, and it is said that it has to be', async () => {
  await opened(splunk, {});
  const token = screen.getByLabelText<HTMLInputElement>('Token');
  expect([token.type, token.value, token.required]).toEqual(['password', '', true]);
  expect(screen.getByText(/has to be typed again\.$/)).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Kind of server'), { target: { value: 'webhook' } });
  expect(screen.getByLabelText<HTMLInputElement>('Token (optional)').required).toBe(false);
  expect(screen.getByText(/typed again: left empty, records are sent without one\.$/)).toBeTruthy();
});

test.each([
  ['endpoint: must be an https:// URL', 'Endpoint', 'It must be an https:// URL.'],
  ['field "token" must be printable ASCII', 'Token', 'It must be printable ASCII.'],
  ['field "sourcetype" has 300 characters', 'Source type (optional)', 'It has 300 characters.'],
])('%s is said at the field %s, which is to be seen', async (message, label, words) => {
  await opened(splunk, () => refusal(400, message));
  expect(document.querySelector('details')?.open).toBe(false);
  write('Token', 'secret');
  press('Save');
  await screen.findByText(words);
  const field = screen.getByLabelText(label);
  expect(document.activeElement).toBe(field);
  expect(field.closest('details')?.open).not.toBe(false);
});

test('a place that only the operator may choose: why, the command, and the form as it was', async () => {
  const why =
    'endpoint: an export is set up by the local operator (`latchkey audit export`), or to addresses in the setting audit-export-targets';
  const { onDone } = await opened(nowhere, () => json(403, { errors: [{ ID: 350403, message: why }] }));
  write('Endpoint', 'https://c.example/a');
  write('Token (optional)', 'secret');
  press('Send on');
  expect((await screen.findByRole('alert')).textContent).toMatch(
    /^An export is set up by the local operator .*audit-export-targets\. Nothing was changed\.$/,
  );
  const command = screen.getByLabelText('Command that sends records on').textContent;
  expect(command).toContain('latchkey audit export');
  expect(command).not.toContain('secret');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Back to the form' }));
  press('Back to the form');
  expect((await screen.findByLabelText<HTMLInputElement>('Endpoint')).value).toBe('https://c.example/a');
  expect(document.activeElement).toBe(screen.getByLabelText('Endpoint'));
  expect(onDone).not.toHaveBeenCalled();
});
