import type { Shapes } from '../../api/client';
import { Spoken } from '../../access/spoken';
import { actionName } from '../../model/actions';
import { inWords, readResource } from '../../model/resource_name';
import type { NamesOf } from '../../model/resource_name';
import { Link } from '../../router/link';
import { Badge } from '../../ui/badge';

type Explanation = Shapes['Explanation'];
type Rule = Shapes['ExplanationRule'];

/** The verdict, the rule that made it, what would change it; for a statement each thing that it needs. */
export function Verdict({ of, names }: { of: Explanation; names: NamesOf }) {
  const needs = of.needs ?? [];
  return (
    <>
      <div class={`verdict ${of.allow ? 'allowed' : 'refused'}`}>
        <p class="word">
          <strong>{of.allow ? 'Allowed' : 'Refused'}</strong>
        </p>
        <p>{needs.length > 0 ? needsWords(needs) : <Spoken text={of.text} names={names} />}</p>
        {of.action && of.resource && (
          <p>
            <Asked action={of.action} resource={of.resource} names={names} />
          </p>
        )}
        {of.rule !== undefined && <RuleLine rule={of.rule} names={names} />}
        {of.change && (needs.length === 0 || of.allow) && (
          <p>
            <strong>What would change it:</strong> <Spoken text={of.change} names={names} />
          </p>
        )}
      </div>
      {needs.length > 0 && <Needs needs={needs} names={names} />}
    </>
  );
}

/** The statement’s verdict by what it needs; why is said with each. */
function needsWords(needs: NonNullable<Explanation['needs']>): string {
  const refused = needs.filter((one) => !one.allow).length;
  if (refused === 0)
    return needs.length === 1
      ? 'The one thing that it needs is allowed.'
      : `All ${needs.length} things that it needs are allowed.`;
  return needs.length === 1
    ? 'The one thing that it needs is refused.'
    : `${refused} of ${needs.length} things that it needs ${refused === 1 ? 'is' : 'are'} refused.`;
}

function Asked({ action, resource, names }: { action: string; resource: string; names: NamesOf }) {
  const read = readResource(resource);
  return (
    <>
      {actionName(action)} on {read ? inWords(read, names) : resource}{' '}
      <span class="hint">
        (<code>{action}</code> on <code>{resource}</code>)
      </span>
    </>
  );
}

function RuleLine({ rule, names }: { rule: Rule | null; names: NamesOf }) {
  if (!rule) return <p>No rule of any role speaks of it, and what is not allowed is refused.</p>;
  const read = readResource(rule.resource);
  return (
    <p>
      <strong>The rule:</strong>{' '}
      {rule.roleId ? <Link href={`/roles/${rule.roleId}`}>{rule.roleName}</Link> : rule.roleName}{' '}
      {rule.effect === 'deny' ? 'denies' : 'allows'} it on {read ? inWords(read, names) : 'the line'}{' '}
      <code>{rule.resource}</code>
    </p>
  );
}

function Needs({ needs, names }: { needs: NonNullable<Explanation['needs']>; names: NamesOf }) {
  return (
    <>
      <h3>What the statement needs</h3>
      <ol class="needs">
        {needs.map((need) => (
          <li key={`${need.action} ${need.resource}`}>
            <p>
              <Badge tone={need.allow ? 'good' : 'bad'}>{need.allow ? 'Allowed' : 'Refused'}</Badge>{' '}
              <Asked action={need.action} resource={need.resource} names={names} />
            </p>
            <p>
              <Spoken text={need.text} names={names} />
            </p>
            <RuleLine rule={need.rule} names={names} />
            {!need.allow && need.change && (
              <p>
                <strong>What would change it:</strong> <Spoken text={need.change} names={names} />
              </p>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
