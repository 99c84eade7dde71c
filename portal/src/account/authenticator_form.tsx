import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useDeed } from '../api/use_answer';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy_button';
import { TextField } from '../ui/field';
import { ProblemNote } from '../ui/problem_note';
import { QrCode } from './qr_code';
import { Form } from '../ui/form';

interface Props {
  offer: Shapes['TotpNew'];
  onConfirmed: (codes: string[]) => void;
  onCancel: () => void;
}

/** In fours, as people read and type them. */
export function inFours(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ');
}

/** The picture for the authenticator, the same as text, and the first code that proves that it works. */
export function AuthenticatorForm({ offer, onConfirmed, onCancel }: Props) {
  const [code, setCode] = useState('');
  const deed = useDeed();
  const confirm = () =>
    deed.run(async () => {
      const body = { enrolment: offer.enrolment, code: code.replaceAll(' ', '') };
      const { recoveryCodes } = await ask(() => api.PUT('/v2/person/totp', { body }));
      onConfirmed(recoveryCodes);
    });
  return (
    <Form class="authenticator narrow" onSubmit={() => void confirm()}>
      <ol>
        <li>
          <p>Scan this with an authenticator app, or give it the text below by hand.</p>
          <QrCode text={offer.uri} label="QR code with the secret for an authenticator; the text follows" />
          <p>
            Secret: <code>{inFours(offer.secret)}</code>{' '}
            <CopyButton text={offer.secret} what="the authenticator's secret" />
          </p>
          <p class="hint">
            Six digits, every 30 seconds, SHA-1: what authenticators take without being told.
          </p>
        </li>
        <li>
          <ProblemNote problem={deed.problem} />
          <TextField
            label="Code that it shows now"
            inputMode="numeric"
            autocomplete="one-time-code"
            value={code}
            onValue={setCode}
            required
          />
        </li>
      </ol>
      <div class="actions">
        <Button kind="primary" type="submit" busy={deed.busy}>
          Confirm authenticator
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          Not now
        </Button>
      </div>
    </Form>
  );
}
