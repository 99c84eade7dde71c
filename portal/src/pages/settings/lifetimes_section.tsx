import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { actionsOf } from '../../model/actions';
import type { Permissions } from '../../session/permissions';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { LifetimesForm } from './lifetimes_form';

/** These decide what every role is worth, so only who holds every organization permission changes them. */
function reasonOf(permissions: Permissions): string | undefined {
  const missing = actionsOf('organization').filter((action) => !permissions.may(action.name));
  const first = missing[0];
  if (!first) return undefined;
  return `Only somebody who holds every permission on the organization, or the local operator, changes these. You lack ${missing.length}, first “${first.display}” (${first.name}).`;
}

export default function LifetimesSection() {
  const { scope, permissions } = useSession();
  const settings = useAnswer(`settings of ${scope?.id ?? ''}`, () =>
    ask(() => api.GET('/v2/organizations/settings')),
  );
  return (
    <>
      <h2>Lifetimes and the ceiling</h2>
      <Answer of={settings} what="the settings">
        {(kept) => (
          <LifetimesForm
            key={JSON.stringify(kept)}
            kept={kept}
            disabledReason={reasonOf(permissions)}
            onSaved={settings.again}
          />
        )}
      </Answer>
    </>
  );
}
