import type { Scope, Shapes } from '../api/client';
import { listed } from '../model/action_words';
import { isolated } from '../model/words';
import { controlFault } from '../model/plain_text';
import { endsWords, expiryFault, readExpires } from './expiry';
import type { Expires, Lifetimes } from './expiry';
import { partName, partPolicy, partRoleName, whats } from './part_role';
import type { Part } from './part_role';

/** A token before it is made. */
export interface TokenDraft {
  description: string;
  /** Wherever roles that there are reach, or one part, for which a role is made. */
  where: 'roles' | 'part';
  roles: string[];
  part: Part;
  expires: Expires;
}

/** /tokens/new?role=…&role=…&expires=30d&description=…, and where=part with database, keyspace, table, what. */
export function draftFrom(query: URLSearchParams, kind: Scope['kind']): TokenDraft {
  const what = whats.find(([word]) => word === query.get('what'));
  return {
    description: query.get('description') ?? '',
    where: kind === 'organization' && query.get('where') === 'part' ? 'part' : 'roles',
    roles: [...new Set(query.getAll('role').flatMap((text) => text.split(',')))].filter(Boolean),
    part: {
      databaseId: query.get('database') ?? '',
      keyspace: query.get('keyspace') ?? '',
      table: query.get('table') ?? '',
      what: what?.[0] ?? 'read',
    },
    expires: readExpires(query.get('expires')),
  };
}

/** What is asked of the server to tell what it could do; null: nothing is chosen. */
export function previewOf(draft: TokenDraft, scope: string): Shapes['PolicyPreviewAsk'] | null {
  if (draft.where === 'part')
    return draft.part.databaseId ? { policies: [partPolicy(draft.part, scope)] } : null;
  return draft.roles.length ? { roles: draft.roles } : null;
}

/** What is wrong with the fields that are filled in. */
export function draftFaults(
  draft: TokenDraft,
  now: number,
): { description: string | undefined; expires: string | undefined } {
  return { description: controlFault(draft.description), expires: expiryFault(draft.expires, now) };
}

/** Why it cannot be made yet. */
export function lacking(draft: TokenDraft, now: number): string | undefined {
  const { description, expires } = draftFaults(draft, now);
  if (description) return 'Change the description first.';
  if (expires) return 'Choose a later last day first.';
  if (draft.where === 'part') return draft.part.databaseId ? undefined : 'Choose a database first.';
  return draft.roles.length ? undefined : 'Choose a role first.';
}

export interface Names {
  scope: string;
  roles: ReadonlyMap<string, string>;
  database: (id: string) => string | undefined;
  lifetimes: Lifetimes | undefined;
}

/** One sentence: what comes into being when the button is pressed. */
export function sentence(draft: TokenDraft, names: Names): string {
  const subject = draft.description.trim()
    ? `“${isolated(draft.description.trim())}”`
    : 'A token without a description';
  const ends = endsWords(draft.expires, names.lifetimes);
  const scope = isolated(names.scope);
  if (draft.where === 'part') {
    const database = names.database(draft.part.databaseId) ?? draft.part.databaseId;
    const may = whats.find(([what]) => what === draft.part.what)?.[1].toLowerCase() ?? '';
    const role = partRoleName(draft.part, database);
    return `${subject} in ${scope} may ${may} ${isolated(partName(draft.part, database))}, by the role “${isolated(role)}”, and ${ends}.`;
  }
  const roles = draft.roles.map((id) => isolated(names.roles.get(id) ?? id));
  const word = roles.length === 1 ? 'role' : 'roles';
  return `${subject} in ${scope} has the ${word} ${listed(roles)} and ${ends}.`;
}
