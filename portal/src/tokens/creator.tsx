import { Link } from '../router/link';

const clientId = /^[A-Za-z]{24}$/;

/** Who made something: a person by their address, a token by a link to it, the local operator by name. */
export function Creator({
  id,
  people,
  short = false,
}: {
  id: string;
  people: ReadonlyMap<string, string>;
  /** Of a token's client id its beginning, where there is little room. */
  short?: boolean;
}) {
  const email = people.get(id);
  if (email) return <>{email}</>;
  if (!clientId.test(id)) return <>{id}</>;
  return (
    <Link href={`/tokens/${encodeURIComponent(id)}`}>
      <code title={id}>{short ? `${id.slice(0, 8)}…` : id}</code>
    </Link>
  );
}
