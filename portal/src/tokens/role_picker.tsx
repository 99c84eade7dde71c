import { useState } from 'preact/hooks';
import type { Shapes } from '../api/client';
import { isBuiltIn } from '../model/builtin';
import { counted } from '../model/words';
import { CheckField, FieldSet, TextField } from '../ui/field';
import { RolePermissions } from './role_permissions';

interface Props {
  roles: Shapes['RoleList'];
  chosen: string[];
  onChosen: (ids: string[]) => void;
  databaseName: (id: string) => string | undefined;
}

const shownAtMost = 100;
const rolesAtMost = 64;

/** One or more roles, found by typing; those that are chosen tell what they permit. */
export function RolePicker({ roles, chosen, onChosen, databaseName }: Props) {
  const [q, setQ] = useState('');
  const wanted = q.trim().toLowerCase();
  const found = roles.filter((role) => role.name.toLowerCase().includes(wanted));
  const toggle = (id: string, on: boolean) =>
    onChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  const full = chosen.length >= rolesAtMost;
  return (
    <>
      <FieldSet legend="Roles" hint="One or more. They cannot be changed later.">
        {roles.length > 8 && (
          <TextField label="Search roles" type="search" autocomplete="off" value={q} onValue={setQ} />
        )}
        <div class="role-list" role="group" aria-label="Roles to choose from">
          {found.slice(0, shownAtMost).map((role) => (
            <CheckField
              key={role.id}
              label={role.name}
              hint={isBuiltIn(role.id) ? undefined : role.policy.description || 'custom role'}
              checked={chosen.includes(role.id)}
              onChecked={(on) => toggle(role.id, on)}
              disabledReason={
                full && !chosen.includes(role.id) ? `A token has ${rolesAtMost} roles at most.` : undefined
              }
            />
          ))}
          {found.length === 0 && <p>No role has this in its name.</p>}
        </div>
        {found.length > shownAtMost && (
          <p class="hint">
            And {counted(found.length - shownAtMost, 'more role', 'more roles')}: search by name.
          </p>
        )}
      </FieldSet>
      {roles
        .filter((role) => chosen.includes(role.id))
        .map((role) => (
          <RolePermissions key={role.id} role={role} databaseName={databaseName} />
        ))}
    </>
  );
}
