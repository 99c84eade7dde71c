import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import { useDeed } from '../api/use_answer';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { TextField } from '../ui/field';
import { ProblemNote } from '../ui/problem_note';
import { Form } from '../ui/form';
import { PasswordField } from '../ui/password_field';
import type { Waited } from './waited';

/** Password and code once more; afterwards what waited for it goes on by itself. */
export function ProofDialog({ proof, secondFactor }: { proof: Waited; secondFactor: boolean }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const deed = useDeed();
  if (!proof.wanted) return null;

  const done = (given: boolean) => {
    setPassword('');
    setCode('');
    deed.clear();
    proof.settle(given);
  };
  const give = async () => {
    const body = secondFactor ? { password, code } : { password };
    const given = await deed.run(() => ask(() => api.POST('/v2/sessions/current/proof', { body })));
    if (given) done(true);
  };

  return (
    <Dialog title="Confirm that it is you" onCancel={() => done(false)}>
      <Form onSubmit={() => void give()}>
        <p>This needs your password{secondFactor && ' and a code'} again. It holds for ten minutes.</p>
        <ProblemNote problem={deed.problem} />
        <PasswordField value={password} onValue={setPassword} autofocus />
        {secondFactor && (
          <TextField
            label="Code from your authenticator"
            inputMode="numeric"
            autocomplete="one-time-code"
            value={code}
            onValue={setCode}
            required
          />
        )}
        <div class="actions">
          <Button onClick={() => done(false)}>Cancel</Button>
          <Button kind="primary" type="submit" busy={deed.busy}>
            Confirm
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
