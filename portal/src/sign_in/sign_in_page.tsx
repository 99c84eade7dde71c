import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import { useDeed } from '../api/use_answer';
import { useSessionState } from '../session/session';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { Page } from '../ui/page';
import { NoPlainHttp, canSignIn } from './plain_http';
import { Form } from '../ui/form';

/** Address, password and, for those who have one, a code. Whatever is wrong, the answer is the same. */
export function SignInPage({ ended }: { ended: boolean }) {
  const { enter } = useSessionState();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const deed = useDeed();

  if (!canSignIn()) return <NoPlainHttp />;
  const signIn = () =>
    deed.run(async () => {
      const second = code ? (recovery ? { recoveryCode: code } : { code }) : {};
      await ask(() => api.POST('/v2/sessions', { body: { email, password, ...second } }));
      await enter();
    });
  return (
    <Page title="Sign in">
      {ended && <p class="note">Your session has ended. Sign in to go on where you were.</p>}
      <Form class="narrow" onSubmit={() => void signIn()} problem={deed.problem}>
        <TextField
          label="E-mail address"
          type="email"
          autocomplete="username"
          value={email}
          onValue={setEmail}
          required
        />
        <TextField
          label="Password"
          type="password"
          autocomplete="current-password"
          value={password}
          onValue={setPassword}
          required
        />
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
        </div>
      </Form>
      <p class="hint">
        No account, or no password any more? Whoever runs this Latchkey makes a link for you:{' '}
        <code>latchkey user set-up ADDRESS</code>
      </p>
    </Page>
  );
}
