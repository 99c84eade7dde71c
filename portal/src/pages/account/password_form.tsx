import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { useDeed } from '../../api/use_answer';
import { PASSWORD_LEAST, PASSWORD_LEAST_WITH_CODE, passwordFault } from '../../model/password';
import { useSession } from '../../session/session';
import { announce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import { NewPassword } from '../../ui/new_password';
import { refusedField } from '../../ui/refused_field';
import { Form } from '../../ui/form';

/** The former password is asked for by the proof, where that is due. */
export function PasswordForm() {
  const { signedIn, refresh } = useSession();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState(false);
  const deed = useDeed();
  const refused = refusedField(deed.problem, ['password']);
  const least = signedIn.person.secondFactor ? PASSWORD_LEAST_WITH_CODE : PASSWORD_LEAST;

  const change = async () => {
    setTried(true);
    setDone(false);
    if (passwordFault(password, least)) return;
    const changed = await deed.run(() => ask(() => api.PUT('/v2/person', { body: { password } })));
    if (!changed) return;
    setPassword('');
    setTried(false);
    setDone(true);
    announce('The password is changed.');
    await refresh();
  };
  return (
    <Form
      class="narrow"
      noValidate
      onSubmit={() => void change()}
      problem={refused.problem}
      told={refused.told}
    >
      {done && <p class="note">The password is changed. Your other sessions have ended.</p>}
      <NewPassword
        value={password}
        onValue={setPassword}
        least={least}
        tried={tried}
        refused={refused.at('password')}
      />
      <div class="actions">
        <Button kind="primary" type="submit" busy={deed.busy}>
          Change password
        </Button>
      </div>
    </Form>
  );
}
