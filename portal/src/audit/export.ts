import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { shellWord } from '../model/shell';
import { counted } from '../model/words';
import type { Tone } from '../ui/badge';

export type AuditExport = Shapes['AuditExport'];
export type Kind = 'webhook' | 'splunk';

export const kinds: Record<Kind, string> = { webhook: 'Webhook', splunk: 'Splunk' };

const route = '/v2/organizations/{orgId}/telemetry/auditLogs';

export function readExport(orgId: string): Promise<AuditExport> {
  return ask(() => api.GET(route, { params: { path: { orgId } } }));
}

export function setExport(orgId: string, body: Shapes['AuditExportNew']): Promise<unknown> {
  return ask(() => api.POST(route, { params: { path: { orgId } }, body }));
}

export function endExport(orgId: string): Promise<unknown> {
  return ask(() => api.DELETE(route, { params: { path: { orgId } } }));
}

/** Where records go now; null: nowhere but into the trail. */
export function placeNow({ webhook, splunk }: AuditExport): { kind: Kind; at: Shapes['AuditSplunk'] } | null {
  if (splunk) return { kind: 'splunk', at: splunk };
  return webhook ? { kind: 'webhook', at: webhook } : null;
}

/** What the form asks for, as it was typed. */
export interface Wish {
  kind: Kind;
  endpoint: string;
  token: string;
  index: string;
  source: string;
  sourcetype: string;
  /** From the first record that there is, not from the next one on. */
  everything: boolean;
}

/** What the form begins with: what there is, but its token, which nobody is shown. */
export function wishOf(now: AuditExport): Wish {
  const place = placeNow(now);
  const { endpoint = '', index, source, sourcetype } = place?.at ?? {};
  return {
    kind: place?.kind ?? 'webhook',
    endpoint,
    token: '',
    index: index ?? '',
    source: source ?? '',
    sourcetype: sourcetype ?? '',
    everything: false,
  };
}

export function bodyOf(wish: Wish): Shapes['AuditExportNew'] {
  const endpoint = wish.endpoint.trim();
  const { token } = wish;
  const after = wish.everything ? { after: 0 } : {};
  if (wish.kind === 'webhook') return { webhook: { endpoint, ...(token && { token }) }, ...after };
  const names = (['index', 'source', 'sourcetype'] as const)
    .map((name) => [name, wish[name].trim()] as const)
    .filter(([, text]) => text);
  return { splunk: { endpoint, token, ...Object.fromEntries(names) }, ...after };
}

/** How it stands, in words. */
export function standing(delivery: Shapes['AuditDelivery']): { tone: Tone; text: string; more: string } {
  const togo = `${counted(delivery.behind, 'record')} of the trail, whoever’s they are, to go.`;
  if (delivery.state === 'failing') {
    const problem = (delivery.problem ?? '').replace(/\.?$/, '.');
    return {
      tone: 'bad',
      text: 'Failing',
      more: `${problem.charAt(0).toUpperCase()}${problem.slice(1)} It is tried again until it succeeds; ${togo}`,
    };
  }
  return delivery.state === 'current'
    ? { tone: 'good', text: 'Up to date', more: '' }
    : { tone: 'calm', text: 'On the way', more: togo };
}

const tokenFile = 'collector.token';

/** The same by the local operator. The token is not in it: a command line is seen by everybody on a machine. */
export function exportCommand(wish: Wish, organization: string | null): string {
  const option = (name: string, value: string) => (value.trim() ? ` ${name} ${shellWord(value.trim())}` : '');
  const names =
    wish.kind === 'splunk'
      ? option('--index', wish.index) +
        option('--source', wish.source) +
        option('--sourcetype', wish.sourcetype)
      : '';
  return (
    `latchkey audit export ${wish.kind} ${shellWord(wish.endpoint.trim())} \\\n   ` +
    option('--collector-token-file', wish.token ? tokenFile : '') +
    names +
    option('--after', wish.everything ? '0' : '') +
    option('--org', organization ?? '') +
    ' --data DIR'
  );
}

/** Whether the daemon leaves this address to its operator (setting audit-export-targets). */
export function isOperators(message: string): boolean {
  return message.includes('audit-export-targets');
}
