import { useState } from 'preact/hooks';
import type { Shapes } from '../../api/client';
import { useRowKeys } from '../../keys/use_row_keys';
import { RemoveUserDialog } from '../../people/remove_user_dialog';
import type { Removed } from '../../people/remove_user_dialog';
import { RolesDialog } from '../../people/roles_dialog';
import { Link } from '../../router/link';
import { go } from '../../router/place';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { Badge } from '../../ui/badge';
import { DataTable } from '../../ui/data_table';
import type { Column } from '../../ui/data_table';
import { Menu } from '../../ui/menu';

type User = Shapes['User'];

interface Props {
  users: User[];
  onInvite: (user: User) => void;
  onChanged: () => void;
  onRemoved: (removed: Removed) => void;
}

/** In words, not by colour alone. */
export function UserStatus({ user, own }: { user: User; own: boolean }) {
  return (
    <>
      {user.Status === 'invited' ? <Badge tone="warn">Invited</Badge> : <Badge tone="good">Active</Badge>}
      {own && (
        <>
          {' '}
          <Badge tone="calm">You</Badge>
        </>
      )}
    </>
  );
}

export function RoleLinks({ user }: { user: User }) {
  return (
    <ul class="names">
      {user.Roles.map((role) => (
        <li key={role.ID}>
          {role.Name ? (
            <Link href={`/roles/${role.ID}`}>{role.Name}</Link>
          ) : (
            <Badge tone="warn">Dangling role</Badge>
          )}
        </li>
      ))}
    </ul>
  );
}

export function UserTable({ users, onInvite, onChanged, onRemoved }: Props) {
  const { scope, signedIn, permissions } = useSession();
  const [dialog, setDialog] = useState<{ is: 'roles' | 'remove'; user: User } | null>(null);
  const reason = permissions.reason(actionIn(scope, 'user-write'));
  const selected = useRowKeys(
    users.map((user) => user.UserID),
    (id) => go(`/users/${id}`),
  );
  const columns: Column<User>[] = [
    {
      key: 'email',
      head: 'E-mail address',
      main: true,
      cell: (user) => <Link href={`/users/${user.UserID}`}>{user.Email}</Link>,
    },
    {
      key: 'status',
      head: 'Status',
      cell: (user) => <UserStatus user={user} own={user.UserID === signedIn.person.id} />,
    },
    { key: 'roles', head: 'Roles', cell: (user) => <RoleLinks user={user} /> },
    {
      key: 'deeds',
      head: '',
      cell: (user) => (
        <Menu
          label={`More for ${user.Email}`}
          items={[
            {
              text: 'Change Roles',
              onPick: () => setDialog({ is: 'roles', user }),
              disabledReason: reason,
            },
            ...(user.Status === 'invited'
              ? [{ text: 'Invite Again', onPick: () => onInvite(user), disabledReason: reason }]
              : []),
            {
              text: 'Remove',
              danger: true,
              onPick: () => setDialog({ is: 'remove', user }),
              disabledReason: reason,
            },
          ]}
        >
          More
        </Menu>
      ),
    },
  ];
  const close = () => setDialog(null);
  if (users.length === 0) return <p>Nobody matches.</p>;
  return (
    <>
      <DataTable
        caption="Users"
        columns={columns}
        rows={users}
        rowKey={(user) => user.UserID}
        selected={selected}
      />
      {dialog?.is === 'roles' && (
        <RolesDialog
          user={dialog.user}
          onDone={() => {
            close();
            onChanged();
          }}
          onCancel={close}
        />
      )}
      {dialog?.is === 'remove' && (
        <RemoveUserDialog
          user={dialog.user}
          onRemoved={(removed) => {
            close();
            onRemoved(removed);
          }}
          onCancel={close}
        />
      )}
    </>
  );
}
