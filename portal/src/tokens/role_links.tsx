import { Link } from '../router/link';

interface Props {
  ids: string[];
  names: ReadonlyMap<string, string> | undefined;
  /** So many at most, the rest counted. */
  most?: number;
}

/** Roles by name; one that is gone is said to be. */
export function RoleLinks({ ids, names, most = 64 }: Props) {
  const more = ids.length - most;
  return (
    <ul class="plain-list">
      {ids.slice(0, most).map((id) => (
        <li key={id}>
          <RoleLink id={id} names={names} />
        </li>
      ))}
      {more > 0 && <li>and {more} more</li>}
    </ul>
  );
}

function RoleLink({ id, names }: { id: string; names: ReadonlyMap<string, string> | undefined }) {
  if (names && !names.has(id))
    return (
      <>
        <code>{id}</code> (deleted)
      </>
    );
  return <Link href={`/roles/${id}`}>{names?.get(id) ?? id}</Link>;
}
