import type { Shapes } from '../api/client';
import { actionName } from '../model/actions';
import { Link } from '../router/link';
import { counted } from '../model/words';
import { inWords, readResource } from '../model/resource_name';
import type { NamesOf } from '../model/resource_name';

type Review = Shapes['PolicyReview'];

/** Whom a change of a role touches, in one sentence. */
export function affectedWords({ tokens, members, openSessions }: Review): string {
  if (tokens + members === 0) return 'Nobody holds this role yet: nothing changes for anybody now.';
  const who = [
    tokens > 0 ? counted(tokens, 'token') : '',
    members > 0 ? counted(members, 'member') : '',
  ].filter(Boolean);
  const sessions = openSessions > 0 ? `, and ${counted(openSessions, 'open CQL session')} at once` : '';
  return `This changes what ${who.join(' and ')} may do${sessions}.`;
}

/** What a change gains and loses, and for whom; before it is made. */
export function ReviewSummary({ review, names }: { review: Review; names: NamesOf }) {
  return (
    <>
      {review.refused !== null && (
        <p class="note problem" role="alert">
          <strong>The API will refuse this:</strong> {review.refused}
        </p>
      )}
      <p>{affectedWords(review)}</p>
      {review.clientIds.length > 0 && (
        <details>
          <summary>
            {review.tokens > review.clientIds.length
              ? `The first ${review.clientIds.length} of ${review.tokens} tokens`
              : 'Which tokens'}
          </summary>
          <ul>
            {review.clientIds.map((one) => (
              <li key={one.clientId}>
                <Link href={`/tokens/${one.clientId}`}>{one.description || one.clientId}</Link>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Differences title="Gained" sign="+" of={review.gained} names={names} />
      <Differences title="Lost" sign="−" of={review.lost} names={names} />
      {review.gained.length + review.lost.length === 0 && <p>Nothing is gained and nothing is lost.</p>}
      {review.truncated && (
        <p class="note warn">The lists end at the API’s limit: there is more than is shown.</p>
      )}
    </>
  );
}

/** Rows with the same actions are one paragraph: forty tables that gain the same are read once. */
function Differences(props: { title: string; sign: string; of: Review['gained']; names: NamesOf }) {
  const { title, sign, of, names } = props;
  if (of.length === 0) return null;
  const groups = new Map<string, Review['gained']>();
  for (const row of of) {
    const key = row.actions.join(', ');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return (
    <div class={`difference ${title.toLowerCase()}`}>
      <h3>{title}</h3>
      <ul>
        {[...groups.values()].map((rows) => (
          <li key={rows[0]?.resource}>
            <span class="sign" aria-hidden="true">
              {sign}
            </span>{' '}
            <strong>{rows[0]?.actions.map(actionName).join(', ')}</strong> on{' '}
            <Places rows={rows} names={names} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const fewPlaces = 4;

function placeWords(row: Review['gained'][number], names: NamesOf): string {
  const path = [row.databaseName ?? names.database(row.databaseId ?? ''), row.keyspace, row.table];
  if (path[0] !== undefined) return path.filter(Boolean).join('.');
  const read = readResource(row.resource);
  return read ? inWords(read, names) : row.resource;
}

function Places({ rows, names }: { rows: Review['gained']; names: NamesOf }) {
  const words = rows.map((row) => placeWords(row, names));
  if (words.length <= fewPlaces) return <>{words.join(', ')}</>;
  return (
    <details class="inline">
      <summary>
        {words.slice(0, 2).join(', ')} and {words.length - 2} more
      </summary>
      {words.slice(2).join(', ')}
    </details>
  );
}
