import type { Shapes } from '../api/client';
import { cqlshrc } from '../connect/snippets';
import type { Target } from '../connect/snippets';

export type Made = Shapes['TokenMade'];

export interface TokenFile {
  name: string;
  title: string;
  type: string;
  text: string;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

// Not defused as other cells are: a secret that was changed opens nothing, and none of its letters makes a formula that
// reaches anything.
function asCsv(made: Made): string {
  const line = (cells: string[]) => cells.map(quoted).join(',') + '\r\n';
  return line(['Client Id', 'Client Secret', 'Token']) + line([made.clientId, made.secret, made.token]);
}

// Without quotes, for half of the readers of such files take them as part of the value.
function asEnv(made: Made, target: Target | null): string {
  const lines = [
    `LATCHKEY_CLIENT_ID=${made.clientId}`,
    `LATCHKEY_CLIENT_SECRET=${made.secret}`,
    `LATCHKEY_TOKEN=${made.token}`,
  ];
  if (target) lines.push(`CASSANDRA_HOST=${target.host}`, `CASSANDRA_PORT=${target.port}`);
  return lines.join('\n') + '\n';
}

/** The same token in the forms that people keep one in. */
export function tokenFiles(made: Made, target: Target | null): TokenFile[] {
  const name = `token-${made.clientId}`;
  const files = [
    { name: `${name}.csv`, title: 'CSV', type: 'text/csv', text: asCsv(made) },
    {
      name: `${name}.json`,
      title: 'JSON',
      type: 'application/json',
      text: JSON.stringify(made, null, 2) + '\n',
    },
    { name: `${name}.env`, title: '.env', type: 'text/plain', text: asEnv(made, target) },
  ];
  if (!target) return files;
  // No text/plain: browsers would call it cqlshrc.txt.
  return [
    ...files,
    {
      name: 'cqlshrc',
      title: 'cqlshrc',
      type: 'application/octet-stream',
      text: cqlshrc(target, made.token),
    },
  ];
}
