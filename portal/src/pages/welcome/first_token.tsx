import type { Shapes } from '../../api/client';
import type { useDatabaseToken } from '../../databases/use_database_token';
import { Button, LinkButton } from '../../ui/button';
import { ProblemNote } from '../../ui/problem_note';

interface Props {
  databases: Shapes['Database'][];
  token: ReturnType<typeof useDatabaseToken>;
}

/** One click for everything in the first database, or the form for something narrower. */
export function FirstToken({ databases, token }: Props) {
  const database = databases[0];
  return (
    <>
      <p>
        A token is what a program signs in with. It is shown once, so have a place ready to store it.
        {database &&
          ` One click makes one that may do everything in ${database.info.name}, and nothing else.`}
      </p>
      <ProblemNote problem={token.problem} />
      <div class="actions">
        {database && (
          <Button kind="primary" busy={token.busy} onClick={() => void token.make(database)}>
            Generate Token
          </Button>
        )}
        <LinkButton href="/tokens/new" kind={database ? 'plain' : 'primary'}>
          Choose roles and an end
        </LinkButton>
      </div>
    </>
  );
}
