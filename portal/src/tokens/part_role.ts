import type { Shapes } from '../api/client';
import { writeResource } from '../model/resource_name';
import type { ResourceName } from '../model/resource_name';

/** One database, one keyspace of it or one table, and how far into it. */
export interface Part {
  databaseId: string;
  /** Empty: every one. */
  keyspace: string;
  table: string;
  what: What;
}

export type What = 'read' | 'write' | 'schema';

export const whats: [What, string, string][] = [
  ['read', 'Read', 'SELECT alone'],
  ['write', 'Read and write', 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'],
  ['schema', 'Read, write and change the schema', 'these and CREATE, ALTER, DROP'],
];

type Policy = Shapes['Policy'];

const base: Policy['actions'] = ['db-cql', 'db-keyspace-describe', 'db-table-describe', 'db-table-select'];
const beyond: Record<What, Policy['actions']> = {
  read: [],
  write: ['db-table-modify'],
  schema: ['db-table-modify', 'db-table-create', 'db-table-alter', 'db-table-drop'],
};

/** The policy that opens just this part: a line of each level, for no permission reaches down by itself. */
export function partPolicy(part: Part, organization: string): Policy {
  const keyspace = part.keyspace || '*';
  const table = part.table || '*';
  const at = (level: ResourceName['level'], rest: Partial<ResourceName>) =>
    writeResource({ level, scope: organization, database: part.databaseId, ...rest });
  return {
    description: 'made with a token',
    effect: 'allow',
    actions: [...base, ...beyond[part.what]],
    resources: [at('database', {}), at('keyspace', { keyspace }), at('table', { keyspace, table })],
  };
}

const verbs: Record<What, string> = {
  read: 'Read',
  write: 'Read and write',
  schema: 'Read, write and shape',
};

/** "orders.payments in shop" */
export function partName(part: Part, databaseName: string): string {
  if (!part.keyspace) return databaseName;
  return `${part.keyspace}${part.table ? `.${part.table}` : ''} in ${databaseName}`;
}

export function partRoleName(part: Part, databaseName: string): string {
  return `${verbs[part.what]} ${partName(part, databaseName)}`;
}

const same = (a: string[], b: string[]) => a.length === b.length && a.every((one) => b.includes(one));

function samePolicy(a: Policy, b: Policy): boolean {
  return a.effect === b.effect && same(a.actions, b.actions) && same(a.resources, b.resources);
}

/** The role that grants just this already, or the name under which it can be made. */
export function findPartRole(
  roles: Shapes['Role'][],
  name: string,
  policy: Policy,
): { id: string } | { name: string } {
  const there = roles.find((role) => samePolicy(role.policy, policy));
  if (there) return { id: there.id };
  const taken = new Set(roles.map((role) => role.name.toLowerCase()));
  let free = name;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name} (${n})`;
  return { name: free };
}
