import type { ComponentChildren } from 'preact';
import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { Answer } from '../ui/answer';
import { Page } from '../ui/page';
import { Link } from '../router/link';

interface Props {
  kind: 'set-up' | 'invitation';
  secret: string;
  /** Whom to ask for another one. */
  another: ComponentChildren;
  children: ComponentChildren;
}

/** What a link opens, if it is good; if not, that is said before anybody has typed a password. */
export function GoodLink({ kind, secret, another, children }: Props) {
  const good = useAnswer(kind, () => ask(() => check(kind, secret)));
  if (good.problem?.status === 404 && good.value === undefined)
    return (
      <Page title="This link is not good any more">
        <p>It was used already, a newer one has taken its place, or its time is over.</p>
        {another}
        <p>
          Was it you who used it? <Link href="/">Sign in</Link>
        </p>
      </Page>
    );
  return (
    <Answer of={good} what="whether this link is good">
      {() => children}
    </Answer>
  );
}

function check(kind: Props['kind'], secret: string) {
  const body = { secret };
  return kind === 'set-up'
    ? api.POST('/v2/set-up/check', { body })
    : api.POST('/v2/invitations/check', { body });
}
