import type { Shapes } from '../api/client';
import { exactly } from '../model/time';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy_button';
import { TextField } from '../ui/field';

/** The link of an invitation, once: to be handed over by whoever invited. */
export function InvitedNote({ user, onClose }: { user: Shapes['UserInvited']; onClose: () => void }) {
  const link = user.invitationLink;
  if (!link)
    return (
      <div class="note">
        <p>
          <strong>{user.Email}</strong> belongs here already: the roles are changed, and no link is needed.
        </p>
        <Button onClick={onClose}>Close</Button>
      </div>
    );
  return (
    <div class="card once" role="region" aria-label="Invitation link">
      <h2>Hand this link to {user.Email}</h2>
      <p>
        It is shown here and never again, is good once, and ends after 72 hours
        {user.invitationExpires && ` (${exactly(user.invitationExpires)})`}. Inviting again voids it. Give it
        to nobody else: whoever opens it becomes {user.Email}.
      </p>
      <TextField
        label="Invitation link"
        value={link}
        onValue={() => undefined}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="actions">
        <CopyButton text={link} what="invitation link" kind="primary" />
        <Button onClick={onClose}>I have handed it over</Button>
      </div>
    </div>
  );
}
