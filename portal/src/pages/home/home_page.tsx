import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import type { Asked } from '../../api/use_answer';
import type { Scope, Shapes } from '../../api/client';
import { ExpiryTimeline } from '../../pictures/expiry_timeline';
import { HoursPicture, sumOf } from '../../pictures/hours_picture';
import { Link } from '../../router/link';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { FirstTokenCards } from '../../tokens/first_token_cards';
import { Answer } from '../../ui/answer';
import { Page } from '../../ui/page';
import { needsOf } from './needs_you';
import type { Need } from './needs_you';
import { Refused, refusedId } from './refused';

/** How the tokens of the chosen organization or enterprise are, and what waits for somebody. */
export default function HomePage() {
  const { scope } = useSession();
  if (!scope)
    return (
      <Page title="Welcome">
        <p>You belong to no organization yet. Somebody who administers one can invite you.</p>
      </Page>
    );
  return (
    <Page title={scope.name}>
      <Overview scope={scope} />
    </Page>
  );
}

function Overview({ scope }: { scope: Scope }) {
  const { permissions, signedIn } = useSession();
  const mayNot = permissions.reason(actionIn(scope, 'token-read'));
  const organization = scope.kind === 'organization';
  const key = (name: string, may: boolean) => (may ? name : null);
  const summary = useAnswer(key('summary', !mayNot), () => ask(() => api.GET('/v2/tokens/summary')));
  const usage = useAnswer(key('usage', organization && !mayNot), () =>
    ask(() => api.GET('/v2/usage', { params: { query: { hours: 24 } } })),
  );
  const databases = useAnswer(key('databases', organization && permissions.mayAnywhere('org-db-view')), () =>
    ask(() => api.GET('/v2/databases')),
  );
  const needs = needsOf({
    summary: summary.value,
    usage: usage.value,
    databases: databases.value ?? [],
    secondFactor: signedIn.person.secondFactor,
  });
  const all = [summary, usage, databases].every((one) => !one.waiting && !one.problem);
  if (mayNot)
    return (
      <>
        <p>What its tokens do is not yours to see here. {mayNot}</p>
        <NeedsYou needs={needs} all={all} />
      </>
    );
  return (
    <>
      <Answer of={summary} what="the figures">
        {(value) => <Figures summary={value} usage={usage} organization={organization} />}
      </Answer>
      <NeedsYou needs={needs} all={all} />
      {usage.value && <Refused usage={usage.value} />}
      <div class="columns">
        {organization && <LastDay usage={usage} />}
        {summary.value && summary.value.active > 0 && (
          <section>
            <h2>Expiries of the next {summary.value.expiries.length} days</h2>
            <ExpiryTimeline expiries={summary.value.expiries} />
          </section>
        )}
      </div>
    </>
  );
}

interface FiguresProps {
  summary: Shapes['TokensSummary'];
  usage: Asked<Shapes['Usage']>;
  organization: boolean;
}

function Figures({ summary, usage, organization }: FiguresProps) {
  const { permissions } = useSession();
  if (summary.active + summary.expired === 0)
    return (
      <FirstTokenCards
        enterprise={!organization}
        disabledReason={permissions.reason(organization ? 'org-token-write' : 'enterprise-token-write')}
      />
    );
  const refused = usage.value && sumOf(usage.value.hours, 'refusals');
  return (
    <ul class="cards figures">
      <Figure n={summary.active} text="Active tokens" href="/tokens?status=active" />
      <Figure
        n={summary.expiringWithin30Days}
        text="Expiring within 30 days"
        href="/tokens?status=expiring&sort=tokenExpiry"
      />
      <Figure
        n={summary.unusedFor90Days}
        text="Unused for 90 days"
        href="/tokens?status=unused&sort=lastUsedAt"
      />
      {organization && (
        <Figure n={refused} text="Refused in 24 hours" {...(refused && { onPage: refusedId })} />
      )}
    </ul>
  );
}

interface FigureProps {
  n: number | null | undefined;
  text: string;
  href?: string;
  /** The part of this page that lists what is counted. */
  onPage?: string;
}

function Figure({ n, text, href, onPage }: FigureProps) {
  const words = (
    <>
      <span class="figure">{n === null || n === undefined ? '–' : n.toLocaleString('en')}</span> {text}
    </>
  );
  if (href)
    return (
      <li class="card">
        <Link href={href}>{words}</Link>
      </li>
    );
  return (
    <li class="card">
      {onPage ? (
        <a
          href={`#${onPage}`}
          onClick={(event) => {
            event.preventDefault();
            document.getElementById(onPage)?.scrollIntoView();
            document.getElementById(onPage)?.focus();
          }}
        >
          {words}
        </a>
      ) : (
        words
      )}
    </li>
  );
}

function LastDay({ usage }: { usage: Asked<Shapes['Usage']> }) {
  return (
    <section>
      <h2>Logins and refusals of the last 24 hours</h2>
      <Answer of={usage} what="what tokens did">
        {(value) => <HoursPicture title="Logins and refusals, hour by hour" hours={value.hours} />}
      </Answer>
    </section>
  );
}

/** `all`: everything was answered from which a need is told; before that nobody knows whether there is one. */
function NeedsYou({ needs, all }: { needs: Need[]; all: boolean }) {
  if (needs.length === 0 && !all) return null;
  return (
    <section>
      <h2>Needs you</h2>
      {needs.length === 0 ? (
        <p>Nothing does. All is well.</p>
      ) : (
        <ul class="needs-you">
          {needs.map((need) => (
            <li key={need.text}>
              {need.text} <Link href={need.href}>{need.deed}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
