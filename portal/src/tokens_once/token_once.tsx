import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { ConnectSnippets } from '../connect/connect_snippets';
import { targetOf } from '../connect/snippets';
import { guardLeaving } from '../router/place';
import { useSession } from '../session/session';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { download } from '../ui/download';
import { SelectField } from '../ui/field';
import { Page } from '../ui/page';
import { SecretField } from './secret_field';
import { tokenFiles } from './token_files';
import type { Made } from './token_files';
import { useTargets } from './use_targets';

interface Props {
  made: Made;
  /** The database that it was made for, whose address stands in the snippets; absent: one may be chosen. */
  databaseId?: string;
  /** What else is to be said: which role it got. */
  note?: ComponentChildren;
  /** Called once the person says to have stored it; the caller lets go of `made` and goes on. */
  onStored: () => void;
}

/**
 * The one moment at which a token is seen. It has no address of its own and is kept in this component's props alone:
 * loading the page again does not bring it back, and leaving asks.
 */
export function TokenOnce({ made, databaseId, note, onStored }: Props) {
  const { scope } = useSession();
  const targets = useTargets();
  const [chosen, choose] = useState(databaseId);
  const [onward, setOnward] = useState<{ go: () => void } | null>(null);
  const release = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    release.current = guardLeaving((go) => setOnward({ go }), true);
    return () => release.current();
  }, []);

  const named = targets.find((one) => one.id === chosen) ?? targets[0];
  const target = scope?.kind === 'organization' ? (named?.target ?? targetOf(undefined, undefined)) : null;
  const stored = () => {
    release.current();
    onStored();
  };
  return (
    <Page
      title="Your new token"
      lead="It is shown now and never again: Latchkey keeps no copy of it. Store it where your program finds it."
    >
      {note}
      <SecretField label="Token" value={made.token} what="the token" rows={3} primary />
      <details open>
        <summary>Client id and secret, for programs that ask for the two</summary>
        <SecretField label="Client id" value={made.clientId} what="the client id" />
        <SecretField label="Client secret" value={made.secret} what="the client secret" rows={3} />
      </details>
      <section>
        <h2>Download</h2>
        <div class="actions">
          {tokenFiles(made, target).map((file) => (
            <Button
              key={file.title}
              label={`Download ${file.title}`}
              onClick={() => download(file.name, file.type, file.text)}
            >
              {file.title}
            </Button>
          ))}
        </div>
      </section>
      <section>
        <h2>Connect</h2>
        {targets.length > 1 && !databaseId && (
          <div class="narrow">
            <SelectField
              label="Database"
              value={named?.id ?? ''}
              options={targets.map((one) => ({ value: one.id, text: one.name }))}
              onValue={choose}
            />
          </div>
        )}
        {target && !named && (
          <p class="hint">
            No database that you may see is registered: put a gateway’s address in place of GATEWAY.
          </p>
        )}
        {target && (
          <p>
            The user name is always <code>token</code>, the password is the token.
          </p>
        )}
        <ConnectSnippets target={target} token={made.token} withApi />
      </section>
      <div class="actions once-end">
        <Button kind="primary" onClick={stored}>
          I have stored it
        </Button>
      </div>
      {onward && <Leaving onStay={() => setOnward(null)} onLeave={onward.go} />}
    </Page>
  );
}

function Leaving({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  return (
    <Dialog title="Have you stored the token?" onCancel={onStay}>
      <p>Once this page is left, nobody can show the token again. A lost one is deleted and made anew.</p>
      <div class="actions">
        <Button onClick={onStay} autofocus>
          Stay here
        </Button>
        <Button kind="danger" onClick={onLeave}>
          I have stored it
        </Button>
      </div>
    </Dialog>
  );
}
