import { useAnswer } from '../../api/use_answer';
import { useEach } from '../../api/use_each';
import { useKeys } from '../../keys/keys';
import { useRowKeys } from '../../keys/use_row_keys';
import { isBuiltIn } from '../../model/builtin';
import { counted } from '../../model/words';
import { Link } from '../../router/link';
import { go, usePlace, withQuery } from '../../router/place';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Badge } from '../../ui/badge';
import { LinkButton } from '../../ui/button';
import { DataTable } from '../../ui/data_table';
import type { Column } from '../../ui/data_table';
import { SelectField } from '../../ui/field';
import { Page } from '../../ui/page';
import { SearchField } from '../../ui/search_field';
import { TimeText } from '../../ui/time_text';
import { NoCustomRole } from './no_custom_role';
import { RoleHeat } from './role_heat';
import { changedAt, listRoles, readHolders, readRoles, roleActions } from './role_list';
import type { Holders, ListState, Role } from './role_list';

export default function RolesPage() {
  const { scope, permissions } = useSession();
  const roles = useAnswer('roles', readRoles);
  const { write } = roleActions(scope);
  const reason = permissions.reason(write);
  useKeys({ c: () => reason === undefined && go('/roles/new') });
  return (
    <Page
      title="Roles"
      lead={
        scope?.kind === 'enterprise'
          ? 'What tokens and members of the enterprise may do. A role of an organization is found in that organization.'
          : 'What tokens and members may do, and on which databases, keyspaces and tables.'
      }
      deeds={
        <LinkButton kind="primary" href="/roles/new" disabledReason={reason}>
          New role
        </LinkButton>
      }
    >
      <Answer of={roles} what="roles">
        {(value) => <RoleList roles={value} />}
      </Answer>
    </Page>
  );
}

/** Each role's holders are a question of its own: of long lists the first rows are asked about, and the order is another. */
const mostAsked = 50;

function useShown(roles: Role[], state: ListState) {
  const all = roles.length <= mostAsked;
  const order = all || !state.sort.endsWith('used') ? state : { ...state, sort: '' };
  const inOrder = listRoles(roles, order, new Map());
  const holders = useEach(
    (all ? roles : inOrder.slice(0, mostAsked)).map((role) => role.id),
    readHolders,
  );
  return { holders, all, shown: all ? listRoles(roles, order, holders) : inOrder };
}

function RoleList({ roles }: { roles: Role[] }) {
  const { scope } = useSession();
  const place = usePlace();
  const state: ListState = {
    q: place.query.get('q') ?? '',
    kind: place.query.get('kind') ?? '',
    sort: place.query.get('sort') ?? '',
  };
  const { holders, shown, all } = useShown(roles, state);
  const selected = useRowKeys(
    shown.map((role) => role.id),
    (id) => go(`/roles/${id}`),
  );
  const set = (change: Record<string, string>) => go(withQuery(place, change), 'replace');
  const custom = roles.some((role) => !isBuiltIn(role.id));
  return (
    <>
      {!custom && <NoCustomRole />}
      <Filters state={state} set={set} />
      {shown.length > 0 ? (
        <DataTable
          caption="Roles"
          columns={columns(holders, all)}
          rows={shown}
          rowKey={(role) => role.id}
          sort={state.sort}
          onSort={(sort) => set({ sort })}
          selected={selected}
        />
      ) : (
        <p>No role fits.</p>
      )}
      <p class="hint list-count" role="status">
        {counted(shown.length, 'role')}
        {!all &&
          shown.length > mostAsked &&
          `. Who holds a role is told of the first ${mostAsked}: search for less.`}
      </p>
      {scope?.kind === 'organization' && shown.length > 0 && <RoleHeat roles={shown} />}
    </>
  );
}

function Filters({ state, set }: { state: ListState; set: (change: Record<string, string>) => void }) {
  return (
    <div class="filters">
      <SearchField
        label="Search"
        placeholder="Name, action or resource"
        value={state.q}
        onValue={(q) => set({ q })}
      />
      <SelectField
        label="Kind"
        value={state.kind}
        onValue={(kind) => set({ kind })}
        options={[
          { value: '', text: 'All' },
          { value: 'custom', text: 'Custom' },
          { value: 'built-in', text: 'Built-in' },
        ]}
      />
    </div>
  );
}

function columns(holders: Holders, all: boolean): Column<Role>[] {
  return [
    {
      key: 'name',
      head: 'Name',
      main: true,
      sort: 'name',
      cell: (role) => <Link href={`/roles/${role.id}`}>{role.name}</Link>,
    },
    {
      key: 'kind',
      head: 'Kind',
      cell: (role) => (
        <>
          {isBuiltIn(role.id) ? (
            <Badge tone="calm">Built-in, locked</Badge>
          ) : (
            <Badge tone="good">Custom</Badge>
          )}{' '}
          {role.policy.effect === 'deny' && <Badge tone="bad">Deny</Badge>}
        </>
      ),
    },
    {
      key: 'what',
      head: 'Description',
      // Built-in roles are described by their names.
      cell: (role) => (role.policy.description === role.name ? '' : (role.policy.description ?? '')),
    },
    { key: 'actions', head: 'Actions', number: true, cell: (role) => role.policy.actions.length },
    {
      key: 'used',
      head: 'Used by',
      number: true,
      ...(all && { sort: 'used' }),
      cell: (role) => (holders.has(role.id) || all ? usedBy(holders.get(role.id)) : ''),
    },
    {
      key: 'changed',
      head: 'Changed',
      sort: 'changed',
      cell: (role) => <TimeText at={changedAt(role)} />,
    },
  ];
}

/** Undefined: not known yet; null: it was not told. */
function usedBy(holders: number | null | undefined): string {
  if (holders === undefined) return '…';
  if (holders === null) return 'not told';
  return holders === 0 ? 'nobody' : String(holders);
}
