import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { targetOf } from '../connect/snippets';
import type { Target } from '../connect/snippets';
import { useSession } from '../session/session';

export interface NamedTarget {
  id: string;
  name: string;
  target: Target;
}

/** The databases that the viewer may see, as drivers would reach them; none for an enterprise, which opens none. */
export function useTargets(): NamedTarget[] {
  const { scope, permissions } = useSession();
  const may = scope?.kind === 'organization' && permissions.mayAnywhere('org-db-view');
  const list = useAnswer(may ? 'databases' : null, () => ask(() => api.GET('/v2/databases')));
  return (list.value ?? []).map((database) => ({
    id: database.id,
    name: database.info.name,
    target: targetOf(database.cqlAddress, database.info.datacenters[0]?.name),
  }));
}
