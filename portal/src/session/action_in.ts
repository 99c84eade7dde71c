import type { Scope } from '../api/client';

/** What is "token-write" for an organization's callers is org-token-write, for an enterprise's enterprise-token-write. */
export function actionIn(
  scope: Scope | null,
  what: 'token-read' | 'token-write' | 'role-read' | 'user-read' | 'user-write',
) {
  return `${scope?.kind === 'enterprise' ? 'enterprise' : 'org'}-${what}`;
}

export function auditReadIn(scope: Scope | null): string {
  return scope?.kind === 'enterprise' ? 'enterprise-read' : 'org-audits-read';
}
