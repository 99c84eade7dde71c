import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { useEach } from '../../api/use_each';
import { isBuiltIn } from '../../model/builtin';
import { heatSummary, keyspaceReaches, reachWords } from '../../model/role_heat';
import type { KeyspaceReach, Reach } from '../../model/role_heat';
import { HeatMap } from '../../pictures/heat_map';
import type { HeatCell } from '../../pictures/heat_map';
import { Link } from '../../router/link';
import { Button } from '../../ui/button';
import type { Role } from './role_list';

const rowsAtMost = 24;
const columnsAtMost = 40;

const steps: Record<Reach, Pick<HeatCell, 'step' | 'letter'>> = {
  none: { step: 0, letter: '' },
  denied: { step: 0, letter: '×' },
  see: { step: 1, letter: '·' },
  read: { step: 2, letter: 'R' },
  write: { step: 3, letter: 'W' },
  schema: { step: 4, letter: 'S' },
};

const readReaches = (roleId: string) =>
  ask(() => api.POST('/v2/policies/preview', { body: { roles: [roleId] } })).then(keyspaceReaches);

/** Which role reaches which keyspace, how far. Asked for when somebody wants to see it: one question a role. */
export function RoleHeat({ roles }: { roles: Role[] }) {
  const [wanted, setWanted] = useState(false);
  const custom = roles.filter((role) => !isBuiltIn(role.id));
  const drawn = (custom.length > 0 ? custom : roles).slice(0, rowsAtMost);
  const reaches = useEach(wanted ? drawn.map((role) => role.id) : [], readReaches);
  return (
    <section aria-labelledby="heat">
      <h2 id="heat">Roles and keyspaces</h2>
      {wanted ? (
        <Picture roles={drawn} reaches={reaches} />
      ) : (
        <Button onClick={() => setWanted(true)}>
          Draw how far {custom.length > 0 ? 'custom roles' : 'these roles'} reach
        </Button>
      )}
    </section>
  );
}

function columnsOf(reaches: Map<string, KeyspaceReach[] | null>) {
  const columns = new Map<string, { key: string; name: string; group: string }>();
  for (const all of reaches.values())
    for (const { key, keyspace, database } of all ?? [])
      columns.set(key, { key, name: keyspace, group: database });
  return [...columns.values()].sort((a, b) => `${a.group} ${a.name}`.localeCompare(`${b.group} ${b.name}`));
}

function Picture({ roles, reaches }: { roles: Role[]; reaches: Map<string, KeyspaceReach[] | null> }) {
  const columns = columnsOf(reaches);
  const done = roles.every((role) => reaches.has(role.id));
  if (!done && columns.length === 0)
    return (
      <p class="waiting" role="status">
        Reading how far roles reach …
      </p>
    );
  if (columns.length === 0) return <p>No keyspace that you can see is registered.</p>;
  const told = roles.flatMap((role) => reaches.get(role.id)?.map((one) => one.reach) ?? []);
  const cell = (row: string, column: string): HeatCell | undefined => {
    const all = reaches.get(row);
    if (!all) return undefined;
    const reach = all.find((one) => one.key === column)?.reach ?? 'none';
    return { ...steps[reach], word: reachWords[reach] };
  };
  return (
    <>
      <HeatMap
        caption="Roles and keyspaces"
        summary={
          done && told.length > 0
            ? heatSummary(roles.map((role) => reaches.get(role.id)?.map((one) => one.reach) ?? []))
            : 'Reading …'
        }
        rows={roles.map((role) => ({
          key: role.id,
          name: role.name,
          href: <Link href={`/roles/${role.id}`}>{role.name}</Link>,
        }))}
        columns={columns.slice(0, columnsAtMost)}
        cell={cell}
        legend={(['none', 'see', 'read', 'write', 'schema'] as const).map((reach) => ({
          ...steps[reach],
          word: reachWords[reach],
        }))}
      />
      {columns.length > columnsAtMost && (
        <p class="hint">
          The first {columnsAtMost} of {columns.length} keyspaces; a role’s own page shows all of its.
        </p>
      )}
    </>
  );
}
