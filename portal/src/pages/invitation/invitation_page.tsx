import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { useDeed } from '../../api/use_answer';
import { PASSWORD_LEAST, passwordFault } from '../../model/password';
import { useSecret } from '../../router/use_secret';
import { Link } from '../../router/link';
import { CodeForm, useArrival } from '../../sign_in/first_sign_in';
import { GoodLink } from '../../sign_in/good_link';
import { NoPlainHttp, canSignIn } from '../../sign_in/plain_http';
import { Button } from '../../ui/button';
import { CheckField, FieldSet, TextField } from '../../ui/field';
import { NewPassword } from '../../ui/new_password';
import { Page } from '../../ui/page';
import { refusedField } from '../../ui/refused_field';
import { Form } from '../../ui/form';
import { useUnsaved } from '../../ui/unsaved';
import { PasswordField } from '../../ui/password_field';

/** What an invitation opens: a password for a new account, or that of the account that there is. */
export default function InvitationPage() {
  const secret = useSecret();
  if (!canSignIn()) return <NoPlainHttp />;
  if (!secret) return <NoLink />;
  return (
    <GoodLink key={secret} kind="invitation" secret={secret} another={<Another />}>
      <Accept secret={secret} />
    </GoodLink>
  );
}

function Another() {
  return (
    <p>It is good once and for 72 hours. Whoever invited you can make a new one by inviting you again.</p>
  );
}

function NoLink() {
  return (
    <Page title="This link is not whole">
      <p>
        An invitation has a secret behind <code>#</code> in its address; it is missing here, or was used
        already in this tab. Open the link again as it was given to you.
      </p>
      <Another />
      <p>
        <Link href="/">Sign in</Link>
      </p>
    </Page>
  );
}

function Accept({ secret }: { secret: string }) {
  const [known, setKnown] = useState(false);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const arrival = useArrival();
  const deed = useDeed();
  const refused = refusedField(deed.problem, ['password']);
  const unsaved = useUnsaved(
    password !== '' || code !== '',
    'The invitation is not accepted yet. To come back, open its link again as it was given to you.',
  );

  const accept = () => {
    setTried(true);
    if (!password || (!known && passwordFault(password, PASSWORD_LEAST))) return;
    void deed.run(async () => {
      const body = { secret, password, ...(known && code ? { code } : {}) };
      const accepted = await ask(() => api.POST('/v2/invitations/accept', { body }));
      unsaved.release();
      await arrival.begin(accepted.email, password);
    });
  };
  if (arrival.codeOf !== null)
    return (
      <Page title="One thing more">
        <CodeForm arrival={arrival} password={password} />
      </Page>
    );
  return (
    <Page title="You are invited" lead="Choose how to sign in from now on. The link is good once.">
      <Form class="narrow" noValidate onSubmit={() => accept()} problem={refused.problem} told={refused.told}>
        <FieldSet legend="Your account">
          <CheckField
            radio
            name="account"
            label="I am new here"
            hint="You choose a password."
            checked={!known}
            onChecked={() => setKnown(false)}
          />
          <CheckField
            radio
            name="account"
            label="I have an account at this Latchkey"
            hint="You give its password; the account gets one more place to work in."
            checked={known}
            onChecked={() => setKnown(true)}
          />
        </FieldSet>
        {known ? (
          <KnownAccount password={password} onPassword={setPassword} code={code} onCode={setCode} />
        ) : (
          <NewPassword
            value={password}
            onValue={setPassword}
            least={PASSWORD_LEAST}
            tried={tried}
            refused={refused.at('password')}
          />
        )}
        <div class="actions">
          <Button kind="primary" type="submit" busy={deed.busy}>
            Accept invitation
          </Button>
        </div>
      </Form>
      {unsaved.dialog}
    </Page>
  );
}

function KnownAccount(props: {
  password: string;
  onPassword: (text: string) => void;
  code: string;
  onCode: (text: string) => void;
}) {
  return (
    <>
      <PasswordField value={props.password} onValue={props.onPassword} />
      <TextField
        label="Code from your authenticator"
        hint="Leave empty if you have not set one up."
        inputMode="numeric"
        autocomplete="one-time-code"
        value={props.code}
        onValue={props.onCode}
      />
    </>
  );
}
