import { useId } from 'preact/hooks';
import { CopyButton } from '../ui/copy_button';

interface Props {
  label: string;
  value: string;
  what: string;
  rows?: number;
  primary?: boolean;
}

/** Read-only, and whole with one click or by keyboard; no browser keeps it as something that was typed. */
export function SecretField({ label, value, what, rows = 1, primary = false }: Props) {
  const id = useId();
  return (
    <div class="field secret">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        class="code"
        rows={rows}
        readOnly
        autocomplete="off"
        spellcheck={false}
        value={value}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton text={value} what={what} kind={primary ? 'primary' : 'plain'} />
    </div>
  );
}
