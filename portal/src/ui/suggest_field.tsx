import { useId } from 'preact/hooks';
import { TextField } from './field';

interface Props {
  label: string;
  value: string;
  onValue: (value: string) => void;
  suggestions: { value: string; text?: string }[];
  placeholder?: string;
  hint?: string;
  error?: string | undefined;
}

/** A text that may be chosen from what is known, or typed. */
export function SuggestField({ suggestions, ...field }: Props) {
  const id = useId();
  return (
    <>
      <TextField {...field} list={id} autocomplete="off" />
      <datalist id={id}>
        {suggestions.map((one) => (
          <option key={one.value} value={one.value}>
            {one.text ?? one.value}
          </option>
        ))}
      </datalist>
    </>
  );
}
