import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import type { Problem } from '../api/problem';
import { useDeed } from '../api/use_answer';
import { useOnce } from '../api/use_once';

/** A token for one database, and what became of the role that it has. */
export interface MadeToken {
  token: Shapes['TokenMade'];
  database: Shapes['Database'];
  roleName: string;
  /** The role was there already, and was taken as it is now: perhaps edited. */
  reused: boolean;
}

/** One click makes or finds again "<DATABASE NAME> Database Administrator" and makes a token with it. */
export function useDatabaseToken() {
  const [made, setMade] = useState<MadeToken | null>(null);
  const deed = useDeed();
  const once = useOnce();
  const make = (database: Shapes['Database']) =>
    deed.run(async () => {
      const path = { id: database.id };
      const { token, before } = await once(
        database.id,
        () => ask(() => api.GET('/v2/organizations/roles')),
        async (before, header) => ({
          token: await ask(() => api.POST('/v2/databases/{id}/token', { params: { path, header } })),
          before,
        }),
      );
      const known = before.find((role) => role.id === token.roles[0]);
      setMade({
        token,
        database,
        roleName: known?.name ?? (await nameOf(token.roles[0] ?? '', database)),
        reused: known !== undefined,
      });
    });
  const problem: Problem | undefined = deed.problem;
  return { make, made, done: () => setMade(null), problem, busy: deed.busy };
}

// The token is made by now, so whatever is wrong with this question must not hide its secret.
async function nameOf(roleId: string, database: Shapes['Database']): Promise<string> {
  const path = { roleId };
  return ask(() => api.GET('/v2/organizations/roles/{roleId}', { params: { path } })).then(
    (role) => role.name,
    () => `${database.info.name} Database Administrator`,
  );
}
