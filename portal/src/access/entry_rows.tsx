import { Button } from '../ui/button';
import { CheckField, TextField } from '../ui/field';
import type { Entry, Remarks } from './draft';

interface Props {
  entries: Entry[];
  readOnly: boolean;
  /** What was said about rows, by their keys. */
  remarks: ReadonlyMap<number, Remarks>;
  onEntries: (entries: Entry[]) => void;
}

export function EntryRows({ entries, readOnly, remarks, onEntries }: Props) {
  const change = (key: number, part: Partial<Entry>) =>
    onEntries(entries.map((entry) => (entry.key === key ? { ...entry, ...part } : entry)));
  if (entries.length === 0) return <p class="hint">No address is listed.</p>;
  return (
    <ul class="entries" aria-label="Addresses">
      {entries.map((entry) => (
        <li key={entry.key}>
          <TextField
            label="Address or range"
            placeholder="10.0.0.0/8"
            value={entry.address}
            readOnly={readOnly}
            error={remarks.get(entry.key)?.faults.join(' ')}
            warning={remarks.get(entry.key)?.hints.join(' ')}
            onValue={(address) => change(entry.key, { address })}
          />
          <TextField
            label="Description"
            value={entry.description}
            readOnly={readOnly}
            onValue={(description) => change(entry.key, { description })}
          />
          <CheckField
            label="Counts"
            checked={entry.enabled}
            disabledReason={readOnly ? 'Read only' : undefined}
            onChecked={(enabled) => change(entry.key, { enabled })}
          />
          {!readOnly && (
            <Button
              label={`Take out ${entry.address || 'this row'}`}
              onClick={() => onEntries(entries.filter((one) => one.key !== entry.key))}
            >
              Take out
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
