import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Link } from '../../router/link';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { DataTable } from '../../ui/data_table';
import type { Column } from '../../ui/data_table';

type Map = Shapes['AccessMap'];

/** A set of roles, who holds it, and what it can do somewhere in the database. */
export interface Reach {
  index: number;
  group: Map['groups'][number];
  does: string[];
  where: number;
}

export function reachOf(map: Map): Reach[] {
  return map.groups.flatMap((group, index) => {
    const its = map.reach.filter((one) => one.group === index);
    if (its.length === 0) return [];
    const does = [
      its.some((one) => one.reads) ? 'reads' : '',
      its.some((one) => one.writes) ? 'writes' : '',
      its.some((one) => one.changesSchema) ? 'changes the schema' : '',
    ].filter(Boolean);
    const tables = new Set(its.filter((one) => one.level === 'table').map((one) => one.resource));
    return [{ index, group, does, where: tables.size }];
  });
}

const columns: Column<Reach>[] = [
  {
    key: 'roles',
    head: 'Roles',
    main: true,
    cell: ({ group }) => (
      <ul class="names">
        {group.roles.map((role) => (
          <li key={role.id}>
            <Link href={`/roles/${role.id}`}>{role.name || 'a deleted role'}</Link>
          </li>
        ))}
      </ul>
    ),
  },
  { key: 'does', head: 'Can', cell: ({ does }) => does.join(', ') || 'connect, nothing more' },
  { key: 'tables', head: 'Tables', number: true, cell: ({ where }) => where },
  {
    key: 'tokens',
    head: 'Tokens',
    cell: ({ group }) =>
      group.tokens === 0 ? (
        'none'
      ) : (
        <ul class="names">
          {group.clients.map((client) => (
            <li key={client.clientId}>
              <Link href={`/tokens/${client.clientId}`}>{client.description || client.clientId}</Link>
            </li>
          ))}
          {group.tokens > group.clients.length && <li>and {group.tokens - group.clients.length} more</li>}
        </ul>
      ),
  },
  {
    key: 'people',
    head: 'People',
    cell: ({ group }) => {
      const more = group.members - group.people.length;
      const names = group.people.map((person) => person.email).join(', ');
      return names + (more > 0 ? ` and ${more} more` : '');
    },
  },
];

/** Tokens and people that reach a database, by their sets of roles. */
export function DatabaseReach({ id }: { id: string }) {
  const { permissions } = useSession();
  const reason = permissions.reason('org-token-read') ?? permissions.reason('org-role-read');
  const map = useAnswer(reason ? null : `reach of ${id}`, () =>
    ask(() => api.GET('/v2/access-map', { params: { query: { databaseId: id } } })),
  );
  if (reason) return <Button disabledReason={reason}>Show tokens that reach it</Button>;
  return (
    <Answer of={map} what="who reaches this database">
      {(found) => {
        const rows = reachOf(found);
        return rows.length === 0 ? (
          <p>
            No token and nobody reaches this database. <em>Generate Token</em> makes one that administers it.
          </p>
        ) : (
          <>
            {found.truncated && <p class="note warn">There is more than is shown here.</p>}
            <DataTable
              caption="Who reaches this database"
              columns={columns}
              rows={rows}
              rowKey={(row) => `${row.index}`}
            />
            <p>
              <Link href={`/access-map?databaseId=${id}`}>As a picture, table by table</Link>
            </p>
          </>
        );
      }}
    </Answer>
  );
}
