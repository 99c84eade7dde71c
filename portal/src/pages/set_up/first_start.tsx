import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useDeed } from '../../api/use_answer';
import { PASSWORD_LEAST, passwordFault } from '../../model/password';
import { untilReady } from '../../sign_in/arrive';
import { CodeForm, useArrival } from '../../sign_in/first_sign_in';
import { announce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { NewPassword } from '../../ui/new_password';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem_note';
import { refusedField } from '../../ui/refused_field';
import { Form } from '../../ui/form';
import { useUnsaved } from '../../ui/unsaved';

/** What the door of a first start takes beside secret and password. */
interface Founding extends Record<keyof Shapes['SetUp'], string> {
  organization: string;
  administrator: string;
  enterprise?: string;
}

/** The organization and its first administrator; then the daemon opens its normal door and they are signed in. */
export function FirstStart({ secret }: { secret: string }) {
  const [organization, setOrganization] = useState('');
  const [enterprise, setEnterprise] = useState('');
  const [administrator, setAdministrator] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [founded, setFounded] = useState(false);
  const arrival = useArrival();
  const deed = useDeed();
  const refused = refusedField(deed.problem, ['password', 'administrator', 'organization']);
  const unsaved = useUnsaved(
    [organization, enterprise, administrator, password].some((text) => text !== ''),
    'Nothing is set up yet. To come back, open the link again as it stands in its file.',
  );

  const missing = (text: string) => (tried && !text.trim() ? 'This is needed.' : undefined);
  const arrive = async () => {
    announce('Latchkey is set up and opens its doors.');
    await untilReady();
    await arrival.begin(administrator.trim(), password);
  };
  const found = () => {
    setTried(true);
    if (!organization.trim() || !administrator.trim() || passwordFault(password, PASSWORD_LEAST)) return;
    void deed.run(async () => {
      const body: Founding = {
        secret,
        password,
        organization: organization.trim(),
        administrator: administrator.trim(),
        ...(enterprise.trim() ? { enterprise: enterprise.trim() } : {}),
      };
      await ask(() => api.POST('/v2/set-up', { body }));
      unsaved.release();
      setFounded(true);
      await arrive();
    });
  };

  if (arrival.codeOf !== null)
    return (
      <Page title="One thing more">
        <CodeForm arrival={arrival} password={password} />
      </Page>
    );
  if (founded)
    return (
      <Page title={`${organization.trim()} is set up`}>
        <ProblemNote problem={deed.problem} again={() => void deed.run(arrive)} />
        {deed.busy && (
          <p class="waiting" role="status">
            Latchkey opens its store and its doors; you are signed in as soon as it answers …
          </p>
        )}
      </Page>
    );
  return (
    <Page
      title="Welcome to Latchkey"
      lead="One organization and one administrator to begin with; more can follow."
    >
      <Form class="narrow" noValidate onSubmit={() => found()} problem={refused.problem} told={refused.told}>
        <TextField
          label="Name of the organization"
          hint="It owns databases, roles and tokens."
          autocomplete="organization"
          value={organization}
          onValue={setOrganization}
          error={missing(organization) ?? refused.at('organization')}
          required
        />
        <TextField
          label="Your e-mail address"
          hint="You sign in by it. Latchkey sends no mail."
          type="email"
          autocomplete="username"
          value={administrator}
          onValue={setAdministrator}
          error={missing(administrator) ?? refused.at('administrator')}
          required
        />
        <NewPassword
          label="Your password"
          value={password}
          onValue={setPassword}
          least={PASSWORD_LEAST}
          tried={tried}
          refused={refused.at('password')}
        />
        <details>
          <summary>Several organizations under one enterprise?</summary>
          <TextField
            label="Name of the enterprise (optional)"
            hint="An enterprise holds several organizations, and tokens that make tokens in them."
            value={enterprise}
            onValue={setEnterprise}
          />
        </details>
        <div class="actions">
          <Button kind="primary" type="submit" busy={deed.busy}>
            Set up and sign in
          </Button>
        </div>
      </Form>
      {unsaved.dialog}
    </Page>
  );
}
