import { useEffect, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { SecondFactor } from '../../account/second_factor';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { ConnectSnippets } from '../../connect/connect_snippets';
import { targetOf } from '../../connect/snippets';
import { MadeTokenPage } from '../../databases/made_token_page';
import { RegisterForm } from '../../databases/register_form';
import { useDatabaseToken } from '../../databases/use_database_token';
import { go, withQuery } from '../../router/place';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Badge } from '../../ui/badge';
import { Button, LinkButton } from '../../ui/button';
import { Page } from '../../ui/page';
import type { PageProps } from '../page_props';
import { FirstToken } from './first_token';
import { isSetUp, stepsOf } from './steps';
import type { Step, StepKey } from './steps';

type Database = Shapes['Database'];

/** What exists, as far as the viewer may see it. */
function useWhatThereIs() {
  const { scope, permissions } = useSession();
  const organization = scope?.kind === 'organization';
  const seesDatabases = organization && permissions.mayAnywhere('org-db-view');
  const seesTokens = permissions.may(actionIn(scope, 'token-read'));
  return useAnswer(`what there is in ${scope?.id ?? ''}`, async () => {
    const query = { limit: 1, status: 'active' };
    const [databases, tokens] = await Promise.all([
      seesDatabases ? ask(() => api.GET('/v2/databases')) : [],
      seesTokens ? ask(() => api.GET('/v2/tokens', { params: { query } })) : { clients: [] },
    ]);
    return { databases, tokens: tokens.clients.length };
  });
}

/** The way from a first sign-in to a program that connects. Which steps were skipped is part of the address. */
export default function WelcomePage({ query }: PageProps) {
  const { scope, signedIn, permissions } = useSession();
  const there = useWhatThereIs();
  const token = useDatabaseToken();
  const skipped = new Set((query.get('skip') ?? '').split(',').filter(Boolean));
  const databases = there.value?.databases ?? [];
  const steps = stepsOf(
    {
      secondFactor: signedIn.person.secondFactor,
      databases: databases.length,
      tokens: there.value?.tokens ?? 0,
      mayRegister: scope?.kind === 'organization' && permissions.mayAnywhere('org-db-create'),
      mayMakeTokens: scope?.kind === 'organization' && permissions.may('org-token-write'),
    },
    skipped,
  );
  // Whoever arrives and has everything goes on Home; who makes the last thing here reads how to connect.
  const arrived = query.get('arrived') === '1';
  const known = there.value !== undefined;
  const setUp = useRef(false);
  setUp.current = isSetUp(steps);
  useEffect(() => {
    if (known && arrived) go(setUp.current ? '/' : '/welcome', 'replace');
  }, [known, arrived]);

  const skip = (key: StepKey) => {
    if (!steps.some((step) => step.state === 'later')) go('/');
    else go(withQuery({ path: '/welcome', query }, { skip: [...skipped, key].join(',') }));
  };
  if (token.made)
    return (
      <MadeTokenPage
        made={token.made}
        onStored={() => {
          token.done();
          there.again();
        }}
      />
    );
  const contents: Record<StepKey, ComponentChildren> = {
    'second-factor': (
      <>
        <SecondFactor />
        <Skip text="Later" onSkip={() => skip('second-factor')} />
      </>
    ),
    database: (
      <>
        <p>Latchkey stands in front of a Cassandra cluster that you run, and lets in who has a token.</p>
        <RegisterForm onRegistered={there.again} />
        <Skip text="Later" onSkip={() => skip('database')} />
      </>
    ),
    token: (
      <>
        <FirstToken databases={databases} token={token} />
        <Skip text="Later" onSkip={() => skip('token')} />
      </>
    ),
    connect: <Connect database={databases[0]} />,
  };
  return (
    <Page
      title={`Welcome to ${scope?.name ?? 'Latchkey'}`}
      lead={steps.length > 1 ? 'A few steps until a program connects.' : 'One step to begin with.'}
    >
      <Answer of={there} what="what there is already">
        {() => (
          <ol class="steps">
            {steps.map((step) => (
              <StepItem key={step.key} step={step}>
                {contents[step.key]}
              </StepItem>
            ))}
          </ol>
        )}
      </Answer>
      <LinkButton href="/">Go to Home</LinkButton>
    </Page>
  );
}

const titles: Record<StepKey, string> = {
  'second-factor': 'Protect your account with an authenticator',
  database: 'Register the first cluster',
  token: 'Generate the first token',
  connect: 'Connect',
};

function StepItem({ step, children }: { step: Step; children: ComponentChildren }) {
  return (
    <li class={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
      <h2>
        {titles[step.key]} {step.state === 'done' && <Badge tone="good">Done</Badge>}
        {step.state === 'skipped' && <Badge tone="calm">Skipped</Badge>}
      </h2>
      {step.state === 'now' && children}
    </li>
  );
}

function Skip({ text, onSkip }: { text: string; onSkip: () => void }) {
  return (
    <p class="skip-step">
      <Button kind="quiet" onClick={onSkip}>
        {text}
      </Button>
    </p>
  );
}

function Connect({ database }: { database: Database | undefined }) {
  return (
    <>
      <p>
        The user name is always <code>token</code>, the password is the token that you have stored.
      </p>
      <ConnectSnippets target={targetOf(database?.cqlAddress, database?.info.region)} withApi />
    </>
  );
}
