import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { api, askPlainly } from '../api/client';
import { useDeed } from '../api/use_answer';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { Form } from '../ui/form';
import { PasswordField } from '../ui/password_field';

interface Props {
  /** Whose session goes on; absent: whoever comes. */
  email?: string;
  onSignedIn: () => Promise<unknown>;
  /** Deeds beside the sign-in. */
  children?: ComponentChildren;
}

/** Address, password and, for those who have one, a code. Whatever is wrong, the answer is the same. */
export function SignInForm({ email: whose, onSignedIn, children }: Props) {
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const deed = useDeed();
  const email = whose ?? typed;
  const signIn = () =>
    deed.run(async () => {
      const second = code ? (recovery ? { recoveryCode: code } : { code }) : {};
      await askPlainly(() => api.POST('/v2/sessions', { body: { email, password, ...second } }));
      await onSignedIn();
    });
  return (
    <Form class="narrow" onSubmit={() => void signIn()} problem={deed.problem}>
      <TextField
        label="E-mail address"
        type="email"
        autocomplete="username"
        value={email}
        onValue={setTyped}
        readOnly={whose !== undefined}
        required
      />
      <PasswordField value={password} onValue={setPassword} autofocus={whose !== undefined} />
      <TextField
        label={recovery ? 'Recovery code' : 'Code from your authenticator'}
        hint="Leave empty if you have not set one up."
        autocomplete="one-time-code"
        inputMode={recovery ? 'text' : 'numeric'}
        value={code}
        onValue={setCode}
      />
      <div class="actions">
        <Button kind="primary" type="submit" busy={deed.busy}>
          Sign in
        </Button>
        <Button kind="quiet" onClick={() => setRecovery(!recovery)}>
          {recovery ? 'Use a code instead' : 'Use a recovery code'}
        </Button>
        {children}
      </div>
    </Form>
  );
}
