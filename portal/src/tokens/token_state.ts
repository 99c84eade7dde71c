import type { Tone } from '../ui/badge';
import { left } from '../model/time';
import type { Token } from './list_state';

export interface State {
  tone: Tone;
  text: string;
}

const soonDays = 30;

function life(token: Token, now: number): State {
  const end = token.effectiveExpiry;
  if (token.status === 'expired' || (end && Date.parse(end) <= now)) return { tone: 'bad', text: 'Expired' };
  const soon = end && left(end, soonDays, now);
  return soon ? { tone: 'warn', text: `Expires in ${soon}` } : { tone: 'good', text: 'Active' };
}

/** A token's state in words. Whether a role dangles is only known with the roles at hand. */
export function statesOf(
  token: Token,
  roles: ReadonlyMap<string, string> | undefined,
  now = Date.now(),
): State[] {
  const states = [life(token, now)];
  if (token.lastUsedAt === null) states.push({ tone: 'calm', text: 'Never used' });
  if (roles && token.roles.some((role) => !roles.has(role)))
    states.push({ tone: 'warn', text: 'Dangling role' });
  return states;
}

/** What a token is called where it is spoken of. */
export function tokenName(token: { clientId: string; description: string }): string {
  return token.description || token.clientId;
}
