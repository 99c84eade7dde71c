import { api, askPlainly } from '../api/client';
import type { Scope, Shapes } from '../api/client';
import { needed } from '../model/actions';

/** What the viewer may do in the chosen scope, as the API's own evaluator says. The API refuses all the same. */
export interface Permissions {
  /** On the organization or enterprise itself, or on the database, or on this keyspace of it. */
  may: (action: string, databaseId?: string, keyspace?: string) => boolean;
  /** On any database at all. */
  mayAnywhere: (action: string) => boolean;
  /** Why not, for a control that is disabled; undefined: they may. */
  reason: (action: string, databaseId?: string, keyspace?: string) => string | undefined;
}

type Row = Shapes['PolicyRow'];

export function permissionsFrom(rows: Row[]): Permissions {
  const whole = rows.filter((row) => row.level === 'organization' || row.level === 'enterprise');
  const anywhere = new Set(rows.flatMap((row) => row.allowed));
  // One that was registered since is what roles for every database reach.
  const every = rows.filter((row) => row.level === 'database' && row.resource.endsWith(':db:*'));
  const at = (databaseId: string | undefined) => {
    if (databaseId === undefined) return whole;
    const its = rows.filter((row) => row.databaseId === databaseId);
    return its.length ? its : every;
  };
  const may = (action: string, databaseId?: string, keyspace?: string) =>
    at(databaseId).some(
      (row) => row.allowed.includes(action) && (keyspace === undefined || row.keyspace === keyspace),
    );
  return {
    may,
    mayAnywhere: (action) => anywhere.has(action),
    reason: (action, databaseId, keyspace) =>
      may(action, databaseId, keyspace) ? undefined : needed(action),
  };
}

export async function permissionsOf(scope: Scope | null): Promise<Permissions> {
  if (!scope) return permissionsFrom([]);
  const preview = await askPlainly(() => api.POST('/v2/policies/preview', { body: {} }));
  return permissionsFrom(preview.rows);
}
