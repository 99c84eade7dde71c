import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useDeed } from '../../api/use_answer';
import { announce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { ProblemNote } from '../../ui/problem_note';
import { Form } from '../../ui/form';

interface Props {
  database: Shapes['Database'];
  keyspace: Shapes['Keyspace'];
  onDone: () => void;
  onCancel: () => void;
}

/** Data goes with it, so the name is typed before. */
export function DropKeyspaceDialog({ database, keyspace, onDone, onCancel }: Props) {
  const [typed, setTyped] = useState('');
  const deed = useDeed();
  const { name } = keyspace;
  const count = keyspace.tables.length;
  const drop = () =>
    deed.run(async () => {
      const path = { id: database.id, keyspace: name };
      await ask(() => api.DELETE('/v2/databases/{id}/keyspaces/{keyspace}', { params: { path } }));
      announce(`The keyspace ${name} is dropped.`);
      onDone();
    });
  return (
    <Dialog title={`Drop keyspace ${name}?`} onCancel={onCancel}>
      <Form
        onSubmit={() => {
          if (typed === name) void drop();
        }}
      >
        <p>
          It is dropped in the cluster <strong>{database.info.name}</strong>, with{' '}
          {count === 1 ? 'its table' : `its ${count} tables`} and everything in them. Latchkey cannot bring it
          back.
        </p>
        <ProblemNote problem={deed.problem} />
        <TextField
          label={`Type ${name} to confirm`}
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onValue={setTyped}
        />
        <div class="actions">
          <Button onClick={onCancel} autofocus>
            Cancel
          </Button>
          <Button
            kind="danger"
            type="submit"
            busy={deed.busy}
            disabledReason={typed === name ? undefined : `Type ${name} first.`}
          >
            Drop Keyspace
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
