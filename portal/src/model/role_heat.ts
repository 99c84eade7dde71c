import type { Shapes } from '../api/client';
import { matrixOf } from './access_matrix';
import type { MatrixRow } from './access_matrix';

/** How far a role reaches in one keyspace: the strongest that it may do there. */
export type Reach = 'none' | 'see' | 'read' | 'write' | 'schema' | 'denied';

export interface KeyspaceReach {
  key: string;
  database: string;
  keyspace: string;
  reach: Reach;
}

export const reachWords: Record<Reach, string> = {
  none: 'nothing',
  see: 'sees names',
  read: 'reads',
  write: 'writes',
  schema: 'changes the schema or access',
  denied: 'denied',
};

function strongest({ cells }: MatrixRow): Reach {
  const any = (kind: keyof typeof cells) => cells[kind].whole + cells[kind].part > 0;
  if (any('schema') || any('access')) return 'schema';
  if (any('write')) return 'write';
  if (any('read')) return 'read';
  if (any('see')) return 'see';
  return (['read', 'write', 'schema'] as const).some((kind) => cells[kind].denied > 0) ? 'denied' : 'none';
}

export function keyspaceReaches(preview: Shapes['PolicyPreview']): KeyspaceReach[] {
  return matrixOf(preview.rows).databases.flatMap((database) =>
    database.children.map((keyspace) => ({
      key: `${database.row.databaseId ?? ''}:${keyspace.name}`,
      database: database.name,
      keyspace: keyspace.name,
      reach: strongest(keyspace),
    })),
  );
}

/** "3 of 5 roles write somewhere; 2 only read." */
export function heatSummary(reaches: Reach[][]): string {
  const count = (test: (all: Reach[]) => boolean) => reaches.filter(test).length;
  const writes = (one: Reach) => one === 'write' || one === 'schema';
  const writers = count((all) => all.some(writes));
  const readers = count((all) => all.includes('read') && !all.some(writes));
  const none = count((all) => all.every((one) => one === 'none' || one === 'denied'));
  const roles = `${reaches.length} ${reaches.length === 1 ? 'role' : 'roles'}`;
  return `Of ${roles}, ${writers} can write data or change the schema somewhere, ${readers} only read, ${none} reach no keyspace.`;
}
