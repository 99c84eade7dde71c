import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { browserName } from '../model/browser';
import { useSession } from '../session/session';
import { announce } from '../ui/announcer';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm_dialog';
import { DataTable } from '../ui/data_table';
import type { Column } from '../ui/data_table';
import { TimeText } from '../ui/time_text';

type Seen = Shapes['SessionSeen'];

interface Props {
  caption: string;
  sessions: Seen[];
  onEnded: () => void;
  disabledReason?: string | undefined;
}

/** Signed-in browsers, each with a button that ends it. One's own current one is ended by signing out. */
export function SessionTable({ caption, sessions, onEnded, disabledReason }: Props) {
  const { signOut } = useSession();
  const [ending, setEnding] = useState<Seen | null>(null);
  const end = async (session: Seen) => {
    await ask(() => api.DELETE('/v2/sessions/{id}', { params: { path: { id: session.id } } }));
    setEnding(null);
    announce('The session has ended.');
    onEnded();
  };
  const columns: Column<Seen>[] = [
    {
      key: 'browser',
      head: 'Browser',
      main: true,
      cell: (session) => (
        <>
          <span title={session.userAgent}>{browserName(session.userAgent)}</span>{' '}
          {session.current && <Badge tone="good">This one</Badge>}
        </>
      ),
    },
    { key: 'address', head: 'Address', cell: (session) => <code>{session.address}</code> },
    { key: 'created', head: 'Signed in', cell: (session) => <TimeText at={session.createdOn} /> },
    { key: 'seen', head: 'Last used', cell: (session) => <TimeText at={session.seenOn} /> },
    {
      key: 'deeds',
      head: '',
      cell: (session) =>
        session.current ? (
          <Button onClick={() => void signOut()}>Sign out</Button>
        ) : (
          <Button
            label={`End the session of ${browserName(session.userAgent)} at ${session.address}`}
            disabledReason={disabledReason}
            onClick={() => setEnding(session)}
          >
            End
          </Button>
        ),
    },
  ];
  return (
    <>
      <DataTable caption={caption} columns={columns} rows={sessions} rowKey={(session) => session.id} />
      {ending && (
        <ConfirmDialog
          title="End this session?"
          confirm="End session"
          onConfirm={() => end(ending)}
          onCancel={() => setEnding(null)}
        >
          <p>
            {browserName(ending.userAgent)} at <code>{ending.address}</code>, last used{' '}
            <TimeText at={ending.seenOn} />, is signed out at once.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
