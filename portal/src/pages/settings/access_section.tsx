import { AccessListEditor } from '../../access/access_list_editor';
import { draftOf } from '../../access/draft';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Link } from '../../router/link';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Badge } from '../../ui/badge';
import { DataTable } from '../../ui/data_table';
import type { Column } from '../../ui/data_table';

/** From where the API and this Portal may be used, and the lists of the databases' doors. */
export default function AccessSection() {
  return (
    <>
      <section>
        <h2>Access list of the API</h2>
        <p>From where this API, and with it the Portal, may be used. The local operator is always let in.</p>
        <ApiAccess />
      </section>
      <section>
        <h2>Access lists of databases</h2>
        <p>Who may come to a database&apos;s CQL door. Each is edited with its database.</p>
        <DatabaseLists />
      </section>
    </>
  );
}

function ApiAccess() {
  const { scope, permissions } = useSession();
  const path = { orgId: scope?.id ?? '' };
  const list = useAnswer(`access list of the API, ${path.orgId}`, () =>
    ask(() => api.GET('/v2/organizations/{orgId}/devops-acl', { params: { path } })),
  );
  return (
    <Answer of={list} what="the access list">
      {(kept) => (
        <AccessListEditor
          key={JSON.stringify(kept)}
          initial={draftOf(kept)}
          door="the API"
          disabledReason={permissions.reason('accesslist-write')}
          save={(body, force) =>
            ask(() =>
              api.PUT('/v2/organizations/{orgId}/devops-acl', {
                params: { path, query: force ? { force } : {} },
                body,
              }),
            )
          }
          onSaved={list.again}
        />
      )}
    </Answer>
  );
}

interface Row {
  database: Shapes['Database'];
  list: Shapes['AccessList'] | undefined;
}

const columns: Column<Row>[] = [
  {
    key: 'name',
    head: 'Database',
    main: true,
    cell: ({ database }) => <Link href={`/databases/${database.id}?view=access`}>{database.info.name}</Link>,
  },
  {
    key: 'state',
    head: 'State',
    cell: ({ list }) => {
      if (!list?.configurations.accessListEnabled) return <Badge tone="calm">Open to all</Badge>;
      const counting = list.addresses.filter((entry) => entry.enabled).length;
      return counting ? <Badge tone="good">In force</Badge> : <Badge tone="warn">Closed to all</Badge>;
    },
  },
  { key: 'ranges', head: 'Ranges', number: true, cell: ({ list }) => list?.addresses.length ?? 0 },
];

function DatabaseLists() {
  const { scope } = useSession();
  const rows = useAnswer(`access lists of ${scope?.id ?? ''}`, async () => {
    const [databases, lists] = await Promise.all([
      ask(() => api.GET('/v2/databases')),
      ask(() => api.GET('/v2/access-lists')),
    ]);
    return databases.map((database) => ({
      database,
      list: lists.find((one) => one.databaseId === database.id),
    }));
  });
  return (
    <Answer of={rows} what="the access lists of databases">
      {(all) =>
        all.length === 0 ? (
          <p>No cluster is registered.</p>
        ) : (
          <DataTable
            caption="Access lists of databases"
            columns={columns}
            rows={all}
            rowKey={(row) => row.database.id}
          />
        )
      }
    </Answer>
  );
}
