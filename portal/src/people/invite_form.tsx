import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useDeed } from '../api/use_answer';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { MemberRoles } from './member_roles';
import { Form } from '../ui/form';

interface Props {
  /** For somebody who is invited already: their address and roles. */
  again?: { email: string; roles: string[] };
  /** Who is here already: inviting them would put these roles in place of theirs. */
  members?: string[];
  onInvited: (user: Shapes['UserInvited']) => void;
  onCancel: () => void;
}

export function InviteForm({ again, members = [], onInvited, onCancel }: Props) {
  const [email, setEmail] = useState(again?.email ?? '');
  const [roles, setRoles] = useState(again?.roles ?? []);
  const [tried, setTried] = useState(false);
  const deed = useDeed();
  const fault = again ? undefined : faultOf(email.trim(), members);
  const invite = () => {
    setTried(true);
    if (fault || roles.length === 0) return;
    void deed.run(async () => {
      const body = { email: email.trim(), roles };
      onInvited(await ask(() => api.PUT('/v2/organizations/users', { body })));
    });
  };
  return (
    <Form class="narrow" noValidate onSubmit={() => invite()} problem={deed.problem}>
      <TextField
        label="E-mail address"
        hint="They sign in by it. Latchkey sends no mail: you hand them the link."
        type="email"
        autocomplete="off"
        readOnly={again !== undefined}
        value={email}
        onValue={setEmail}
        error={tried ? fault : undefined}
        required
      />
      <MemberRoles
        chosen={roles}
        onChosen={setRoles}
        error={tried && roles.length === 0 ? 'Choose at least one role.' : undefined}
      />
      <div class="actions">
        <Button kind="primary" type="submit" busy={deed.busy}>
          Invite
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </Form>
  );
}

function faultOf(email: string, members: string[]): string | undefined {
  if (!email) return 'This is needed.';
  const here = members.some((one) => one.toLowerCase() === email.toLowerCase());
  return here ? 'They are here already; change their roles in the list.' : undefined;
}
