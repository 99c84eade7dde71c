import type { Shapes } from '../../api/client';
import { lineHasNoEffect, withLine } from '../../model/policy_draft';
import { readResource, writeResource } from '../../model/resource_name';
import { CheckField, FieldSet, SelectField } from '../../ui/field';
import type { EditProps } from './edit_props';

type Props = EditProps & { scope: string; roles: Shapes['RoleList'] };

/** Roles that may be handed out without holding what they allow: how something mints tokens but reads no data. */
export function Delegation({ draft, onChange, scope, roles }: Props) {
  const named = [
    ...new Set(
      draft.resources.flatMap((text) => {
        const read = readResource(text);
        return read?.role !== undefined && (read.scope ?? scope) === scope ? [read.role] : [];
      }),
    ),
  ];
  const lineOf = (role: string) => writeResource({ level: 'role', scope, role });
  const set = (role: string, on: boolean) => onChange(withLine(draft, lineOf(role), on, scope));
  const nameOf = (id: string) =>
    roles.find((one) => one.id === id)?.name ?? `a role that does not exist (${id})`;
  return (
    <FieldSet
      legend="Roles to hand out"
      hint="With “Write Token” or “Write User”, such a line hands out a role without holding what it allows: a token that makes tokens, but reads no data."
    >
      <CheckField
        label="Any role"
        checked={named.includes('*')}
        onChecked={(on) => set('*', on)}
        hint={named.includes('*') ? lineHasNoEffect(draft, lineOf('*'), scope) : undefined}
      />
      {named
        .filter((id) => id !== '*')
        .map((id) => (
          <CheckField
            key={id}
            label={nameOf(id)}
            checked
            onChecked={() => set(id, false)}
            hint={lineHasNoEffect(draft, lineOf(id), scope)}
          />
        ))}
      <SelectField
        label="Add a role"
        value=""
        onValue={(id) => id && set(id, true)}
        options={[
          { value: '', text: 'Choose …' },
          ...roles.filter((one) => !named.includes(one.id)).map((one) => ({ value: one.id, text: one.name })),
        ]}
      />
    </FieldSet>
  );
}
