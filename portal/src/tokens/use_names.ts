import { useMemo } from 'preact/hooks';
import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { actionIn } from '../session/action_in';
import { useSession } from '../session/session';

/** Names of roles by id; undefined: not known, for the viewer may not read them or they are still waited for. */
export function useRoleNames(): ReadonlyMap<string, string> | undefined {
  const { scope, permissions } = useSession();
  const may =
    permissions.may(actionIn(scope, 'role-read')) || permissions.may(actionIn(scope, 'token-write'));
  const roles = useAnswer(may ? 'roles' : null, () => ask(() => api.GET('/v2/organizations/roles')));
  return useMemo(
    () => (roles.value ? new Map(roles.value.map((role) => [role.id, role.name])) : undefined),
    [roles.value],
  );
}

/** E-mail addresses of people by id, as far as the viewer may know them. */
export function usePeople(): ReadonlyMap<string, string> {
  const { scope, permissions, signedIn } = useSession();
  const may = permissions.may(actionIn(scope, 'user-read'));
  const people = useAnswer(may ? 'people' : null, () => ask(() => api.GET('/v2/organizations/users')));
  const { id, email } = signedIn.person;
  return useMemo(
    () => new Map([[id, email], ...(people.value?.Users ?? []).map((u) => [u.UserID, u.Email] as const)]),
    [people.value, id, email],
  );
}
