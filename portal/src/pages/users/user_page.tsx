import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { RemoveUserDialog, RemovedNote } from '../../people/remove_user_dialog';
import type { Removed } from '../../people/remove_user_dialog';
import { RolesDialog } from '../../people/roles_dialog';
import { Link } from '../../router/link';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Page } from '../../ui/page';
import type { PageProps } from '../page_props';
import { MemberSessions } from './member_sessions';
import { RoleLinks, UserStatus } from './user_table';

type User = Shapes['User'];

export default function UserPage({ params }: PageProps) {
  const userID = params['userId'] ?? '';
  const [removed, setRemoved] = useState<Removed | null>(null);
  const user = useAnswer(`user ${userID}`, () =>
    ask(() => api.GET('/v2/organizations/users/{userID}', { params: { path: { userID } } })),
  );
  if (removed)
    return (
      <Page title={removed.email}>
        <RemovedNote removed={removed} />
        <p>
          <Link href="/users">All users</Link>
        </p>
      </Page>
    );
  if (!user.value)
    return (
      <Page title="User">
        <Answer of={user} what="the user">
          {() => null}
        </Answer>
      </Page>
    );
  return <Known user={user.value} onChanged={user.again} onRemoved={setRemoved} />;
}

interface Props {
  user: User;
  onChanged: () => void;
  onRemoved: (removed: Removed) => void;
}

function Known({ user, onChanged, onRemoved }: Props) {
  const { scope, signedIn, permissions } = useSession();
  const [dialog, setDialog] = useState<'roles' | 'remove' | null>(null);
  const reason = permissions.reason(actionIn(scope, 'user-write'));
  const close = () => setDialog(null);
  return (
    <Page
      title={user.Email}
      deeds={
        <>
          <Button disabledReason={reason} onClick={() => setDialog('roles')}>
            Change Roles
          </Button>
          <Button disabledReason={reason} onClick={() => setDialog('remove')}>
            Remove
          </Button>
        </>
      }
    >
      <dl class="facts">
        <dt>Status</dt>
        <dd>
          <UserStatus user={user} own={user.UserID === signedIn.person.id} />
        </dd>
        <dt>Roles</dt>
        <dd>
          <RoleLinks user={user} />
        </dd>
        <dt>Id</dt>
        <dd>
          <code>{user.UserID}</code>
        </dd>
        <dt>More</dt>
        <dd>
          <Link href={`/tokens?createdBy=${user.UserID}`}>Tokens that they made</Link>,{' '}
          <Link href={`/audit?actor=${user.UserID}`}>what they did</Link>,{' '}
          <Link href={`/audit?subject=${user.UserID}`}>what was done to them</Link>
        </dd>
      </dl>
      <section>
        <h2>Signed-in browsers</h2>
        <MemberSessions user={user} disabledReason={reason} />
      </section>
      {dialog === 'roles' && (
        <RolesDialog
          user={user}
          onDone={() => {
            close();
            onChanged();
          }}
          onCancel={close}
        />
      )}
      {dialog === 'remove' && <RemoveUserDialog user={user} onRemoved={onRemoved} onCancel={close} />}
    </Page>
  );
}
