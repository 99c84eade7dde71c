import { api, ask } from '../../api/client';
import type { Scope, Shapes } from '../../api/client';
import { isBuiltIn } from '../../model/builtin';

export type Role = Shapes['Role'];

/** Roles of an enterprise are written with permissions of their own. */
export function roleActions(scope: Scope | null): { write: string; remove: string } {
  return scope?.kind === 'enterprise'
    ? { write: 'enterprise-role-write', remove: 'enterprise-role-write' }
    : { write: 'org-role-write', remove: 'org-role-delete' };
}

export function readRoles(): Promise<Role[]> {
  return ask(() => api.GET('/v2/organizations/roles'));
}

export function readHolders(roleId: string): Promise<number> {
  return ask(() => api.GET('/v2/organizations/roles/{roleId}/usage', { params: { path: { roleId } } })).then(
    (usage) => usage.holders,
  );
}

export type Holders = Map<string, number | null>;

export interface ListState {
  q: string;
  kind: string;
  sort: string;
}

const orders: Record<string, (a: Role, b: Role, holders: Holders) => number> = {
  name: (a, b) => a.name.localeCompare(b.name),
  used: (a, b, holders) => (holders.get(a.id) ?? -1) - (holders.get(b.id) ?? -1),
  changed: (a, b) => a.last_update_date_time.localeCompare(b.last_update_date_time),
};

function fits(role: Role, q: string): boolean {
  const { description, actions, resources } = role.policy;
  const texts = [role.name, role.id, description ?? '', ...actions, ...resources];
  return texts.some((text) => text.toLowerCase().includes(q));
}

/** Custom roles stand before built-in ones where nobody sorts otherwise. */
export function listRoles(roles: Role[], { q, kind, sort }: ListState, holders: Holders): Role[] {
  const found = roles.filter(
    (role) =>
      fits(role, q.trim().toLowerCase()) && (kind === '' || (kind === 'built-in') === isBuiltIn(role.id)),
  );
  const order = orders[sort.replace('-', '')];
  const by = (a: Role, b: Role) =>
    order
      ? order(a, b, holders) * (sort.startsWith('-') ? -1 : 1)
      : Number(isBuiltIn(a.id)) - Number(isBuiltIn(b.id));
  return found.sort((a, b) => by(a, b) || a.name.localeCompare(b.name));
}

/** Built-in roles carry the year 1 for "never". */
export function changedAt(role: Role): string | null {
  return role.last_update_date_time.startsWith('0001') ? null : role.last_update_date_time;
}
