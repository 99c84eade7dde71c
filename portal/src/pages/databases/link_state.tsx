import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { useEvery } from '../../api/use_every';
import { ConnectSnippets } from '../../connect/connect_snippets';
import { targetOf } from '../../connect/snippets';
import { DatabaseState } from '../../databases/database_state';
import { Answer } from '../../ui/answer';
import { Badge } from '../../ui/badge';
import { CopyButton } from '../../ui/copy_button';
import { DataTable } from '../../ui/data_table';
import type { Column } from '../../ui/data_table';
import { TimeText } from '../../ui/time_text';

const lookEveryMs = 10_000;

const columns: Column<Shapes['DatabaseState']['nodes'][number]>[] = [
  { key: 'address', head: 'Address', main: true, cell: (node) => <code>{node.address}</code> },
  {
    key: 'up',
    head: 'State',
    cell: (node) => (node.up ? <Badge tone="good">Up</Badge> : <Badge tone="bad">Down</Badge>),
  },
  { key: 'datacenter', head: 'Datacenter', cell: (node) => node.datacenter ?? '' },
  { key: 'rack', head: 'Rack', cell: (node) => node.rack ?? '' },
  { key: 'version', head: 'Version', cell: (node) => node.version ?? '' },
];

/** How the link stands, looked at again every few seconds, and how to connect through it. */
export function LinkState({ database }: { database: Shapes['Database'] }) {
  const { id } = database;
  const state = useAnswer(`state of ${id}`, () =>
    ask(() => api.GET('/v2/databases/{id}/state', { params: { path: { id } } })),
  );
  useEvery(lookEveryMs, state.again);
  return (
    <>
      <Answer of={state} what="the state of the link">
        {(now) => (
          <>
            <Facts database={database} now={now} />
            <section>
              <h2>Nodes</h2>
              {now.nodes.length ? (
                <DataTable
                  caption={`Nodes of ${database.info.name}`}
                  columns={columns}
                  rows={now.nodes}
                  rowKey={(node) => node.address}
                />
              ) : (
                <p>None is known yet: no contact point has answered.</p>
              )}
            </section>
          </>
        )}
      </Answer>
      <section>
        <h2>Connect</h2>
        <p>
          The user name is always <code>token</code>, the password is a token that reaches this database.
        </p>
        <ConnectSnippets target={targetOf(database.cqlAddress, database.info.region)} />
      </section>
    </>
  );
}

function Facts({ database, now }: { database: Shapes['Database']; now: Shapes['DatabaseState'] }) {
  return (
    <dl class="facts">
      <dt>Link</dt>
      <dd>
        <DatabaseState status={now.status} problem={now.problem} />
      </dd>
      <dt>Connect to</dt>
      <dd class="with-copy">
        <code>{now.cqlAddress}</code> <CopyButton text={now.cqlAddress} what="address" />
      </dd>
      <dt>Open CQL sessions</dt>
      <dd>{now.clients}</dd>
      <dt>Local datacenter</dt>
      <dd>{database.info.region}</dd>
      <dt>Schema last read</dt>
      <dd>
        <TimeText at={now.schemaReadAt} />
        {now.schemaVersion && (
          <>
            , version <code>{now.schemaVersion}</code>
          </>
        )}
      </dd>
      <dt>Registered</dt>
      <dd>
        <TimeText at={database.creationTime} />
      </dd>
      <dt>Id</dt>
      <dd>
        <code>{database.id}</code>
      </dd>
    </dl>
  );
}
