import { useEffect, useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { isProblem } from '../../api/problem';
import { DatabaseState } from '../../databases/database_state';
import { UnregisterDialog } from '../../databases/unregister_dialog';
import { useRowKeys } from '../../keys/use_row_keys';
import { Link } from '../../router/link';
import { go } from '../../router/place';
import { useSession } from '../../session/session';
import { CopyButton } from '../../ui/copy_button';
import { DataTable } from '../../ui/data_table';
import type { Column } from '../../ui/data_table';
import { Menu } from '../../ui/menu';
import { TimeText } from '../../ui/time_text';

type Database = Shapes['Database'];
type State = Shapes['DatabaseState'];

/** What each link says of itself; a database whose state cannot be read stays without. */
function useStates(ids: string[]): Map<string, State> {
  const [states, setStates] = useState(new Map<string, State>());
  const key = ids.join();
  useEffect(() => {
    let wanted = true;
    for (const id of key.split(',').filter(Boolean))
      ask(() => api.GET('/v2/databases/{id}/state', { params: { path: { id } } })).then(
        (state) => wanted && setStates((was) => new Map(was).set(id, state)),
        (thrown: unknown) => {
          if (!isProblem(thrown)) throw thrown;
        },
      );
    return () => {
      wanted = false;
    };
  }, [key]);
  return states;
}

function nodesOf(database: Database, state: State | undefined): string {
  if (!state) return `${database.storage.nodeCount}`;
  if (state.nodes.length === 0) return 'none known';
  return `${state.nodes.filter((node) => node.up).length} of ${state.nodes.length} up`;
}

interface Props {
  databases: Database[];
  onGenerate: (database: Database) => void;
  onChanged: () => void;
}

export function DatabaseTable({ databases, onGenerate, onChanged }: Props) {
  const { permissions } = useSession();
  const states = useStates(databases.map((one) => one.id));
  const [unregistering, setUnregistering] = useState<Database | null>(null);
  const selected = useRowKeys(
    databases.map((one) => one.id),
    (id) => go(`/databases/${id}`),
  );
  const columns: Column<Database>[] = [
    {
      key: 'name',
      head: 'Name',
      main: true,
      cell: (row) => <Link href={`/databases/${row.id}`}>{row.info.name}</Link>,
    },
    {
      key: 'state',
      head: 'Link',
      cell: (row) => {
        const state = states.get(row.id);
        return <DatabaseState status={state?.status ?? row.status} problem={state?.problem ?? row.message} />;
      },
    },
    { key: 'nodes', head: 'Nodes', cell: (row) => nodesOf(row, states.get(row.id)) },
    {
      key: 'read',
      head: 'Schema read',
      cell: (row) => {
        const state = states.get(row.id);
        return state ? <TimeText at={state.schemaReadAt} /> : '';
      },
    },
    {
      key: 'connect',
      head: 'Connect to',
      cell: (row) => (
        <span class="with-copy">
          <code class="whole">{row.cqlAddress}</code>{' '}
          <CopyButton text={row.cqlAddress} what={`address of ${row.info.name}`} />
        </span>
      ),
    },
    {
      key: 'deeds',
      head: '',
      cell: (row) => (
        <Menu
          label={`More for ${row.info.name}`}
          items={[
            {
              text: 'Generate Token',
              onPick: () => onGenerate(row),
              disabledReason: permissions.reason('org-token-write'),
            },
            {
              text: 'Unregister',
              danger: true,
              onPick: () => setUnregistering(row),
              disabledReason: permissions.reason('org-db-terminate', row.id),
            },
          ]}
        >
          More
        </Menu>
      ),
    },
  ];
  return (
    <>
      <DataTable
        caption="Managed clusters"
        columns={columns}
        rows={databases}
        rowKey={(row) => row.id}
        selected={selected}
      />
      {unregistering && (
        <UnregisterDialog
          database={unregistering}
          onDone={() => {
            setUnregistering(null);
            onChanged();
          }}
          onCancel={() => setUnregistering(null)}
        />
      )}
    </>
  );
}
