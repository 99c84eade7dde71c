import { useState } from 'preact/hooks';
import { ResourceFields } from '../../access/resource_fields';
import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { answerWords, rolesWords, whoWords } from '../../model/access_flow';
import { actionOf, actions } from '../../model/actions';
import { partsAsked, questionFrom, resourceAsked } from '../../model/question';
import type { Question } from '../../model/question';
import { go, usePlace, withQuery } from '../../router/place';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { SelectField } from '../../ui/field';
import { GroupRoles, GroupWho } from './group_parts';
import { Form } from '../../ui/form';

/** What is asked most, as a verb; every other action by its name. */
const verbs: Record<string, string> = {
  'db-table-select': 'read',
  'db-table-modify': 'write',
  'db-table-alter': 'alter',
  'db-table-drop': 'drop',
  'db-cql': 'connect to',
};

const asked = actions.filter((one) => one.level !== 'organization' && one.level !== 'enterprise');

const verbOf = (action: string) => verbs[action] ?? `use “${actionOf(action)?.display ?? action}” on`;

/** "Who can write orders.payments?" */
export function WhoCan({ databases }: { databases: { id: string; name: string }[] }) {
  const { scope } = useSession();
  const place = usePlace();
  const start = questionFrom(place.query);
  const [question, setQuestion] = useState<Question>({ ...start, action: start.action || 'db-table-modify' });
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Question>) => setQuestion({ ...question, ...change });
  if (!scope) return null;
  const resource = resourceAsked(question, scope);
  return (
    <section aria-labelledby="who-can">
      <h2 id="who-can">Who can …?</h2>
      <Form
        onSubmit={() => {
          setTried(true);
          const { action, database, keyspace, table } = question;
          if (resource !== null) go(withQuery(place, { action, database, keyspace, table }));
        }}
      >
        <div class="filters">
          <SelectField
            label="Who can"
            value={question.action}
            onValue={(action) => set({ action })}
            options={[
              ...Object.entries(verbs).map(([value, text]) => ({ value, text })),
              ...asked
                .filter((one) => !(one.name in verbs))
                .map((one) => ({ value: one.name, text: `${one.display} (${one.name})` })),
            ]}
          />
          <ResourceFields value={question} onValue={set} asked={partsAsked(question)} />
          <Button kind="primary" type="submit">
            Show
          </Button>
        </div>
        {tried && resource === null && (
          <p class="error" role="alert">
            Say which {actionOf(question.action)?.level}.
          </p>
        )}
      </Form>
      {start.action && <Found question={start} databases={databases} />}
    </section>
  );
}

function whatWords(question: Question, databases: { id: string; name: string }[]): string {
  const parts = partsAsked(question);
  const name = (text: string, every: string) => (text === '*' ? every : text);
  const database = databases.find((one) => one.id === question.database)?.name ?? question.database;
  const inner = [
    parts.keyspace ? name(question.keyspace, '*') : '',
    parts.table ? name(question.table, '*') : '',
  ].filter(Boolean);
  const where = name(database, 'every database');
  return inner.length > 0 ? `${inner.join('.')} in ${where}` : where;
}

function Found({ question, databases }: { question: Question; databases: { id: string; name: string }[] }) {
  const { scope } = useSession();
  const resource = scope ? resourceAsked(question, scope) : null;
  const { action } = question;
  const map = useAnswer(resource === null ? null : `${action} ${resource}`, () =>
    ask(() => api.GET('/v2/access-map', { params: { query: { action, resource: resource ?? '' } } })),
  );
  if (resource === null) return null;
  return (
    <Answer of={map} what="who can">
      {({ groups, truncated }) => (
        <div role="status">
          <p class="access-summary">
            <strong>{answerWords(groups, verbOf(action), whatWords(question, databases))}</strong>
          </p>
          <ul>
            {groups.map((group) => (
              <li key={group.roles.map((role) => role.id).join()}>
                <GroupWho group={group} title={whoWords(group)} /> with{' '}
                <GroupRoles group={group} fallback={rolesWords(group)} />
              </li>
            ))}
          </ul>
          {truncated && <p class="note warn">There are more than the API tells at once.</p>}
        </div>
      )}
    </Answer>
  );
}
