import { families } from '../../audit/record';
import { filters, localTime, utcTime } from '../../audit/search';
import type { Filters } from '../../audit/search';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { SearchField } from '../../ui/search_field';
import { WhoField } from './who_field';

interface Props {
  by: Filters;
  people: ReadonlyMap<string, string>;
  set: (change: Record<string, string | null>) => void;
}

const outcomes = [
  { value: '', text: 'Any' },
  { value: 'done', text: 'Done' },
  { value: 'refused', text: 'Refused' },
  { value: 'failed', text: 'Failed' },
];

export function AuditFilters({ by, people, set }: Props) {
  const events = [{ value: '', text: 'Anything' }, ...families.map(([value, text]) => ({ value, text }))];
  // A link may name one event, "token.delete".
  if (by.event && !events.some((one) => one.value === by.event))
    events.push({ value: by.event, text: by.event });
  const narrowed = filters.some((name) => by[name] !== '');
  return (
    <>
      <div class="filters" role="search" aria-label="Audit trail">
        <SearchField label="Text anywhere" value={by.q} onValue={(q) => set({ q })} />
        <SelectField label="What" value={by.event} onValue={(event) => set({ event })} options={events} />
        <SelectField
          label="Outcome"
          value={by.outcome}
          onValue={(outcome) => set({ outcome })}
          options={outcomes}
        />
        <WhoField value={by.actor} people={people} onValue={(actor) => set({ actor })} />
        <SearchField
          label="To what"
          value={by.subject}
          onValue={(subject) => set({ subject })}
          placeholder="id of what it was done to"
        />
        <TextField
          label="From"
          type="datetime-local"
          value={localTime(by.from)}
          onValue={(from) => set({ from: utcTime(from) })}
        />
        <TextField
          label="Before"
          type="datetime-local"
          value={localTime(by.to)}
          onValue={(to) => set({ to: utcTime(to) })}
        />
        {narrowed && (
          <Button kind="quiet" onClick={() => set(Object.fromEntries(filters.map((name) => [name, null])))}>
            Clear filters
          </Button>
        )}
      </div>
    </>
  );
}
