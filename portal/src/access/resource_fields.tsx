import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { SelectField } from '../ui/field';
import { SuggestField } from '../ui/suggest_field';
import { useDatabases } from './use_names';

export interface Parts {
  database: string;
  keyspace: string;
  table: string;
}

interface Props {
  value: Parts;
  onValue: (value: Parts) => void;
  /** Which of them are asked for. */
  asked: { database: boolean; keyspace: boolean; table: boolean };
  every?: boolean;
}

/** A database, keyspace and table, chosen from what is there; names may also be typed. */
export function ResourceFields({ value, onValue, asked, every = true }: Props) {
  const databases = useDatabases();
  const id = value.database && value.database !== '*' ? value.database : null;
  const keyspaces = useAnswer(asked.keyspace && id ? `keyspaces ${id}` : null, () =>
    ask(() => api.GET('/v2/databases/{id}/keyspaces', { params: { path: { id: id ?? '' } } })),
  );
  const known = keyspaces.value ?? [];
  const here = known.find((one) => one.name === value.keyspace);
  const listed = databases.value ?? [];
  const unlisted = id !== null && !listed.some((one) => one.id === id);
  if (!asked.database) return null;
  return (
    <>
      <SelectField
        label="Database"
        value={value.database}
        onValue={(database) => onValue({ ...value, database })}
        options={[
          { value: '', text: 'Choose …' },
          ...(every ? [{ value: '*', text: 'Every database' }] : []),
          ...listed.map((one) => ({ value: one.id, text: one.info.name })),
          ...(unlisted ? [{ value: id, text: id }] : []),
        ]}
      />
      {asked.keyspace && (
        <SuggestField
          label="Keyspace"
          value={value.keyspace}
          onValue={(keyspace) => onValue({ ...value, keyspace })}
          suggestions={known.map((one) => ({ value: one.name }))}
        />
      )}
      {asked.table && (
        <SuggestField
          label="Table"
          value={value.table}
          onValue={(table) => onValue({ ...value, table })}
          suggestions={[...(here?.tables ?? []), ...(here?.views ?? [])].map((name) => ({ value: name }))}
        />
      )}
    </>
  );
}
