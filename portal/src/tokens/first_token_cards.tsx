import { LinkButton } from '../ui/button';
import { EmptyState } from '../ui/empty_state';

const readOnly = 'd2cfcd63-055c-4a58-b957-8916d4a007a5'; // RO User, built in
const pipeline = '67c4b5dc-dd3f-4b2d-be51-09be12836d57'; // API Admin User, built in

export function newTokenLink(given: Record<string, string>): string {
  return `/tokens/new?${new URLSearchParams(given).toString()}`;
}

const cards = [
  {
    title: 'For one table',
    text: 'An application that needs one table, and should be able to reach nothing else.',
    href: newTokenLink({ where: 'part', description: 'orders service' }),
    deed: 'Choose the table',
  },
  {
    title: 'To read only',
    text: 'A report or a dashboard: reads every table, changes nothing, and ends after 90 days.',
    href: newTokenLink({ role: readOnly, expires: '90d', description: 'reporting' }),
    deed: 'Make a reading token',
  },
  {
    title: 'For CI',
    text: 'A pipeline that looks after databases through the API. Ends after 30 days, so that a leaked one does not live on.',
    href: newTokenLink({ role: pipeline, expires: '30d', description: 'CI pipeline' }),
    deed: 'Make a token for CI',
  },
];

/** Where there is no token yet: what one is for, and three ways to begin. */
export function FirstTokenCards({
  enterprise,
  disabledReason,
}: {
  enterprise: boolean;
  disabledReason?: string | undefined;
}) {
  if (enterprise)
    return (
      <EmptyState title="No token of this enterprise yet">
        <p>
          A token of the enterprise looks after organizations, their tokens and their people through the API.
          It opens no database.
        </p>
        <LinkButton href="/tokens/new" kind="primary" disabledReason={disabledReason}>
          Generate New Token
        </LinkButton>
      </EmptyState>
    );
  return (
    <EmptyState title="No token yet">
      <p>
        A token is what a program logs in with: it carries roles, and roles say what it may do and where.
        Three ways to begin:
      </p>
      <div class="cards">
        {cards.map((card) => (
          <section key={card.title} class="card">
            <h3>{card.title}</h3>
            <p>{card.text}</p>
            <LinkButton href={card.href} disabledReason={disabledReason}>
              {card.deed}
            </LinkButton>
          </section>
        ))}
      </div>
    </EmptyState>
  );
}
