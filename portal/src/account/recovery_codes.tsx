import { useLayoutEffect, useState } from 'preact/hooks';
import { guardLeaving } from '../router/place';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm_dialog';
import { CopyButton } from '../ui/copy_button';
import { download } from '../ui/download';

/** Ten codes, here and never again: whoever leaves before storing them is asked. */
export function RecoveryCodes(props: { codes: string[]; email: string; onStored: () => void }) {
  const { codes, email, onStored } = props;
  const [onward, setOnward] = useState<{ go: () => void } | null>(null);
  useLayoutEffect(() => guardLeaving((go) => setOnward({ go }), true), []);
  const text = codes.join('\n') + '\n';
  const file = `Recovery codes of ${email} for Latchkey at ${location.host}. Each is good once.\n\n${text}`;
  return (
    <div class="card once">
      <h3>Recovery codes</h3>
      <p>
        Each signs you in once in place of a code, for the day the authenticator is gone. They are shown here
        and never again; former ones are void.
      </p>
      <ol class="codes" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="actions">
        <CopyButton text={text} what="recovery codes" />
        <Button onClick={() => download('latchkey-recovery-codes.txt', 'text/plain', file)}>Download</Button>
        <Button kind="primary" onClick={onStored}>
          I have stored them
        </Button>
      </div>
      {onward && (
        <ConfirmDialog
          title="Leave without the codes?"
          confirm="Leave"
          onCancel={() => setOnward(null)}
          onConfirm={() => {
            onward.go();
            return Promise.resolve();
          }}
        >
          <p>They cannot be shown again. You can make new ones on your account page.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
