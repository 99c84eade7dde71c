import { api, ask } from '../../api/client';
import type { Scope, Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { go } from '../../router/place';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { DataTable } from '../../ui/data_table';
import type { Column } from '../../ui/data_table';
import { TimeText } from '../../ui/time_text';

type Organization = Shapes['Organization'];

/** The enterprise's member organizations; a name opens that organization's Settings. */
export default function OrganizationsSection() {
  const { scope, scopes, choose } = useSession();
  const id = scope?.id ?? '';
  const list = useAnswer(`organizations of ${id}`, () =>
    ask(() => api.GET('/v2/enterprises/{id}/organizations', { params: { path: { id } } })),
  );
  const open = (organization: Scope) => {
    go('/settings/tokens');
    choose(organization);
  };
  return (
    <>
      <h2>Organizations</h2>
      <Answer of={list} what="the organizations">
        {(organizations) =>
          organizations.length === 0 ? (
            <p>
              No organization belongs to this enterprise yet. Whoever runs this Latchkey makes one with{' '}
              <code>latchkey org create NAME --email EMAIL</code>.
            </p>
          ) : (
            <>
              <p>A name opens the Settings of that organization.</p>
              <DataTable
                caption="Organizations of this enterprise"
                columns={columns(scopes, open)}
                rows={organizations}
                rowKey={(row) => row.id}
              />
            </>
          )
        }
      </Answer>
    </>
  );
}

function columns(scopes: Scope[], open: (organization: Scope) => void): Column<Organization>[] {
  return [
    {
      key: 'name',
      head: 'Name',
      main: true,
      cell: (row) => <Name row={row} scope={scopes.find((one) => one.id === row.id)} open={open} />,
    },
    { key: 'id', head: 'Id', cell: (row) => <code>{row.id}</code> },
    { key: 'made', head: 'Made', cell: (row) => <TimeText at={row.createdAt} /> },
  ];
}

/** Who has no membership sees the name and what it takes to get in: an enterprise's administrator is nobody there. */
function Name(props: { row: Organization; scope: Scope | undefined; open: (organization: Scope) => void }) {
  const { row, scope, open } = props;
  if (scope)
    return (
      <button type="button" class="as-link" onClick={() => open(scope)}>
        {row.name}
      </button>
    );
  return (
    <>
      {row.name}
      <p class="hint">
        You are no member of it. Somebody who administers it can invite you: Users → Invite User.
      </p>
    </>
  );
}
