import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { eventOf } from '../audit/record';
import type { AuditRecord } from '../audit/record';
import { Link } from '../router/link';
import { auditReadIn } from '../session/action_in';
import { useSession } from '../session/session';
import { Answer } from '../ui/answer';
import { DataTable } from '../ui/data_table';
import { TimeText } from '../ui/time_text';
import { Creator } from './creator';

const words: Record<string, string> = {
  'token.create': 'Made',
  'token.delete': 'Revoked',
  'token.rekey': 'Verifier rewritten to the newest server key',
};

interface Props {
  clientId: string;
  people: ReadonlyMap<string, string>;
}

/** What was done to the token, newest first; what it did itself is in the audit. */
export function TokenHistory({ clientId, people }: Props) {
  const { scope, permissions } = useSession();
  const mayNot = permissions.reason(auditReadIn(scope));
  const history = useAnswer(mayNot === undefined ? `history ${clientId}` : null, () =>
    ask(() => api.GET('/v2/audit', { params: { query: { subject: clientId, limit: 20 } } })),
  );
  return (
    <section>
      <h2>History</h2>
      {mayNot !== undefined ? (
        <p class="hint">{mayNot}</p>
      ) : (
        <>
          <Answer of={history} what="the audit">
            {({ records }) =>
              records.length === 0 ? (
                <p>The audit has nothing about it.</p>
              ) : (
                <Records records={records} people={people} />
              )
            }
          </Answer>
          <p>
            <Link href={`/audit?subject=${clientId}`}>All about it</Link> ·{' '}
            <Link href={`/audit?actor=${clientId}`}>All that it did</Link>
          </p>
        </>
      )}
    </section>
  );
}

function Records({ records, people }: { records: AuditRecord[]; people: Props['people'] }) {
  return (
    <DataTable
      caption="History of the token"
      rows={records}
      rowKey={(record) => String(record.seq)}
      columns={[
        {
          key: 'what',
          head: 'What',
          main: true,
          cell: (record) => {
            const { name = '', outcome } = eventOf(record);
            return (words[name] ?? name) + (outcome && outcome !== 'done' ? ` (${outcome})` : '');
          },
        },
        { key: 'when', head: 'When', cell: (record) => <TimeText at={eventOf(record).at ?? record.time} /> },
        {
          key: 'who',
          head: 'By',
          cell: (record) => <Creator id={eventOf(record).who?.name ?? 'nobody known'} people={people} />,
        },
        { key: 'from', head: 'From', cell: (record) => eventOf(record).peer ?? 'this machine' },
      ]}
    />
  );
}

/** Of a token that is not there: whether and when it was revoked, as far as the audit may be read. */
export function useRevoked(clientId: string, gone: boolean): string | undefined {
  const { scope, permissions } = useSession();
  const may = permissions.may(auditReadIn(scope));
  const query = { subject: clientId, event: 'token.delete', outcome: 'done', limit: 1 };
  const found = useAnswer(gone && may ? `revoked ${clientId}` : null, () =>
    ask(() => api.GET('/v2/audit', { params: { query } })),
  );
  const record = found.value?.records[0];
  return record && (eventOf(record).at ?? record.time);
}
