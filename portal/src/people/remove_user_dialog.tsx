import { api, ask, askWhole } from '../api/client';
import type { Shapes } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { Link } from '../router/link';
import { actionIn } from '../session/action_in';
import { useSession } from '../session/session';
import { announce } from '../ui/announcer';
import { ConfirmDialog } from '../ui/confirm_dialog';

/** Who was removed, and which of their tokens live on. */
export interface Removed {
  email: string;
  userId: string;
  tokens: number;
  clientIds: string[];
}

export function removedOf(user: Shapes['User'], headers: Headers): Removed {
  return {
    email: user.Email,
    userId: user.UserID,
    tokens: Number(headers.get('X-Latchkey-Tokens-Made') ?? '0') || 0,
    clientIds: (headers.get('X-Latchkey-Token-Ids') ?? '').split(',').filter(Boolean),
  };
}

interface Props {
  user: Shapes['User'];
  onRemoved: (removed: Removed) => void;
  onCancel: () => void;
}

const shownMost = 20;

/** Says before what stays behind: the tokens that they made. */
export function RemoveUserDialog({ user, onRemoved, onCancel }: Props) {
  const { scope, permissions } = useSession();
  const readable = permissions.may(actionIn(scope, 'token-read'));
  const query = { createdBy: user.UserID, limit: shownMost };
  const made = useAnswer(readable ? `made by ${user.UserID}` : null, () =>
    ask(() => api.GET('/v2/tokens', { params: { query } })),
  );
  const remove = async () => {
    const path = { userID: user.UserID };
    const { response } = await askWhole(() =>
      api.DELETE('/v2/organizations/users/{userID}', { params: { path } }),
    );
    announce(`${user.Email} is removed.`);
    onRemoved(removedOf(user, response.headers));
  };
  const tokens = made.value?.clients ?? [];
  return (
    <ConfirmDialog
      title={`Remove ${user.Email}?`}
      confirm="Remove User"
      onConfirm={remove}
      onCancel={onCancel}
    >
      <p>
        {user.Status === 'invited'
          ? 'The invitation and its link are void.'
          : `Their roles in ${scope?.name ?? 'this scope'} end at once, also in browsers that are signed in.`}
      </p>
      {!readable && <p>Tokens that they made stay. You may not see which; the answer names them.</p>}
      {readable && tokens.length === 0 && made.value && <p>They made no token that is still there.</p>}
      {tokens.length > 0 && (
        <>
          <p>
            These tokens were made by them and <strong>stay</strong>:
          </p>
          <ul>
            {tokens.map((token) => (
              <li key={token.clientId}>
                {token.description || 'without description'} <code>{token.clientId}</code>
              </li>
            ))}
          </ul>
          {tokens.length === shownMost && <p>There may be more.</p>}
        </>
      )}
    </ConfirmDialog>
  );
}

/** Afterwards, until it is closed or left. */
export function RemovedNote({ removed }: { removed: Removed }) {
  const { email, tokens, clientIds } = removed;
  return (
    <div class="note">
      <p>
        <strong>{email}</strong> is removed. {tokens === 0 && 'They had made no token that is still there.'}
        {tokens > 0 &&
          `${tokens === 1 ? 'One token that they made stays' : `${tokens} tokens that they made stay`}:`}
      </p>
      {clientIds.length > 0 && (
        <ul class="names">
          {clientIds.map((id) => (
            <li key={id}>
              <Link href={`/tokens/${id}`}>
                <code>{id}</code>
              </Link>
            </li>
          ))}
          {tokens > clientIds.length && (
            <li>
              <Link href={`/tokens?createdBy=${removed.userId}`}>{`all ${tokens}`}</Link>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
