import type { Shapes } from '../../api/client';
import { counted } from '../../model/words';

/** Something that waits for a person, and where it is seen to. */
export interface Need {
  text: string;
  href: string;
  deed: string;
}

interface Known {
  summary: Shapes['TokensSummary'] | undefined;
  usage: Shapes['Usage'] | undefined;
  databases: Shapes['DatabaseList'];
  secondFactor: boolean;
}

const soon = 7;

function ofTokens(summary: Shapes['TokensSummary']): Need[] {
  const needs: Need[] = [];
  const ending = summary.expiries.slice(0, soon).reduce((sum, day) => sum + day.count, 0);
  const unused = summary.unusedFor90Days;
  if (ending)
    needs.push({
      text: `${counted(ending, 'token')} ${ending === 1 ? 'ends' : 'end'} within ${soon} days. Whoever uses ${ending === 1 ? 'it' : 'them'} needs a new one before.`,
      href: '/tokens?status=expiring&sort=tokenExpiry',
      deed: 'See which',
    });
  if (unused)
    needs.push({
      text: `${counted(unused, 'token')} ${unused === 1 ? 'was' : 'were'} not used for 90 days. What nobody uses is best deleted.`,
      href: '/tokens?status=unused&sort=lastUsedAt',
      deed: 'Look through',
    });
  if (summary.expired)
    needs.push({
      text: `${counted(summary.expired, 'expired token')} still ${summary.expired === 1 ? 'stands' : 'stand'} in the list.`,
      href: '/tokens?status=expired',
      deed: 'Tidy up',
    });
  return needs;
}

/** In the order of how much each one hurts. */
export function needsOf({ summary, usage, databases, secondFactor }: Known): Need[] {
  const needs: Need[] = databases
    .filter((database) => database.status === 'ERROR')
    .map((database) => ({
      text: `The database ${database.info.name} cannot be reached${database.message ? `: ${database.message}` : '.'}`,
      href: `/databases/${database.id}`,
      deed: 'See why',
    }));
  const refused = usage?.refusedTokens[0];
  if (refused)
    needs.push({
      text: `The token ${refused.clientId} was refused ${counted(refused.count, 'time')} in 24 hours: it may lack a permission, or be in the wrong hands.`,
      href: `/tokens/${refused.clientId}`,
      deed: 'Look at it',
    });
  if (summary) needs.push(...ofTokens(summary));
  if (!secondFactor)
    needs.push({
      text: 'Your account has no second factor: your password alone opens it.',
      href: '/account',
      deed: 'Set one up',
    });
  return needs;
}
