import { useId, useState } from 'preact/hooks';
import { PASSWORD_LEAST, PASSWORD_LEAST_WITH_CODE, lengthOf, passwordFault } from '../model/password';
import { CheckField, TextField } from './field';

interface Props {
  label?: string;
  value: string;
  onValue: (value: string) => void;
  least: number;
  /** Say what is wrong, for somebody tried to go on. */
  tried: boolean;
}

/** A password to be chosen. Its only rule is a length, and that is all that the meter measures. */
export function NewPassword({ label = 'New password', value, onValue, least, tried }: Props) {
  const [shown, show] = useState(false);
  const id = useId();
  const length = lengthOf(value);
  return (
    <>
      <TextField
        label={label}
        type={shown ? 'text' : 'password'}
        autocomplete="new-password"
        hint={rule(least)}
        error={tried ? passwordFault(value, least) : undefined}
        value={value}
        onValue={onValue}
        spellcheck={false}
        required
      />
      <div class="meter">
        <label for={id}>Length</label>
        <meter id={id} min={0} max={PASSWORD_LEAST} value={Math.min(length, PASSWORD_LEAST)}>
          {length}
        </meter>
        <span aria-hidden="true">{`${length} of ${least}`}</span>
      </div>
      <CheckField label="Show the password" checked={shown} onChecked={show} />
    </>
  );
}

function rule(least: number): string {
  const what = 'Anything goes: a sentence is easy to remember.';
  return least === PASSWORD_LEAST
    ? `At least ${PASSWORD_LEAST} characters. ${what}`
    : `At least ${PASSWORD_LEAST} characters, or ${PASSWORD_LEAST_WITH_CODE} where the account has an authenticator. ${what}`;
}
