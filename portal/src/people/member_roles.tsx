import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { RolePicker } from '../roles/role_picker';
import { useSession } from '../session/session';
import { Answer } from '../ui/answer';

interface Props {
  chosen: string[];
  onChosen: (roles: string[]) => void;
  error?: string | undefined;
}

/** Roles of the scope for somebody who belongs to it. */
export function MemberRoles(props: Props) {
  const { scope } = useSession();
  const roles = useAnswer(`roles of ${scope?.id ?? ''}`, () => ask(() => api.GET('/v2/organizations/roles')));
  return (
    <Answer of={roles} what="the roles">
      {(all) => <RolePicker roles={all} {...props} />}
    </Answer>
  );
}
