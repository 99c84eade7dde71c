import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { useDeed } from '../../api/use_answer';
import { PASSWORD_LEAST_WITH_CODE, passwordFault } from '../../model/password';
import { CodeForm, useArrival } from '../../sign_in/first_sign_in';
import { Button } from '../../ui/button';
import { NewPassword } from '../../ui/new_password';
import { Page } from '../../ui/page';
import { refusedField } from '../../ui/refused_field';
import { Form } from '../../ui/form';
import { useUnsaved } from '../../ui/unsaved';

/** A password for an account that there is; the sign-in follows by itself. */
export function ChoosePassword({ secret }: { secret: string }) {
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const arrival = useArrival();
  const deed = useDeed();
  const refused = refusedField(deed.problem, ['password']);
  const unsaved = useUnsaved(
    password !== '',
    'The password is not set yet. To come back, open the link again as it was given to you.',
  );

  if (arrival.codeOf !== null)
    return (
      <Page title="One thing more">
        <CodeForm arrival={arrival} password={password} />
      </Page>
    );
  // Whether the account has a second factor, and so may do with fewer characters, only the daemon knows: it is asked.
  const least = PASSWORD_LEAST_WITH_CODE;
  const choose = () => {
    setTried(true);
    if (passwordFault(password, least)) return;
    void deed.run(async () => {
      const { email } = await ask(() => api.POST('/v2/set-up', { body: { secret, password } }));
      unsaved.release();
      await arrival.begin(email, password);
    });
  };
  return (
    <Page title="Choose a password" lead="The link is good once. You are signed in right afterwards.">
      <Form class="narrow" noValidate onSubmit={() => choose()} problem={refused.problem} told={refused.told}>
        <NewPassword
          value={password}
          onValue={setPassword}
          least={least}
          either
          tried={tried}
          refused={refused.at('password')}
        />
        <div class="actions">
          <Button kind="primary" type="submit" busy={deed.busy}>
            Set password and sign in
          </Button>
        </div>
      </Form>
      {unsaved.dialog}
    </Page>
  );
}
