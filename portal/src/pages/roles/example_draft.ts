import { emptyDraft } from '../../model/policy_draft';
import type { RoleDraft } from '../../model/policy_draft';

const reading = ['org-db-view', 'db-cql', 'db-keyspace-describe', 'db-table-describe', 'db-table-select'];

/** What the page without custom roles begins with. Anything else begins empty. */
export function exampleDraft(which: string | null, scope: string): RoleDraft {
  const org = `drn:astra:org:${scope}`;
  if (which === 'read')
    return {
      ...emptyDraft,
      name: 'shop reader',
      description: 'Reads every table of the keyspace shop',
      actions: reading,
      resources: [`${org}:db:*`, `${org}:db:*:keyspace:shop`, `${org}:db:*:keyspace:shop:table:*`],
    };
  if (which === 'deny')
    return {
      ...emptyDraft,
      name: 'no salaries',
      description: 'Keeps whoever holds it from the table salaries',
      effect: 'deny',
      actions: ['db-table-select', 'db-table-modify'],
      resources: [`${org}:db:*:keyspace:*:table:salaries`],
    };
  return emptyDraft;
}

/** What is often meant at once. */
export const presets: { text: string; actions: string[] }[] = [
  { text: 'Read', actions: reading },
  { text: 'Read and write', actions: [...reading, 'db-table-modify'] },
  {
    text: 'Change the schema',
    actions: [
      'db-keyspace-create',
      'db-keyspace-alter',
      'db-keyspace-drop',
      'db-table-create',
      'db-table-alter',
      'db-table-drop',
    ],
  },
];
