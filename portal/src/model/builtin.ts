import { roles } from '../../../src/model/builtin_roles.json';

const ids = new Set(roles.map((role) => role.id));

/** Built-in roles are the same everywhere and cannot be changed. */
export function isBuiltIn(roleId: string): boolean {
  return ids.has(roleId.toLowerCase());
}
