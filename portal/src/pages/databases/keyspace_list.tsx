import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer, useDeed } from '../../api/use_answer';
import { needed } from '../../model/actions';
import { writeResource } from '../../model/resource_name';
import { useSession } from '../../session/session';
import { announce } from '../../ui/announcer';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { CheckField, TextField } from '../../ui/field';
import { ProblemNote } from '../../ui/problem_note';
import { DropKeyspaceDialog } from './drop_keyspace_dialog';
import { Form } from '../../ui/form';
import { useSettled } from '../../ui/use_settled';

type Keyspace = Shapes['Keyspace'];

/** Keyspaces and tables as the gateway sees them. */
export function KeyspaceList({ database }: { database: Shapes['Database'] }) {
  const { id } = database;
  const [withSystem, setWithSystem] = useState(false);
  const [dropping, setDropping] = useState<Keyspace | null>(null);
  const keyspaces = useAnswer(`keyspaces of ${id}`, () =>
    ask(() => api.GET('/v2/databases/{id}/keyspaces', { params: { path: { id } } })),
  );
  return (
    <>
      <Answer of={keyspaces} what="the keyspaces">
        {(all) => {
          const shown = all.filter((one) => withSystem || !one.system);
          return (
            <>
              <CheckField
                label="Show Cassandra's own keyspaces"
                checked={withSystem}
                onChecked={setWithSystem}
              />
              {shown.length === 0 && <p>There is no keyspace of an application yet.</p>}
              {shown.map((one) => (
                <KeyspaceEntry key={one.name} id={id} keyspace={one} onDrop={() => setDropping(one)} />
              ))}
            </>
          );
        }}
      </Answer>
      <CreateKeyspace id={id} onCreated={keyspaces.again} />
      {dropping && (
        <DropKeyspaceDialog
          database={database}
          keyspace={dropping}
          onDone={() => {
            setDropping(null);
            keyspaces.again();
          }}
          onCancel={() => setDropping(null)}
        />
      )}
    </>
  );
}

function KeyspaceEntry({ id, keyspace, onDrop }: { id: string; keyspace: Keyspace; onDrop: () => void }) {
  const { permissions } = useSession();
  const { views } = keyspace;
  const count = keyspace.tables.length;
  return (
    <details class="keyspace" open={!keyspace.system && count <= 12}>
      <summary>
        <strong>{keyspace.name}</strong>{' '}
        <span class="hint">{`${count} ${count === 1 ? 'table' : 'tables'}`}</span>
      </summary>
      {keyspace.replication && <p class="hint">{keyspace.replication}</p>}
      <ul class="names">
        {keyspace.tables.map((table) => (
          <li key={table}>
            <code>{table}</code>
          </li>
        ))}
        {views.map((view) => (
          <li key={view}>
            <code>{view}</code> <span class="hint">view</span>
          </li>
        ))}
      </ul>
      {!keyspace.system && (
        <Button
          label={`Drop keyspace ${keyspace.name}`}
          disabledReason={permissions.reason('db-keyspace-drop', id, keyspace.name)}
          onClick={onDrop}
        >
          Drop
        </Button>
      )}
    </details>
  );
}

const nameOfKeyspace = /^[A-Za-z0-9_]{1,48}$/;

/** Why nobody makes a keyspace of this name with the viewer's permissions: asked, for no list has what is not there yet. */
function useMayNot(id: string, name: string): string | undefined {
  const { scope } = useSession();
  const wanted = useSettled(nameOfKeyspace.test(name) ? name : null);
  const action = 'db-keyspace-create';
  const asked = useAnswer(wanted === null ? null : `may make ${id} ${wanted}`, () => {
    const resource = writeResource({
      level: 'keyspace',
      scope: scope?.id ?? null,
      database: id,
      keyspace: wanted ?? '',
    });
    return ask(() => api.POST('/v2/explain', { body: { action, resource } }));
  });
  return asked.value && !asked.waiting && !asked.value.allow
    ? `${needed(action)} It has to hold for the keyspace ${wanted ?? ''}.`
    : undefined;
}

function CreateKeyspace({ id, onCreated }: { id: string; onCreated: () => void }) {
  const [name, setName] = useState('');
  const mayNot = useMayNot(id, name);
  const deed = useDeed();
  const create = async () => {
    const path = { id, keyspace: name };
    const made = await deed.run(() =>
      ask(() => api.POST('/v2/databases/{id}/keyspaces/{keyspace}', { params: { path } })),
    );
    if (!made) return;
    announce(`The keyspace ${name} is made.`);
    setName('');
    onCreated();
  };
  return (
    <section>
      <h2>Create a keyspace</h2>
      <ProblemNote problem={deed.problem} />
      <Form
        class="filters"
        onSubmit={() => {
          if (mayNot === undefined) void create();
        }}
      >
        <TextField
          label="Name"
          hint="Letters, digits and _, taken as written. The gateway’s role needs CREATE ON ALL KEYSPACES."
          pattern="[A-Za-z0-9_]{1,48}"
          value={name}
          onValue={setName}
          required
        />
        <Button type="submit" busy={deed.busy} disabledReason={mayNot}>
          Create Keyspace
        </Button>
      </Form>
    </section>
  );
}
