import { useState } from 'preact/hooks';
import { useDeed } from '../api/use_answer';
import { go } from '../router/place';
import { useSessionState } from '../session/session';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { ProblemNote } from '../ui/problem_note';
import { signIn } from './arrive';
import { Form } from '../ui/form';

export interface Arrival {
  /** Whose code is missing; null: nobody's, yet. */
  codeOf: string | null;
  /** Signs in and goes on to what is left to set up. */
  begin: (email: string, password: string, code?: string) => Promise<void>;
}

/** The sign-in that follows by itself once a password is chosen. */
export function useArrival(): Arrival {
  const { enter } = useSessionState();
  const [codeOf, setCodeOf] = useState<string | null>(null);
  const begin = async (email: string, password: string, code?: string) => {
    if (!(await signIn(email, password, code))) {
      setCodeOf(email);
      return;
    }
    await enter();
    go('/welcome?arrived=1', 'replace');
  };
  return { codeOf, begin };
}

/** For an account that had an authenticator before: the password is there, only the code is missing. */
export function CodeForm({ arrival, password }: { arrival: Arrival; password: string }) {
  const [code, setCode] = useState('');
  const deed = useDeed();
  const email = arrival.codeOf ?? '';
  return (
    <Form class="narrow" onSubmit={() => void deed.run(() => arrival.begin(email, password, code))}>
      <p>
        That is done. The account of <strong>{email}</strong> has an authenticator, too: sign in with the code
        that it shows now. Each code is good once.
      </p>
      <ProblemNote problem={deed.problem} />
      <TextField
        label="Code from your authenticator"
        inputMode="numeric"
        autocomplete="one-time-code"
        value={code}
        onValue={setCode}
        required
      />
      <div class="actions">
        <Button kind="primary" type="submit" busy={deed.busy}>
          Sign in
        </Button>
      </div>
    </Form>
  );
}
