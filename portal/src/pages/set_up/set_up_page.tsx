import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { useSecret } from '../../router/use_secret';
import { Link } from '../../router/link';
import { GoodLink } from '../../sign_in/good_link';
import { NoPlainHttp, canSignIn } from '../../sign_in/plain_http';
import { Answer } from '../../ui/answer';
import { Page } from '../../ui/page';
import { ChoosePassword } from './choose_password';
import { FirstStart } from './first_start';

type Start = Shapes['SetUpState'] & { linkFile?: string | null };

/** What a set-up link opens: the very first start, or a password for an account that there is. */
export default function SetUpPage() {
  const secret = useSecret();
  const start = useAnswer<Start>('set-up', () => ask(() => api.GET('/v2/set-up')));
  if (!canSignIn()) return <NoPlainHttp />;
  return (
    <Answer of={start} what="how far this Latchkey is set up">
      {(now) => {
        if (!secret) return <NoLink start={now} />;
        return (
          <GoodLink key={secret} kind="set-up" secret={secret} another={<Another start={now} />}>
            {now.state === 'first-start' ? (
              <FirstStart secret={secret} />
            ) : (
              <ChoosePassword secret={secret} />
            )}
          </GoodLink>
        );
      }}
    </Answer>
  );
}

function Another({ start }: { start: Start }) {
  if (start.state === 'first-start')
    return (
      <p>
        The newest one stands in <code>{start.linkFile ?? 'setup-link in the data folder'}</code> on the
        machine where this Latchkey runs; it holds for an hour, and a new start makes a new one.
      </p>
    );
  return (
    <p>
      Whoever runs this Latchkey makes a new one: <code>latchkey user set-up ADDRESS</code>
    </p>
  );
}

function NoLink({ start }: { start: Start }) {
  if (start.state === 'first-start')
    return (
      <Page title="Welcome to Latchkey" lead="It is not set up yet.">
        <p>
          Open the link that stands in this file on the machine where it runs. It holds for an hour and is
          good once; a new start makes a new one.
        </p>
        <pre>{start.linkFile ?? 'setup-link in the data folder'}</pre>
        <p>
          Or stop it and set everything up in a terminal: <code>latchkey init</code>
        </p>
      </Page>
    );
  return (
    <Page title="This link is not whole">
      <p>
        A set-up link has a secret behind <code>#</code> in its address; it is missing here, or was used
        already in this tab. Open the link again as it was given to you.
      </p>
      <Another start={start} />
      <p>
        <Link href="/">Sign in</Link>
      </p>
    </Page>
  );
}
