import type { RoleDraft } from '../../model/policy_draft';
import { useSession } from '../../session/session';
import { CheckField, FieldSet, TextField } from '../../ui/field';
import { ActionPicker } from './action_picker';
import type { EditProps } from './edit_props';
import { ResourcePicker } from './resource_picker';

export function RoleForm({
  draft,
  onChange,
  problems,
}: EditProps & { problems: Partial<Record<keyof RoleDraft, string>> }) {
  const { scope } = useSession();
  const set = (change: Partial<RoleDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <div class="narrow">
        <TextField
          label="Name"
          value={draft.name}
          onValue={(name) => set({ name })}
          error={problems.name}
          maxLength={256}
          required
        />
        <TextField
          label="Description"
          hint="For people; optional."
          value={draft.description}
          onValue={(description) => set({ description })}
          error={problems.description}
        />
      </div>
      <FieldSet legend="Effect">
        <CheckField
          radio
          name="effect"
          label="Allow"
          hint="Who holds the role may do the actions on the resources."
          checked={draft.effect === 'allow'}
          onChecked={() => set({ effect: 'allow' })}
        />
        <CheckField
          radio
          name="effect"
          label="Deny"
          hint="Who holds the role may not do them, whatever their other roles allow."
          checked={draft.effect === 'deny'}
          onChecked={() => set({ effect: 'deny' })}
        />
      </FieldSet>
      <div class="columns">
        <ResourcePicker draft={draft} onChange={onChange} error={problems.resources} scope={scope} />
        <ActionPicker draft={draft} onChange={onChange} error={problems.actions} scope={scope} />
      </div>
    </>
  );
}
