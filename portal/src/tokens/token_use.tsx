import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { counted } from '../model/words';
import { HoursPicture, sumOf } from '../pictures/hours_picture';
import { Link } from '../router/link';
import { Answer } from '../ui/answer';
import { DataTable } from '../ui/data_table';
import { TimeText } from '../ui/time_text';

/** The CQL sessions that are open with the token. */
export function OpenSessions({ clientId }: { clientId: string }) {
  const open = useAnswer(`sessions ${clientId}`, () =>
    ask(() => api.GET('/v2/tokens/{clientId}/sessions', { params: { path: { clientId } } })),
  );
  return (
    <section>
      <h2>Open sessions</h2>
      <Answer of={open} what="the sessions">
        {({ sessions, count }) =>
          count === 0 ? (
            <p>No session is open with it.</p>
          ) : (
            <>
              <p>
                {counted(count, 'session')} open
                {count > sessions.length && `; the first ${sessions.length} of them:`}
              </p>
              <Sessions sessions={sessions} />
            </>
          )
        }
      </Answer>
    </section>
  );
}

function Sessions({ sessions }: { sessions: Shapes['TokenSession'][] }) {
  return (
    <DataTable
      caption="Open sessions"
      rows={sessions.map((session, at) => ({ ...session, at }))}
      rowKey={(session) => String(session.at)}
      columns={[
        { key: 'from', head: 'From', main: true, cell: (session) => session.address },
        {
          key: 'db',
          head: 'Database',
          cell: (session) => <Link href={`/databases/${session.databaseId}`}>{session.database}</Link>,
        },
        { key: 'driver', head: 'Driver', cell: (session) => session.driver || 'did not say' },
        { key: 'since', head: 'Since', cell: (session) => <TimeText at={session.since} none="not known" /> },
      ]}
    />
  );
}

/** The last day: logins, refusals and which tables. */
export function LastDay({ clientId }: { clientId: string }) {
  const usage = useAnswer(`usage ${clientId}`, () =>
    ask(() =>
      api.GET('/v2/tokens/{clientId}/usage', { params: { path: { clientId }, query: { hours: 24 } } }),
    ),
  );
  return (
    <section>
      <h2>The last 24 hours</h2>
      <Answer of={usage} what="its use">
        {(value) => (
          <>
            <HoursPicture title="Logins and refusals of the token, hour by hour" hours={value.hours} />
            <p>{counted(sumOf(value.hours, 'statements'), 'statement')} went on to the cluster.</p>
            <Refusals of={value.refusals} />
            {value.tables.length > 0 && <Tables tables={value.tables} />}
          </>
        )}
      </Answer>
    </section>
  );
}

export function Refusals({ of }: { of: Shapes['UsageRefusal'][] }) {
  if (of.length === 0) return null;
  return (
    <>
      <p>Refused, and why:</p>
      <ul>
        {of.map((refusal) => (
          <li key={refusal.reason}>
            {refusal.count.toLocaleString('en')} × {refusal.reason}
          </li>
        ))}
      </ul>
    </>
  );
}

function Tables({ tables }: { tables: Shapes['UsageTable'][] }) {
  return (
    <DataTable
      caption="Tables that it used"
      rows={tables}
      rowKey={(use) => `${use.databaseId}.${use.keyspace}.${use.table}`}
      columns={[
        { key: 'table', head: 'Table', main: true, cell: (use) => `${use.keyspace}.${use.table}` },
        { key: 'reads', head: 'Reads', number: true, cell: (use) => use.reads.toLocaleString('en') },
        { key: 'writes', head: 'Writes', number: true, cell: (use) => use.writes.toLocaleString('en') },
        { key: 'last', head: 'Last', cell: (use) => <TimeText at={use.lastUsedAt} /> },
      ]}
    />
  );
}
