import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { useKeys } from '../../keys/keys';
import { InviteForm } from '../../people/invite_form';
import { InvitedNote } from '../../people/invited_note';
import { RemovedNote } from '../../people/remove_user_dialog';
import type { Removed } from '../../people/remove_user_dialog';
import { go, withQuery } from '../../router/place';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { SelectField } from '../../ui/field';
import { Page } from '../../ui/page';
import { SearchField } from '../../ui/search_field';
import type { PageProps } from '../page_props';
import { UserTable } from './user_table';

type User = Shapes['User'];

export function matching(users: User[], search: string, status: string): User[] {
  const wanted = search.trim().toLowerCase();
  return users.filter(
    (user) =>
      (!status || user.Status === status) &&
      (user.Email.toLowerCase().includes(wanted) ||
        user.Roles.some((role) => role.Name.toLowerCase().includes(wanted))),
  );
}

/** Members and who is invited. Search and filter are part of the address. */
export default function UsersPage({ query }: PageProps) {
  const { scope, permissions } = useSession();
  const list = useAnswer(`users of ${scope?.id ?? ''}`, () => ask(() => api.GET('/v2/organizations/users')));
  const [inviting, setInviting] = useState<User | 'new' | null>(null);
  const [invited, setInvited] = useState<Shapes['UserInvited'] | null>(null);
  const [removed, setRemoved] = useState<Removed | null>(null);
  const reason = permissions.reason(actionIn(scope, 'user-write'));
  const search = query.get('q') ?? '';
  const status = query.get('status') ?? '';
  const set = (change: Record<string, string>) => go(withQuery({ path: '/users', query }, change), 'replace');
  const invite = (whom: User | 'new') => {
    setInvited(null);
    setInviting(whom);
  };
  useKeys({ c: () => !reason && invite('new') });

  return (
    <Page
      title="Users"
      lead={`People who sign in and work in ${scope?.name ?? ''}. Programs have tokens instead.`}
      deeds={
        <Button kind="primary" disabledReason={reason} onClick={() => invite('new')}>
          Invite User
        </Button>
      }
    >
      {invited && <InvitedNote user={invited} onClose={() => setInvited(null)} />}
      {removed && <RemovedNote removed={removed} />}
      {inviting && (
        <section>
          <h2>{inviting === 'new' ? 'Invite somebody' : `Invite ${inviting.Email} again`}</h2>
          <InviteForm
            key={inviting === 'new' ? '' : inviting.UserID}
            {...(inviting === 'new'
              ? { members: (list.value?.Users ?? []).map((user) => user.Email) }
              : { again: { email: inviting.Email, roles: inviting.Roles.map((role) => role.ID) } })}
            onInvited={(user) => {
              setInviting(null);
              setInvited(user);
              list.again();
            }}
            onCancel={() => setInviting(null)}
          />
        </section>
      )}
      <div class="filters">
        <SearchField label="Search" value={search} onValue={(q) => set({ q })} />
        <SelectField
          label="Status"
          value={status}
          onValue={(value) => set({ status: value })}
          options={[
            { value: '', text: 'All' },
            { value: 'active', text: 'Active' },
            { value: 'invited', text: 'Invited' },
          ]}
        />
      </div>
      <Answer of={list} what="the users">
        {({ Users: all }) => (
          <UserTable
            users={matching(all, search, status)}
            onInvite={invite}
            onChanged={list.again}
            onRemoved={(who) => {
              setRemoved(who);
              list.again();
            }}
          />
        )}
      </Answer>
    </Page>
  );
}
