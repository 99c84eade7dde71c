import { useEffect, useRef, useState } from 'preact/hooks';
import { useKeys } from '../keys/keys';
import { TextField } from './field';
import { useSettled } from './use_settled';

interface Props {
  label: string;
  value: string;
  /** Called once typing has paused. */
  onValue: (value: string) => void;
  placeholder?: string;
}

/** How long typing pauses before a search is asked; a list of 100,000 answers in a few milliseconds. */
const pauseMs = 100;

/** A search that does not ask at every letter; the key / leads to it. */
export function SearchField({ label, value, onValue, placeholder = '' }: Props) {
  const around = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState(value);
  const settled = useSettled(typed, pauseMs);
  const told = useRef(value);
  const tell = useRef(onValue);
  tell.current = onValue;

  useEffect(() => {
    if (settled === told.current) return;
    told.current = settled;
    tell.current(settled);
  }, [settled]);
  // Changed from elsewhere: by going back, or by a link. What one's own typing caused is known already.
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  useKeys({ '/': () => around.current?.querySelector('input')?.focus() });

  return (
    <div ref={around} class="search">
      <TextField
        label={label}
        type="search"
        value={typed}
        onValue={setTyped}
        placeholder={placeholder}
        autocomplete="off"
        maxLength={256}
      />
    </div>
  );
}
