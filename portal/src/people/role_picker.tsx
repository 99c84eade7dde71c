import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { useSession } from '../session/session';
import { Answer } from '../ui/answer';
import { CheckField, FieldSet, TextField } from '../ui/field';

const searchFrom = 10;

interface Props {
  chosen: string[];
  onChosen: (roles: string[]) => void;
  error?: string | undefined;
}

/** Roles of the scope to be ticked. Whether the viewer may hand them out the API says when it comes to that. */
export function RolePicker({ chosen, onChosen, error }: Props) {
  const { scope } = useSession();
  const [search, setSearch] = useState('');
  const roles = useAnswer(`roles of ${scope?.id ?? ''}`, () => ask(() => api.GET('/v2/organizations/roles')));
  return (
    <FieldSet legend="Roles">
      {error && <p class="error">{error}</p>}
      <Answer of={roles} what="the roles">
        {(all) => {
          const wanted = search.trim().toLowerCase();
          const shown = all.filter((role) => role.name.toLowerCase().includes(wanted));
          return (
            <>
              {all.length > searchFrom && (
                <TextField label="Search roles" type="search" value={search} onValue={setSearch} />
              )}
              <div class="pick">
                {shown.map((role) => (
                  <CheckField
                    key={role.id}
                    label={role.name}
                    hint={
                      role.policy.effect === 'deny'
                        ? 'A deny role: takes away, whatever else allows.'
                        : undefined
                    }
                    checked={chosen.includes(role.id)}
                    onChecked={(on) =>
                      onChosen(on ? [...chosen, role.id] : chosen.filter((one) => one !== role.id))
                    }
                  />
                ))}
              </div>
              {shown.length === 0 && <p>No role has this name.</p>}
            </>
          );
        }}
      </Answer>
    </FieldSet>
  );
}
