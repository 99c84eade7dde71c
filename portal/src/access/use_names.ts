import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useAnswer } from '../api/use_answer';
import type { Asked } from '../api/use_answer';
import type { NamesOf } from '../model/resource_name';
import { useSession } from '../session/session';

export function useDatabases(): Asked<Shapes['DatabaseList']> {
  const { scope } = useSession();
  return useAnswer(scope?.kind === 'organization' ? 'databases' : null, () =>
    ask(() => api.GET('/v2/databases')),
  );
}

export function useRoles(): Asked<Shapes['RoleList']> {
  return useAnswer('roles', () => ask(() => api.GET('/v2/organizations/roles')));
}

/** Names of databases and roles by their ids, as far as the viewer may see them. */
export function useNames(): NamesOf {
  const databases = useDatabases().value;
  const roles = useRoles().value;
  return {
    database: (id) => databases?.find((one) => one.id === id)?.info.name,
    role: (id) => roles?.find((one) => one.id === id)?.name,
  };
}
