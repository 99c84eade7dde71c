import { api, ask } from '../api/client';
import type { Scope } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { useSession } from '../session/session';
import { SelectField } from '../ui/field';

interface Props {
  enterprise: Scope;
  member: Scope | undefined;
  onMember: (member: Scope | undefined) => void;
}

/** An enterprise makes tokens for itself, or for an organization that belongs to it. */
export function ForWhom({ enterprise, member, onMember }: Props) {
  const { permissions } = useSession();
  const { id } = enterprise;
  const may = permissions.may('enterprise-read');
  const members = useAnswer(may ? `members of ${id}` : null, () =>
    ask(() => api.GET('/v2/enterprises/{id}/organizations', { params: { path: { id } } })),
  );
  const choose = (chosen: string) => {
    const found = members.value?.find((one) => one.id === chosen);
    onMember(found && { id: found.id, kind: 'organization', name: found.name });
  };
  return (
    <div class="narrow">
      <SelectField
        label="For whom?"
        hint={
          may
            ? 'A token for a member organization is that organization’s: it opens databases, and is found and deleted there.'
            : permissions.reason('enterprise-read')
        }
        value={member?.id ?? ''}
        options={[
          { value: '', text: `${enterprise.name} itself` },
          ...(members.value ?? []).map((one) => ({
            value: one.id,
            text: `${one.name} (member organization)`,
          })),
        ]}
        onValue={choose}
      />
    </div>
  );
}
