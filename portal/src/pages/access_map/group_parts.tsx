import type { Group } from '../../model/access_flow';
import { Link } from '../../router/link';

/** Tokens and people with the same roles, opening to who they are. */
export function GroupWho({ group, title }: { group: Group; title: string }) {
  const more = group.tokens - group.clients.length;
  return (
    <details class="inline">
      <summary>{title}</summary>
      <ul>
        {group.clients.map((one) => (
          <li key={one.clientId}>
            <Link href={`/tokens/${one.clientId}`}>{one.description || one.clientId}</Link>
          </li>
        ))}
        {more > 0 && <li>and {more} more tokens</li>}
        {group.people.map((one) => (
          <li key={one.id}>
            <Link href={`/users/${one.id}`}>{one.email}</Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function GroupRoles({ group, fallback }: { group: Group; fallback: string }) {
  if (group.roles.length === 0) return <>{fallback}</>;
  return (
    <>
      {group.roles.map((role, i) => (
        <span key={role.id}>
          {i > 0 && ' + '}
          <Link href={`/roles/${role.id}`}>{role.name || 'a deleted role'}</Link>
        </span>
      ))}
    </>
  );
}
