import type { Scope } from '../../api/client';
import { actionGroups, actionOf, actions } from '../../model/actions';
import type { Action } from '../../model/actions';
import { actionHasNoEffect, withAction } from '../../model/policy_draft';
import { Button } from '../../ui/button';
import { CheckField } from '../../ui/field';
import { presets } from './example_draft';
import type { EditProps } from './edit_props';

type Props = EditProps & { scope: Scope | null; error: string | undefined };

/** Actions in their groups: the plain name, DevOps clients' name, and what has no effect with the chosen resources. */
export function ActionPicker({ draft, onChange, scope, error }: Props) {
  const enterprise = scope?.kind === 'enterprise';
  const offered = actions.filter((one) => (one.level === 'enterprise') === enterprise);
  const foreign = draft.actions.filter((name) => !offered.some((one) => one.name === name));
  const set = (names: string[], on: boolean) =>
    onChange(names.reduce((now, name) => withAction(now, name, on), draft));
  return (
    <section aria-labelledby="actions">
      <h2 id="actions">Actions</h2>
      {error && <p class="error">{error}</p>}
      {!enterprise && (
        <p class="actions">
          Choose at once:
          {presets.map(({ text, actions: names }) => (
            <Button key={text} onClick={() => set(names, true)}>
              {text}
            </Button>
          ))}
        </p>
      )}
      {actionGroups(offered).map((group) => (
        <Group key={group.group} {...group} draft={draft} set={set} scope={scope?.id ?? ''} />
      ))}
      {foreign.map((name) => (
        <CheckField
          key={name}
          label={<ActionLabel name={name} display={actionOf(name)?.display ?? name} />}
          hint={enterprise ? 'No action of enterprises.' : 'An action of enterprises alone.'}
          checked
          onChecked={() => set([name], false)}
        />
      ))}
    </section>
  );
}

function ActionLabel({ name, display }: { name: string; display: string }) {
  return (
    <>
      {display} <code>{name}</code>
    </>
  );
}

interface GroupProps {
  group: string;
  actions: Action[];
  draft: EditProps['draft'];
  set: (names: string[], on: boolean) => void;
  scope: string;
}

function Group({ group, actions: its, draft, set, scope }: GroupProps) {
  const chosen = its.filter((one) => draft.actions.includes(one.name)).length;
  const all = chosen === its.length;
  return (
    <details class="group" open={chosen > 0}>
      <summary>
        <h3>{group}</h3>{' '}
        <span class="hint">
          {chosen === 0 ? `${its.length} actions` : `${chosen} of ${its.length} chosen`}
        </span>
      </summary>
      <Button
        kind="quiet"
        label={`${all ? 'Choose none' : 'Choose all'} of ${group}`}
        onClick={() =>
          set(
            its.map((one) => one.name),
            !all,
          )
        }
      >
        {all ? 'None' : 'All'}
      </Button>
      {its.map((one) => {
        const on = draft.actions.includes(one.name);
        return (
          <CheckField
            key={one.name}
            label={<ActionLabel name={one.name} display={one.display} />}
            checked={on}
            onChecked={(now) => set([one.name], now)}
            hint={on ? actionHasNoEffect(draft, one.name, scope) : undefined}
          />
        );
      })}
    </details>
  );
}
