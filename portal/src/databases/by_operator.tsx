import { useRef } from 'preact/hooks';
import { isProblem } from '../api/problem';
import { useEvery } from '../api/use_every';
import type { Shapes } from '../api/client';
import { useSession } from '../session/session';
import { announce } from '../ui/announcer';
import { Button } from '../ui/button';
import { Command } from '../ui/command';
import { databaseNamed } from './database_named';
import { addCommand } from './registration';
import type { Registration } from './registration';

const lookEveryMs = 3000;

interface Props {
  wish: Registration;
  /** The daemon's words; null: the command was asked for. */
  why: string | null;
  onBack: () => void;
  onRegistered: (database: Shapes['Database']) => void;
}

/** The command that registers the cluster; the page notices by itself when it has been run. */
export function ByOperator({ wish, why, onBack, onRegistered }: Props) {
  const { scopes, scope } = useSession();
  const looking = useRef(false);
  const look = async () => {
    if (looking.current) return;
    looking.current = true;
    try {
      const made = await databaseNamed(wish.name);
      if (!made) return;
      announce(`${made.info.name} is registered.`);
      onRegistered(made);
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown; // the next look may succeed
    } finally {
      looking.current = false;
    }
  };
  useEvery(lookEveryMs, () => void look());
  return (
    <div class="card">
      <h3>On the machine where Latchkey runs</h3>
      {why && (
        <p>
          Which addresses Latchkey connects to and listens on is up to whoever runs it (settings{' '}
          <code>register-targets</code> and <code>register-listen</code>). Nothing was changed.
        </p>
      )}
      <p>
        Put the password of <code>{wish.username}</code> into a file that only you can read, and run this,
        with the data folder that Latchkey was started with in place of <code>DIR</code>:
      </p>
      <Command
        text={addCommand(wish, scopes.length > 1 ? (scope?.name ?? null) : null)}
        what="Command that registers the cluster"
      />
      <p class="waiting" role="status">
        Waiting for {wish.name.trim()} to appear …
      </p>
      <div class="actions">
        <Button onClick={onBack}>Back to the form</Button>
      </div>
    </div>
  );
}
