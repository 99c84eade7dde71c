import { Link } from '../router/link';

const clientId = /^[A-Za-z]{24}$/;

/** Who made something: a person by their address, a token by a link to it, the local operator by name. */
export function Creator({ id, people }: { id: string; people: ReadonlyMap<string, string> }) {
  const email = people.get(id);
  if (email) return <>{email}</>;
  if (!clientId.test(id)) return <>{id}</>;
  return (
    <Link href={`/tokens/${encodeURIComponent(id)}`}>
      <code>{id}</code>
    </Link>
  );
}
