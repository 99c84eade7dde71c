import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { Link } from '../router/link';
import { CheckField, FieldSet, SelectField } from '../ui/field';
import { ProblemNote } from '../ui/problem_note';
import { whats } from './part_role';
import type { Part } from './part_role';

interface Props {
  part: Part;
  databases: Shapes['DatabaseList'];
  onPart: (part: Part) => void;
}

const names = (all: string, texts: string[]) => [
  { value: '', text: all },
  ...texts.map((text) => ({ value: text, text })),
];

/** One database, keyspace or table out of those that there are, and how far into it. */
export function PartFields({ part, databases, onPart }: Props) {
  const path = { id: part.databaseId };
  const keyspaces = useAnswer(part.databaseId ? `keyspaces ${part.databaseId}` : null, () =>
    ask(() => api.GET('/v2/databases/{id}/keyspaces', { params: { path } })),
  );
  const own = (keyspaces.value ?? []).filter((one) => !one.system);
  const tables = own.find((one) => one.name === part.keyspace)?.tables ?? [];
  if (databases.length === 0)
    return (
      <p class="note">
        No database that you may see is registered yet. <Link href="/databases">Databases</Link>
      </p>
    );
  return (
    <>
      <ProblemNote problem={keyspaces.problem} />
      <div class="filters">
        <SelectField
          label="Database"
          value={part.databaseId}
          options={[
            { value: '', text: 'Choose one' },
            ...databases.map((one) => ({ value: one.id, text: one.info.name })),
          ]}
          onValue={(databaseId) => onPart({ ...part, databaseId, keyspace: '', table: '' })}
        />
        <SelectField
          label="Keyspace"
          value={part.keyspace}
          options={names(
            'Every keyspace',
            own.map((one) => one.name),
          )}
          onValue={(keyspace) => onPart({ ...part, keyspace, table: '' })}
        />
        <SelectField
          label="Table"
          value={part.table}
          options={names('Every table', tables)}
          onValue={(table) => onPart({ ...part, table })}
        />
      </div>
      <FieldSet legend="May">
        {whats.map(([what, text, hint]) => (
          <CheckField
            key={what}
            radio
            name="what"
            label={text}
            hint={hint}
            checked={part.what === what}
            onChecked={() => onPart({ ...part, what })}
          />
        ))}
      </FieldSet>
    </>
  );
}
