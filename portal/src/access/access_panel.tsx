import { useEffect, useId } from 'preact/hooks';
import { actingIn, api, ask as asking } from '../api/client';
import type { Scope, Shapes } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { actionWords, listed } from '../model/action_words';
import { matrixOf } from '../model/access_matrix';
import type { PolicyRow } from '../model/access_matrix';
import { announce } from '../ui/announcer';
import { Answer } from '../ui/answer';
import { useSettled } from '../ui/use_settled';
import { AccessTable } from './access_table';
import { ActionNames } from './action_names';

interface Props {
  /** Null: nothing is chosen yet. */
  ask: Shapes['PolicyPreviewAsk'] | null;
  /** Where it is asked about; absent: where the viewer acts. */
  within?: Scope;
  title?: string;
  /** What is said while nothing is chosen. */
  nothing?: string;
}

/** What roles, a token or a draft may do: the server's own evaluator answers at each change. */
export function AccessPanel({
  ask,
  within,
  title = 'What this token can do',
  nothing = 'Choose a role to see what it opens.',
}: Props) {
  const id = useId();
  const wanted = useSettled(ask === null ? null : JSON.stringify(ask));
  const preview = useAnswer(wanted, () =>
    asking(() =>
      api.POST('/v2/policies/preview', {
        body: JSON.parse(wanted ?? '{}') as Shapes['PolicyPreviewAsk'],
        headers: within ? actingIn(within) : {},
      }),
    ),
  );
  const summary = wanted !== null && !preview.waiting ? preview.value?.summary : undefined;
  useEffect(() => {
    if (summary) announce(summary);
  }, [summary]);

  return (
    <section class="access" aria-labelledby={id} aria-busy={ask !== null && preview.waiting}>
      <h2 id={id}>{title}</h2>
      {ask === null || wanted === null ? (
        <p class="hint">{nothing}</p>
      ) : (
        <Answer of={preview} what="what it can do">
          {(value) => <Preview of={value} />}
        </Answer>
      )}
    </section>
  );
}

function Preview({ of }: { of: Shapes['PolicyPreview'] }) {
  const matrix = matrixOf(of.rows);
  return (
    <>
      <p class="access-summary">{of.summary}</p>
      {of.dangling.length > 0 && <Dangling ids={of.dangling} />}
      <Whole organization={matrix.organization} everyDatabase={matrix.everyDatabase} />
      {matrix.organization?.level === 'enterprise' ? (
        <p class="hint">A token of an enterprise opens no database.</p>
      ) : (
        <AccessTable databases={matrix.databases} />
      )}
      {of.truncated && (
        <p class="note warn">
          There is more than is shown here: the table ends at the API’s limit. The sentence above counts what
          is shown. Ask <em>Explain</em> about anything that is missing.
        </p>
      )}
      <NoEffect pairs={of.noEffect} />
    </>
  );
}

function Dangling({ ids }: { ids: string[] }) {
  return (
    <p class="note warn">
      {ids.length === 1 ? 'One role does' : `${ids.length} roles do`} not exist any more and{' '}
      {ids.length === 1 ? 'gives' : 'give'} nothing:{' '}
      {ids.map((one, i) => (
        <>
          {i > 0 && ', '}
          <code>{one}</code>
        </>
      ))}
    </p>
  );
}

/** Actions of the organization or enterprise, and on databases to come, as words. */
function Whole({
  organization,
  everyDatabase,
}: {
  organization: PolicyRow | null;
  everyDatabase: PolicyRow | null;
}) {
  const may = [
    ...(organization?.allowed ?? []),
    ...(everyDatabase?.allowed.filter((a) => a === 'org-db-create') ?? []),
  ];
  const denied = [
    ...(organization?.denied ?? []),
    ...(everyDatabase?.denied.filter((a) => a === 'org-db-create') ?? []),
  ];
  if (!organization && !everyDatabase) return null;
  const where = organization?.level === 'enterprise' ? 'enterprise' : 'organization';
  return (
    <div class="access-whole">
      <p>
        <strong>In the {where}:</strong>{' '}
        {may.length > 0 ? `may ${listed(may.map(actionWords))}.` : 'nothing.'}
        {denied.length > 0 && <> Denied: {listed(denied.map(actionWords))}.</>}
      </p>
      {may.length > 0 && (
        <details>
          <summary>As DevOps actions</summary>
          <ActionNames names={may} />
        </details>
      )}
    </div>
  );
}

/** Pairs of action and resource that grant nothing: harmless, but somebody may have meant something by them. */
function NoEffect({ pairs }: { pairs: Shapes['PolicyNoEffect'][] }) {
  if (pairs.length === 0) return null;
  return (
    <details class="access-no-effect">
      <summary>{pairs.length === 1 ? 'One line has' : `${pairs.length} lines have`} no effect here</summary>
      <ul>
        {pairs.map((pair) => (
          <li key={`${pair.roleId ?? ''} ${pair.action} ${pair.resource ?? ''}`}>
            {pair.roleName && <strong>{pair.roleName}: </strong>}
            {pair.text} {pair.action && <code>{pair.action}</code>}{' '}
            {pair.resource && <code>{pair.resource}</code>}
          </li>
        ))}
      </ul>
    </details>
  );
}
