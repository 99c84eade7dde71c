import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { endOf } from './expiry';
import { findPartRole, partPolicy, partRoleName } from './part_role';
import type { TokenDraft } from './token_draft';

/** The role for a part: the one that is there already, or a new one. */
async function roleForPart(draft: TokenDraft, scope: string, databaseName: string): Promise<string> {
  const policy = partPolicy(draft.part, scope);
  const roles = await ask(() => api.GET('/v2/organizations/roles'));
  const found = findPartRole(roles, partRoleName(draft.part, databaseName), policy);
  if ('id' in found) return found.id;
  const body = { name: found.name, policy };
  return (await ask(() => api.POST('/v2/organizations/roles', { body }))).id;
}

/** What is asked of the API; where the token is for one part, its role is there afterwards. */
export async function prepareToken(
  draft: TokenDraft,
  scope: string,
  databaseName: string,
  orgId?: string,
): Promise<Shapes['TokenNew']> {
  const roles = draft.where === 'part' ? [await roleForPart(draft, scope, databaseName)] : draft.roles;
  const tokenExpiry = endOf(draft.expires, Date.now());
  return {
    roles,
    description: draft.description.trim(),
    ...(orgId !== undefined && { orgId }),
    ...(tokenExpiry !== undefined && { tokenExpiry }),
  };
}

export function makeToken(
  body: Shapes['TokenNew'],
  header: { 'Idempotency-Key': string },
): Promise<Shapes['TokenMade']> {
  return ask(() => api.POST('/v2/tokens', { body, params: { header } }));
}
