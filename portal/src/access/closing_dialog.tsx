import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useEach } from '../api/use_each';
import { counted } from '../model/words';
import { tokenName } from '../tokens/token_state';
import { ConfirmDialog } from '../ui/confirm_dialog';

type Closed = Shapes['AccessClosed'];

export interface ClosedGroup {
  clientId: string;
  sessions: number;
  addresses: string[];
}

/** Sessions by their token, those with most first. */
export function closedByToken(sessions: Closed[]): ClosedGroup[] {
  const groups = new Map<string, ClosedGroup>();
  for (const { clientId, address } of sessions) {
    const group = groups.get(clientId) ?? { clientId, sessions: 0, addresses: [] };
    group.sessions++;
    if (!group.addresses.includes(address)) group.addresses.push(address);
    groups.set(clientId, group);
  }
  return [...groups.values()].sort((a, b) => b.sessions - a.sessions);
}

const shownMost = 10;
const addressesMost = 3;

interface Props {
  preview: Shapes['AccessPreview'];
  door: string;
  onConfirm: () => Promise<void>;
  onCancel: () => void;
}

/** Before a list is saved that shuts out whoever is connected: how many sessions, and whose. */
export function ClosingDialog({ preview, door, onConfirm, onCancel }: Props) {
  const groups = closedByToken(preview.sessions);
  const shown = groups.slice(0, shownMost);
  const names = useEach(
    shown.map((group) => group.clientId),
    async (clientId) => {
      const params = { path: { clientId } };
      return tokenName(await ask(() => api.GET('/v2/tokens/{clientId}', { params })));
    },
  );
  return (
    <ConfirmDialog
      title={`Close ${counted(preview.closing, 'open session')}?`}
      confirm="Save and close them"
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      <p>{howMany(preview, door)}</p>
      {shown.length === 0 && <p>You may not read tokens, so it is not told whose they are.</p>}
      <ul>
        {shown.map(({ clientId, sessions, addresses }) => (
          <li key={clientId}>
            <strong>{names.get(clientId) ?? clientId}</strong>: {counted(sessions, 'session')} from{' '}
            {addresses.slice(0, addressesMost).join(', ')}
            {addresses.length > addressesMost &&
              ` and ${counted(addresses.length - addressesMost, 'more address', 'more addresses')}`}
          </li>
        ))}
      </ul>
      {preview.closing > preview.sessions.length && shown.length > 0 && (
        <p>These are the {preview.sessions.length} oldest.</p>
      )}
      {groups.length > shown.length && <p>And {counted(groups.length - shown.length, 'more token')}.</p>}
    </ConfirmDialog>
  );
}

function howMany({ closing, openSessions }: Props['preview'], door: string): string {
  if (closing === openSessions)
    return `This list lets in nobody who is connected to ${door} now: every session is closed at once.`;
  const open = counted(openSessions, 'open session');
  return `${closing} of ${open} of ${door} come from addresses that this list does not let in. They are closed at once.`;
}
