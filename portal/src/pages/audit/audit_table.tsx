import { addressOf, eventOf, placeOf } from '../../audit/record';
import type { AuditEvent, AuditRecord } from '../../audit/record';
import { useTokenNames } from '../../audit/use_audit_names';
import { useRowKeys } from '../../keys/use_row_keys';
import { Link } from '../../router/link';
import { go } from '../../router/place';
import { Badge } from '../../ui/badge';
import type { Tone } from '../../ui/badge';
import { DataTable } from '../../ui/data_table';
import type { Column } from '../../ui/data_table';
import { TimeText } from '../../ui/time_text';

interface Props {
  records: AuditRecord[];
  names: ReadonlyMap<string, string>;
  recordHref: (seq: number) => string;
}

const tones: Partial<Record<string, Tone>> = { done: 'good', refused: 'warn', failed: 'bad' };

export function Outcome({ event }: { event: AuditEvent }) {
  const outcome = event.outcome ?? '';
  const words = outcome.charAt(0).toUpperCase() + outcome.slice(1);
  return outcome ? <Badge tone={tones[outcome] ?? 'calm'}>{words}</Badge> : null;
}

/** A person by their address, a token by its description, each with a link; where they are not known, by the id. */
export function Who({ event, names }: { event: AuditEvent; names: ReadonlyMap<string, string> }) {
  const { kind, name } = event.who ?? {};
  if (!name) return <>{kind === 'nobody' ? 'nobody known' : ''}</>;
  if (kind === 'token') return <Link href={`/tokens/${name}`}>{names.get(name) ?? <code>{name}</code>}</Link>;
  if (kind === 'person') return <Link href={`/users/${name}`}>{names.get(name) ?? name}</Link>;
  return <>{name}</>;
}

export function Subject({ event, names }: { event: AuditEvent; names: ReadonlyMap<string, string> }) {
  const { name = '', subject = '' } = event;
  const href = placeOf(name, subject);
  const text = names.get(subject) ?? <code>{subject}</code>;
  return href ? <Link href={href}>{text}</Link> : <>{text}</>;
}

export function AuditTable({ records, names: given, recordHref }: Props) {
  const tokens = useTokenNames(records);
  const names = new Map([...given, ...tokens]);
  const selected = useRowKeys(
    records.map((record) => String(record.seq)),
    (seq) => go(recordHref(Number(seq))),
  );
  const columns: Column<AuditRecord>[] = [
    {
      key: 'seq',
      head: 'Number',
      main: true,
      cell: (record) => <Link href={recordHref(record.seq)}>{record.seq}</Link>,
    },
    { key: 'at', head: 'When', cell: (record) => <TimeText at={eventOf(record).at ?? record.time} /> },
    { key: 'name', head: 'What', cell: (record) => <code class="whole">{eventOf(record).name}</code> },
    { key: 'outcome', head: 'Outcome', cell: (record) => <Outcome event={eventOf(record)} /> },
    { key: 'who', head: 'Who', cell: (record) => <Who event={eventOf(record)} names={names} /> },
    {
      key: 'subject',
      head: 'To what',
      cell: (record) => <Subject event={eventOf(record)} names={names} />,
    },
    {
      key: 'peer',
      head: 'From',
      cell: (record) => <code class="whole">{addressOf(eventOf(record).peer)}</code>,
    },
  ];
  if (records.length === 0) return <p>Nothing matches.</p>;
  return (
    <DataTable
      caption="Audit records, newest first"
      columns={columns}
      rows={records}
      rowKey={(record) => String(record.seq)}
      selected={selected}
    />
  );
}
