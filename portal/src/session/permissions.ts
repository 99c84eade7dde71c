import { api, ask } from '../api/client';
import type { Scope, Shapes } from '../api/client';
import { needed } from '../model/actions';

/** What the viewer may do in the chosen scope, as the API's own evaluator says. The API refuses all the same. */
export interface Permissions {
  /** On the organization or enterprise itself, or on the database where an id is given. */
  may: (action: string, databaseId?: string) => boolean;
  /** On any database at all. */
  mayAnywhere: (action: string) => boolean;
  /** Why not, for a control that is disabled; undefined: they may. */
  reason: (action: string, databaseId?: string) => string | undefined;
}

type Row = Shapes['PolicyRow'];

export function permissionsFrom(rows: Row[]): Permissions {
  const whole = rows.filter((row) => row.level === 'organization' || row.level === 'enterprise');
  const anywhere = new Set(rows.flatMap((row) => row.allowed));
  const at = (databaseId: string | undefined) =>
    databaseId === undefined ? whole : rows.filter((row) => row.databaseId === databaseId);
  const may = (action: string, databaseId?: string) =>
    at(databaseId).some((row) => row.allowed.includes(action));
  return {
    may,
    mayAnywhere: (action) => anywhere.has(action),
    reason: (action, databaseId) => (may(action, databaseId) ? undefined : needed(action)),
  };
}

export async function permissionsOf(scope: Scope | null): Promise<Permissions> {
  if (!scope) return permissionsFrom([]);
  const preview = await ask(() => api.POST('/v2/policies/preview', { body: {} }));
  return permissionsFrom(preview.rows);
}
