import { csv } from '../ui/download';
import type { Token } from './list_state';

const heads = [
  'clientId',
  'description',
  'roles',
  'roleIds',
  'status',
  'generatedOn',
  'tokenExpiry',
  'effectiveExpiry',
  'createdBy',
  'lastUsedAt',
  'lastUsedFrom',
  'lastUsedBy',
  'openSessions',
];

/** One line a token, after a line of heads. Roles are separated by semicolons; one that is gone has its id alone. */
export function tokensCsv(tokens: Token[], roles: ReadonlyMap<string, string> | undefined): string {
  const line = (token: Token) => [
    token.clientId,
    token.description,
    token.roles.map((id) => roles?.get(id) ?? id).join('; '),
    token.roles.join('; '),
    token.status,
    token.generatedOn,
    token.tokenExpiry ?? '',
    token.effectiveExpiry ?? '',
    token.createdBy,
    token.lastUsedAt ?? '',
    token.lastUsedFrom ?? '',
    token.lastUsedBy ?? '',
    String(token.openSessions ?? ''),
  ];
  return csv([heads, ...tokens.map(line)]);
}
