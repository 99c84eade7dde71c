import { api, askWhole } from '../../api/client';
import type { Role } from './role_list';

export interface ReadRole {
  role: Role;
  /** By which the API tells whether somebody else was faster. */
  version: string;
}

export async function readRole(roleId: string): Promise<ReadRole> {
  const { value, response } = await askWhole(() =>
    api.GET('/v2/organizations/roles/{roleId}', { params: { path: { roleId } } }),
  );
  return { role: value, version: response.headers.get('ETag') ?? '' };
}
