import type { Shapes } from '../api/client';
import { actionGroups, actionName, actionOf } from '../model/actions';
import { draftOf, lineHasNoEffect } from '../model/policy_draft';
import { inWords, readResource } from '../model/resource_name';
import type { NamesOf } from '../model/resource_name';

/** A role's policy, whole: its actions by group, its lines in words and as they are written. */
export function PolicyView({
  role,
  scope,
  names,
}: {
  role: Shapes['RoleNew'];
  scope: string;
  names: NamesOf;
}) {
  const { effect, actions, resources } = role.policy;
  const draft = draftOf(role);
  const known = actions.flatMap((name) => actionOf(name) ?? []);
  const unknown = actions.filter((name) => !actionOf(name));
  return (
    <div class="columns">
      <div>
        <h3>
          {effect === 'deny' ? 'Denies' : 'Allows'} {actions.length}{' '}
          {actions.length === 1 ? 'action' : 'actions'}
        </h3>
        {actionGroups(known).map(({ group, actions: its }) => (
          <details key={group} open={actions.length <= 12}>
            <summary>
              {group}: {its.length}
            </summary>
            <ul class="action-names">
              {its.map((one) => (
                <li key={one.name}>
                  {one.display} <code>{one.name}</code>
                </li>
              ))}
            </ul>
          </details>
        ))}
        {unknown.map((name) => (
          <p key={name}>{actionName(name)}</p>
        ))}
      </div>
      <div>
        <h3>
          On {resources.length} {resources.length === 1 ? 'line' : 'lines'}
        </h3>
        <ul class="resource-lines">
          {resources.map((text) => {
            const read = readResource(text);
            const idle = lineHasNoEffect(draft, text, scope);
            return (
              <li key={text}>
                {read ? inWords(read, names) : 'no resource name'}
                {idle && <span class="hint"> — no effect: {idle}</span>}
                <br />
                <code>{text}</code>
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
