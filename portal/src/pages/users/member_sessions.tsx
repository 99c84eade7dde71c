import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { SessionTable } from '../../people/session_table';
import { announce } from '../../ui/announcer';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/confirm_dialog';

interface Props {
  user: Shapes['User'];
  /** Why the viewer may neither see nor end them. */
  disabledReason: string | undefined;
}

/** Sessions of a member, as far as they act in this scope. */
export function MemberSessions({ user, disabledReason }: Props) {
  const [ending, setEnding] = useState(false);
  const query = { userId: user.UserID };
  const list = useAnswer(disabledReason === undefined ? `sessions of ${user.UserID}` : null, () =>
    ask(() => api.GET('/v2/sessions', { params: { query } })),
  );
  const endAll = async () => {
    await ask(() => api.DELETE('/v2/sessions', { params: { query } }));
    setEnding(false);
    announce(`All sessions of ${user.Email} have ended.`);
    list.again();
  };
  if (disabledReason !== undefined)
    return <Button disabledReason={disabledReason}>Show signed-in browsers</Button>;
  return (
    <Answer of={list} what="their sessions">
      {({ sessions }) =>
        sessions.length === 0 ? (
          <p>None.</p>
        ) : (
          <>
            <SessionTable
              caption={`Signed-in browsers of ${user.Email}`}
              sessions={sessions}
              onEnded={list.again}
            />
            <div class="actions below">
              <Button onClick={() => setEnding(true)}>End all</Button>
            </div>
            {ending && (
              <ConfirmDialog
                title={`End all sessions of ${user.Email}?`}
                confirm="End all"
                onConfirm={endAll}
                onCancel={() => setEnding(false)}
              >
                <p>
                  {sessions.length === 1 ? 'One browser is' : `${sessions.length} browsers are`} signed out at
                  once. They can sign in again; removing the user ends that, too.
                </p>
              </ConfirmDialog>
            )}
          </>
        )
      }
    </Answer>
  );
}
