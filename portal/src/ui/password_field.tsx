import { TextField } from './field';

interface Props {
  value: string;
  onValue: (password: string) => void;
  autofocus?: boolean;
}

/** Where somebody says the password that they have. */
export function PasswordField({ value, onValue, autofocus = false }: Props) {
  return (
    <TextField
      label="Password"
      type="password"
      autocomplete="current-password"
      value={value}
      onValue={onValue}
      autofocus={autofocus}
      required
    />
  );
}
