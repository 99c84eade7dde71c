import { Link } from '../router/link';
import { TokenOnce } from '../tokens_once/token_once';
import type { MadeToken } from './use_database_token';

/** The token of a database, once, and what became of the role that it has. */
export function MadeTokenPage({ made, onStored }: { made: MadeToken; onStored: () => void }) {
  const role = <Link href={`/roles/${made.token.roles[0] ?? ''}`}>{made.roleName}</Link>;
  return (
    <TokenOnce
      made={made.token}
      databaseId={made.database.id}
      note={
        made.reused ? (
          <p class="note">
            It has the role {role}, which was there already: it was taken as it is now, with whatever was
            edited.
          </p>
        ) : (
          <p class="note">
            It has the role {role}, made with it: everything in this database, and nothing outside of it. The
            next token for this database gets the same role.
          </p>
        )
      }
      onStored={onStored}
    />
  );
}
