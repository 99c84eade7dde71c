import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Shapes } from '../api/client';
import { isBuiltIn } from '../model/builtin';
import { counted } from '../model/words';
import { CheckField, FieldSet, TextField } from '../ui/field';

interface Props {
  roles: Shapes['RoleList'];
  chosen: string[];
  onChosen: (ids: string[]) => void;
  hint?: ComponentChildren;
  error?: string | undefined;
}

const shownAtMost = 100;
const searchFrom = 8;
/** Of a token or a member, as the API has it. */
const rolesAtMost = 64;

function hintOf(role: Shapes['Role']): string | undefined {
  const words = isBuiltIn(role.id) ? '' : role.policy.description || 'custom role';
  if (role.policy.effect !== 'deny') return words || undefined;
  return `${words}${words && '. '}A deny role: takes away, whatever else allows.`;
}

/** One or more roles, found by typing; custom ones stand first, as in the list of roles. Whether the viewer may hand them out the API says when it comes to that. */
export function RolePicker({ roles, chosen, onChosen, hint, error }: Props) {
  const [q, setQ] = useState('');
  const wanted = q.trim().toLowerCase();
  const custom = roles.filter((role) => !isBuiltIn(role.id));
  const inOrder = [...custom, ...roles.filter((role) => isBuiltIn(role.id))];
  const found = inOrder.filter((role) => role.name.toLowerCase().includes(wanted));
  const toggle = (id: string, on: boolean) =>
    onChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  const full = chosen.length >= rolesAtMost ? `${rolesAtMost} roles are the most.` : undefined;
  return (
    <FieldSet legend="Roles" hint={hint}>
      {error && <p class="error">{error}</p>}
      {roles.length > searchFrom && (
        <TextField label="Search roles" type="search" autocomplete="off" value={q} onValue={setQ} />
      )}
      <div class="role-list" role="group" aria-label="Roles to choose from">
        {found.slice(0, shownAtMost).map((role) => (
          <CheckField
            key={role.id}
            label={role.name}
            hint={hintOf(role)}
            checked={chosen.includes(role.id)}
            onChecked={(on) => toggle(role.id, on)}
            disabledReason={chosen.includes(role.id) ? undefined : full}
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
  );
}
