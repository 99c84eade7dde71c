import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { SessionTable } from '../../people/session_table';
import { announce } from '../../ui/announcer';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/confirm_dialog';

export function OwnSessions() {
  const own = useAnswer('own sessions', () => ask(() => api.GET('/v2/sessions')));
  const [ending, setEnding] = useState(false);
  const endOthers = async () => {
    await ask(() => api.DELETE('/v2/sessions'));
    setEnding(false);
    announce('All other sessions have ended.');
    own.again();
  };
  return (
    <Answer of={own} what="your sessions">
      {({ sessions }) => {
        const others = sessions.filter((session) => !session.current).length;
        return (
          <>
            <SessionTable caption="Your signed-in browsers" sessions={sessions} onEnded={own.again} />
            <div class="actions below">
              <Button
                disabledReason={others ? undefined : 'There is no other session.'}
                onClick={() => setEnding(true)}
              >
                End all others
              </Button>
            </div>
            {ending && (
              <ConfirmDialog
                title="End all other sessions?"
                confirm="End all others"
                onConfirm={endOthers}
                onCancel={() => setEnding(false)}
              >
                <p>
                  {others === 1 ? 'One other browser is' : `${others} other browsers are`} signed out at once.
                  This one stays.
                </p>
              </ConfirmDialog>
            )}
          </>
        );
      }}
    </Answer>
  );
}
