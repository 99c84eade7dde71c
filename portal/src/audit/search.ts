import { api, askWhole } from '../api/client';
import { nextAfter } from '../tokens/list_state';
import type { AuditRecord } from './record';

export const filters = ['q', 'event', 'outcome', 'actor', 'subject', 'from', 'to'] as const;
export type Filters = Record<(typeof filters)[number], string>;

export const pageSize = 50;

export function filtersOf(query: URLSearchParams): Filters {
  return Object.fromEntries(filters.map((name) => [name, query.get(name) ?? ''])) as Filters;
}

export interface AuditPage {
  records: AuditRecord[];
  next: string;
}

export async function readAudit(by: Filters, after = '', limit = pageSize): Promise<AuditPage> {
  const given = Object.entries({ ...by, starting_after: after }).filter(([, value]) => value !== '');
  const query = { limit, ...(Object.fromEntries(given) as Partial<Filters>) };
  const { value, response } = await askWhole(() => api.GET('/v2/audit', { params: { query } }));
  return { records: value.records, next: nextAfter(response.headers.get('Link')) };
}

/** The record of a number, where the viewer may see it: the API pages downwards from the one behind it. */
export async function readRecord(seq: number): Promise<AuditRecord | null> {
  const { records } = await readAudit(filtersOf(new URLSearchParams()), String(seq + 1), 1);
  return records[0]?.seq === seq ? records[0] : null;
}

/** New records on top of those that are shown, each once, the oldest dropped beyond `most`. */
export function merged(shown: AuditRecord[], read: AuditRecord[], most: number): AuditRecord[] {
  const newest = shown[0]?.seq ?? 0;
  return [...read.filter((record) => record.seq > newest), ...shown].slice(0, most);
}

/** Between the field of a form, in local time, and the API's UTC. */
export function localTime(utc: string): string {
  const at = new Date(utc);
  if (!utc || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function utcTime(local: string): string {
  const at = new Date(local);
  return local && !Number.isNaN(at.getTime()) ? at.toISOString() : '';
}
