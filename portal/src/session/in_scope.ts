import type { Scope } from '../api/client';

/** The permission of the same purpose, as the chosen scope calls it. */
export function inScope(scope: Scope | null, ofOrganization: string, ofEnterprise: string): string {
  return scope?.kind === 'enterprise' ? ofEnterprise : ofOrganization;
}
