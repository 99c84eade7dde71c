import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useDeed } from '../api/use_answer';
import { useSession } from '../session/session';
import { announce } from '../ui/announcer';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { MemberRoles } from './member_roles';
import { Form } from '../ui/form';

interface Props {
  user: Shapes['User'];
  onDone: () => void;
  onCancel: () => void;
}

export function RolesDialog({ user, onDone, onCancel }: Props) {
  const { signedIn, refresh } = useSession();
  const [roles, setRoles] = useState(user.Roles.map((role) => role.ID));
  const deed = useDeed();
  const save = () =>
    deed.run(async () => {
      const path = { userID: user.UserID };
      await ask(() =>
        api.PUT('/v2/organizations/users/{userID}/roles', { params: { path }, body: { roles } }),
      );
      announce(`The roles of ${user.Email} are changed.`);
      if (user.UserID === signedIn.person.id) await refresh();
      onDone();
    });
  return (
    <Dialog title={`Roles of ${user.Email}`} onCancel={onCancel}>
      <Form onSubmit={() => void save()} problem={deed.problem}>
        <MemberRoles chosen={roles} onChosen={setRoles} />
        <p class="hint">They hold from the moment they are saved, also for browsers that are signed in.</p>
        <div class="actions">
          <Button onClick={onCancel} autofocus>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            busy={deed.busy}
            disabledReason={roles.length ? undefined : 'Choose at least one role.'}
          >
            Save Roles
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
