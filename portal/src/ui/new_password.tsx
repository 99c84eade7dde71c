import { useId, useState } from 'preact/hooks';
import { PASSWORD_LEAST, lengthOf, passwordFault } from '../model/password';
import { CheckField, TextField } from './field';

interface Props {
  label?: string;
  value: string;
  onValue: (value: string) => void;
  least: number;
  /** Nobody knows yet whether the account has an authenticator, beside which `least` would do. */
  either?: boolean;
  /** Say what is wrong, for somebody tried to go on. */
  tried: boolean;
  /** Why the daemon refused it: it knows which passwords are guessed first. */
  refused?: string | undefined;
}

/** A password to be chosen. The meter measures its length alone; what is guessed first the daemon refuses. */
export function NewPassword(props: Props) {
  const { label = 'New password', value, onValue, least, either = false, tried, refused } = props;
  const [shown, show] = useState(false);
  const id = useId();
  const length = lengthOf(value);
  const wanted = either ? PASSWORD_LEAST : least;
  return (
    <>
      <TextField
        label={label}
        type={shown ? 'text' : 'password'}
        autocomplete="new-password"
        hint={rule(least, either)}
        error={(tried ? passwordFault(value, least) : undefined) ?? refused}
        value={value}
        onValue={onValue}
        spellcheck={false}
        required
      />
      <div class="meter">
        <label for={id}>Length</label>
        <meter id={id} min={0} max={wanted} value={Math.min(length, wanted)}>
          {length}
        </meter>
        <span aria-hidden="true">{`${length} of ${wanted}`}</span>
      </div>
      <CheckField label="Show the password" checked={shown} onChecked={show} />
    </>
  );
}

function rule(least: number, either: boolean): string {
  const what =
    'A few words that do not belong together are easy to remember; no rule asks for kinds of characters.';
  return either
    ? `At least ${PASSWORD_LEAST} characters, or ${least} where the account has an authenticator. ${what}`
    : `At least ${least} characters. ${what}`;
}
