import { useSession } from '../session/session';
import { Button } from '../ui/button';
import { SelectField } from '../ui/field';
import type { Option } from '../ui/field';
import { SearchField } from '../ui/search_field';
import { isNarrowed, statuses } from './list_state';
import type { ListState } from './list_state';

interface Props {
  state: ListState;
  roles: ReadonlyMap<string, string> | undefined;
  people: ReadonlyMap<string, string>;
  onChange: (change: Partial<ListState>) => void;
}

/** Names by id as options, and what the address says even where nobody knows its name. */
function options(all: string, names: ReadonlyMap<string, string>, chosen: string): Option[] {
  const known = [...names].map(([value, text]) => ({ value, text }));
  known.sort((a, b) => a.text.localeCompare(b.text));
  const rest = chosen && !names.has(chosen) ? [{ value: chosen, text: chosen }] : [];
  return [{ value: '', text: all }, ...known, ...rest];
}

export function TokenFilters({ state, roles, people, onChange }: Props) {
  const { signedIn } = useSession();
  const creators = new Map(people);
  creators.set(signedIn.person.id, `${signedIn.person.email} (you)`);
  return (
    <search class="filters">
      <SearchField
        label="Search"
        placeholder="Description, client id, role, creator"
        value={state.q}
        onValue={(q) => onChange({ q })}
      />
      <SelectField
        label="State"
        value={state.status}
        options={statuses.map(([value, text]) => ({ value, text }))}
        onValue={(status) => onChange({ status })}
      />
      <SelectField
        label="Role"
        value={state.role}
        options={options('Any', roles ?? new Map<string, string>(), state.role)}
        onValue={(role) => onChange({ role })}
      />
      <SelectField
        label="Made by"
        value={state.createdBy}
        options={options('Anybody', creators, state.createdBy)}
        onValue={(createdBy) => onChange({ createdBy })}
      />
      {isNarrowed(state) && (
        <Button kind="quiet" onClick={() => onChange({ q: '', status: '', role: '', createdBy: '' })}>
          Show all
        </Button>
      )}
    </search>
  );
}
