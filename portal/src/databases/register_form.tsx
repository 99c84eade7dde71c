import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { Problem } from '../api/problem';
import { useDeed } from '../api/use_answer';
import { useSession } from '../session/session';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { addressFaults } from './addresses';
import { ByOperator } from './by_operator';
import { databaseNamed } from './database_named';
import { blank, isOperators } from './registration';
import type { Registration } from './registration';
import { Form } from '../ui/form';
import { refusedField } from '../ui/refused_field';

type Database = Shapes['Database'];

const told = ['name', 'contactPoints', 'datacenter', 'username', 'password', 'listen', 'advertise'];

/** Registers a cluster, or says what its operator has to type for it. */
export function RegisterForm(props: { onRegistered: (database: Database) => void; onCancel?: () => void }) {
  const { onRegistered, onCancel } = props;
  const { permissions } = useSession();
  const [wish, setWish] = useState<Registration>(blank);
  const [byOperator, setByOperator] = useState(false);
  const deed = useDeed();
  const set = (change: Partial<Registration>) => setWish((was) => ({ ...was, ...change }));

  const refused = refusedField(deed.problem, told);

  const register = () =>
    deed.run(async () => {
      mustBePossible(wish);
      await mustBeNew(wish.name);
      const { advertise, ...rest } = wish;
      const body = { ...rest, ...(advertise.trim() ? { advertise: advertise.trim() } : {}) };
      await ask(() => api.POST('/v2/databases', { body }));
      const made = await databaseNamed(wish.name);
      if (made) onRegistered(made);
    });

  const left = deed.problem && isOperators(deed.problem.message) ? deed.problem.message : null;
  if (left !== null || byOperator)
    return (
      <ByOperator
        wish={wish}
        why={left}
        onBack={() => {
          deed.clear();
          setByOperator(false);
        }}
        onRegistered={onRegistered}
      />
    );
  return (
    <Form class="narrow" onSubmit={() => void register()} problem={refused.problem} told={refused.told}>
      <Fields wish={wish} set={set} at={refused.at} />
      <div class="actions">
        <Button
          kind="primary"
          type="submit"
          busy={deed.busy}
          disabledReason={
            permissions.mayAnywhere('org-db-create') ? undefined : permissions.reason('org-db-create')
          }
        >
          Register cluster
        </Button>
        <Button
          disabledReason={wish.name.trim() ? undefined : 'Give it a name first.'}
          onClick={() =>
            void deed.run(async () => {
              mustBePossible(wish);
              await mustBeNew(wish.name);
              setByOperator(true);
            })
          }
        >
          Show the command
        </Button>
        {onCancel && (
          <Button kind="quiet" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </Form>
  );
}

/** What cannot be right is said before anything is sent, and before a command is shown for it. */
function mustBePossible(wish: Registration): void {
  for (const [field, fault] of Object.entries(addressFaults(wish)))
    throw new Problem(400, 0, `${field}: ${fault}`, '');
}

/** Else the page would take the database that there is for the one that is waited for. */
async function mustBeNew(name: string): Promise<void> {
  const there = await databaseNamed(name);
  if (there) throw new Problem(400, 0, `name: There is a database called ${there.info.name} already.`, '');
}

function Fields(props: {
  wish: Registration;
  set: (change: Partial<Registration>) => void;
  at: (field: keyof Registration) => string | undefined;
}) {
  const { wish, set, at } = props;
  return (
    <>
      <TextField
        label="Name"
        hint="Unique in the organization; drivers never see it."
        value={wish.name}
        onValue={(name) => set({ name })}
        error={at('name')}
        required
      />
      <TextField
        label="Contact points"
        hint="HOST:PORT of some nodes, with commas between."
        value={wish.contactPoints}
        onValue={(contactPoints) => set({ contactPoints })}
        error={at('contactPoints')}
        required
      />
      <TextField
        label="Local datacenter"
        hint="Only its nodes are used. nodetool status names it."
        value={wish.datacenter}
        onValue={(datacenter) => set({ datacenter })}
        error={at('datacenter')}
        required
      />
      <TextField
        label="Role of the gateway"
        hint="A role of the cluster with LOGIN, without SUPERUSER: tokens work through it."
        value={wish.username}
        onValue={(username) => set({ username })}
        error={at('username')}
        autocomplete="off"
        required
      />
      <TextField
        label="Its password"
        hint="Sealed at rest, and never shown again."
        type="password"
        autocomplete="off"
        value={wish.password}
        onValue={(password) => set({ password })}
        error={at('password')}
        required
      />
      <TextField
        label="Listen address"
        hint="IP:PORT of the CQL door that opens for this cluster."
        value={wish.listen}
        onValue={(listen) => set({ listen })}
        error={at('listen')}
        required
      />
      <TextField
        label="Address shown to drivers (optional)"
        hint="Where it differs from the listen address, as behind a load balancer."
        value={wish.advertise}
        onValue={(advertise) => set({ advertise })}
        error={at('advertise')}
      />
    </>
  );
}
