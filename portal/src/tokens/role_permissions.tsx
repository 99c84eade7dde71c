import { ActionNames } from '../access/action_names';
import type { Shapes } from '../api/client';
import { actionGroups, actions } from '../model/actions';
import { inWords, readResource } from '../model/resource_name';
import { Badge } from '../ui/badge';

interface Props {
  role: Shapes['Role'];
  databaseName: (id: string) => string | undefined;
}

/** What a role says: its actions in groups, and where. What comes of it, the panel beside it tells. */
export function RolePermissions({ role, databaseName }: Props) {
  const { effect, resources } = role.policy;
  const its = actions.filter((action) => role.policy.actions.includes(action.name));
  const words = (text: string) => {
    const read = readResource(text);
    return read ? inWords(read, { database: databaseName, role: () => undefined }) : text;
  };
  return (
    <details open class="role-permissions">
      <summary>
        {role.name} {effect === 'deny' ? <Badge tone="bad">Denies</Badge> : <Badge tone="calm">Allows</Badge>}
      </summary>
      <p>On {resources.map(words).join('; ')}</p>
      <dl>
        {actionGroups(its).map(({ group, actions: inGroup }) => (
          <div key={group}>
            <dt>{group}</dt>
            <dd>
              <ActionNames names={inGroup.map((action) => action.name)} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
