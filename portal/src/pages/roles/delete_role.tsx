import { ReviewSummary } from '../../access/review_summary';
import { useNames } from '../../access/use_names';
import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/confirm_dialog';
import { Dialog } from '../../ui/dialog';
import { readHolders } from './role_list';
import type { Role } from './role_list';

interface Props {
  role: Role;
  version: string;
  onCancel: () => void;
  onDeleted: () => void;
}

/** Asks before a role goes: who holds it and what they lose. A deny that somebody holds cannot go. */
export function DeleteRole({ role, version, onCancel, onDeleted }: Props) {
  const names = useNames();
  const holders = useAnswer('holders', () => readHolders(role.id));
  const review = useAnswer('review', () =>
    ask(() => api.POST('/v2/policies/review', { body: { roleId: role.id } })),
  );
  const inUse = role.policy.effect === 'deny' && (holders.value ?? 0) > 0;
  const title = `Delete the role “${role.name}”?`;
  if (inUse)
    return (
      <Dialog title="This deny is in use" onCancel={onCancel}>
        <p>
          {holders.value === 1
            ? 'One token or member holds'
            : `${holders.value ?? 0} tokens and members hold`}{' '}
          “{role.name}”. Without it they could do what it denies, so Latchkey does not delete it. Take the
          role from them first, or delete those tokens.
        </p>
        <div class="actions">
          <Button onClick={onCancel} autofocus>
            Close
          </Button>
        </div>
      </Dialog>
    );
  const remove = async () => {
    await ask(() =>
      api.DELETE('/v2/organizations/roles/{roleId}', {
        params: { path: { roleId: role.id } },
        headers: version ? { 'If-Match': version } : {},
      }),
    );
    onDeleted();
  };
  return (
    <ConfirmDialog title={title} confirm="Delete Role" onConfirm={remove} onCancel={onCancel}>
      <Answer of={holders} what="who holds it">
        {(count) => (
          <p>
            {count === 0 ? (
              'Nobody holds it.'
            ) : (
              <>
                <strong>
                  {count === 1 ? 'One token or member holds it' : `${count} tokens and members hold it`}
                </strong>{' '}
                and will lose what it allows. The tokens stay, with the other roles that they have; this one’s
                id dangles in them and is never used again.
              </>
            )}
          </p>
        )}
      </Answer>
      <Answer of={review} what="what is lost">
        {(value) => <ReviewSummary review={value} names={names} />}
      </Answer>
    </ConfirmDialog>
  );
}
