import { Link } from '../router/link';

const clientId = /^[A-Za-z]{24}$/;

interface Props {
  id: string;
  people: ReadonlyMap<string, string>;
  /** Descriptions of tokens at hand, by client id. */
  tokens?: ReadonlyMap<string, string>;
  /** Of a token's client id its beginning, where there is little room. */
  short?: boolean;
}

/** Who made something: a person by their address, a token by a link to it, the local operator by name. */
export function Creator({ id, people, tokens, short = false }: Props) {
  const text = people.get(id);
  if (text !== undefined || !clientId.test(id))
    return (
      <span class="creator" title={id}>
        {text ?? id}
      </span>
    );
  const description = tokens?.get(id);
  return (
    <Link
      href={`/tokens/${encodeURIComponent(id)}`}
      class="creator"
      title={id}
      {...(short && !description && { 'aria-label': `token ${id}` })}
    >
      {description ? description : <code>{short ? `${id.slice(0, 8)}…` : id}</code>}
    </Link>
  );
}
