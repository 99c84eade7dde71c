import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { ago } from '../model/time';
import { counted } from '../model/words';
import { announce } from '../ui/announcer';
import { ConfirmDialog } from '../ui/confirm_dialog';
import { CheckField } from '../ui/field';
import type { Token } from './list_state';
import { tokenName } from './token_state';

interface Props {
  token: Token;
  onDeleted: () => void;
  onCancel: () => void;
}

/** Names the token, its last use and what ends with it; offers to delete what it made, counted first. */
export function DeleteTokenDialog({ token, onDeleted, onCancel }: Props) {
  const { clientId } = token;
  const path = { clientId };
  // Asked again, for the list may be minutes old.
  const fresh = useAnswer(`token ${clientId}`, () =>
    ask(() => api.GET('/v2/tokens/{clientId}', { params: { path } })),
  );
  const made = useAnswer(`made by ${clientId}`, () =>
    ask(() => api.POST('/v2/tokens/revoke', { body: { createdBy: clientId, preview: true } })),
  );
  const [too, setToo] = useState(false);
  const count = made.value?.count ?? 0;

  const remove = async () => {
    const params = too ? { path, query: { createdTokens: true } } : { path };
    await ask(() => api.DELETE('/v2/tokens/{clientId}', { params }));
    announce(`Deleted ${tokenName(token)}`);
    onDeleted();
  };

  return (
    <ConfirmDialog title="Delete this token?" confirm="Delete Token" onConfirm={remove} onCancel={onCancel}>
      <p>
        <strong>{tokenName(token)}</strong>
        {token.description && (
          <>
            {' '}
            <code>{clientId}</code>
          </>
        )}
      </p>
      <p>{whatEnds(fresh.value ?? token)}</p>
      <p>Whatever uses it is refused from then on. This cannot be undone.</p>
      {count > 0 && (
        <CheckField
          label={`and everything it made: ${counted(count, 'token')}`}
          hint={shown(made.value?.clientIds ?? [], count)}
          checked={too}
          onChecked={setToo}
        />
      )}
    </ConfirmDialog>
  );
}

function shown(clientIds: string[], count: number): string {
  const first = clientIds.slice(0, 3);
  const more = count - first.length;
  return first.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** "Used 3 minutes ago, 41 open sessions will be closed." */
export function whatEnds(token: Token): string {
  const sessions = token.openSessions ?? 0;
  const used =
    token.lastUsedAt === undefined
      ? 'When it was last used is not known'
      : token.lastUsedAt === null
        ? 'Never used'
        : `Used ${ago(token.lastUsedAt)}${token.lastUsedFrom ? ` from ${token.lastUsedFrom}` : ''}`;
  return `${used}, ${sessions ? `${counted(sessions, 'open session')} will be closed` : 'no session is open'}.`;
}
