import { roles } from '../../../src/model/builtin_roles.json';

const ids = new Set(roles.map((role) => role.id));

/** Built-in roles are the same everywhere and cannot be changed. */
export function isBuiltIn(roleId: string): boolean {
  return ids.has(roleId.toLowerCase());
}

/** Those of an organization, as the API lists them. */
export function organizationRoles() {
  return roles
    .filter((role) => role.level === 'organization')
    .map(({ id, name, actions, resources }) => ({
      id,
      name,
      policy: { effect: 'allow' as const, description: name, actions, resources },
      last_update_date_time: '',
      last_update_user_id: '',
    }));
}
