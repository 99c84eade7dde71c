import { useEffect, useRef, useState } from 'preact/hooks';
import { ResourceFields } from '../../access/resource_fields';
import { useRoles } from '../../access/use_names';
import { api, ask } from '../../api/client';
import type { Scope } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { actions } from '../../model/actions';
import { askOf, partsAsked } from '../../model/question';
import type { Question } from '../../model/question';
import { useSession } from '../../session/session';
import { Button } from '../../ui/button';
import { CheckField, FieldSet, SelectField, TextArea, TextField } from '../../ui/field';
import { SuggestField } from '../../ui/suggest_field';
import { useSettled } from '../../ui/use_settled';
import { Form } from '../../ui/form';

interface Props {
  start: Question;
  /** The address that `start` was read from. */
  text: string;
  scope: Scope;
  onAsk: (question: Question) => void;
}

interface PartProps {
  question: Question;
  set: (change: Partial<Question>) => void;
}

export function QuestionForm({ start, text, scope, onAsk }: Props) {
  const [question, setQuestion] = useState(start);
  // Back and forward bring an earlier question; the form stays, so that focus does.
  const read = useRef(start);
  read.current = start;
  useEffect(() => setQuestion(read.current), [text]);
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Question>) => setQuestion({ ...question, ...change });
  const { missing } = askOf(question, scope);
  return (
    <Form
      class="question"
      onSubmit={() => {
        setTried(true);
        if (missing === undefined) onAsk(question);
      }}
    >
      <div class="columns">
        <Who question={question} set={set} />
        <What question={question} set={set} scope={scope} />
      </div>
      {tried && missing && (
        <p class="error" role="alert">
          {missing}
        </p>
      )}
      <div class="actions">
        <Button kind="primary" type="submit">
          Explain
        </Button>
      </div>
    </Form>
  );
}

function Who({ question, set }: PartProps) {
  const { permissions, scope } = useSession();
  const enterprise = scope?.kind === 'enterprise';
  const may = (
    enterprise ? ['enterprise-role-read', 'enterprise-token-write'] : ['org-role-read', 'org-token-write']
  ).some((action) => permissions.may(action));
  const reason = may ? undefined : permissions.reason(enterprise ? 'enterprise-role-read' : 'org-role-read');
  const choice = (who: Question['who'], label: string) => (
    <CheckField
      radio
      name="who"
      label={label}
      checked={question.who === who}
      onChecked={() => set({ who })}
      disabledReason={who === 'me' ? undefined : reason}
    />
  );
  return (
    <FieldSet legend="Who">
      {choice('me', 'I myself')}
      {choice('token', 'A token')}
      {question.who === 'token' && <TokenField value={question.token} onValue={(token) => set({ token })} />}
      {choice('role', 'A role')}
      {question.who === 'role' && <RoleField value={question.role} onValue={(role) => set({ role })} />}
    </FieldSet>
  );
}

function TokenField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const { permissions } = useSession();
  const q = useSettled(value);
  const may = permissions.may('org-token-read') || permissions.may('enterprise-token-read');
  const found = useAnswer(may ? `tokens like ${q}` : null, () =>
    ask(() => api.GET('/v2/tokens', { params: { query: { limit: 10, ...(q ? { q } : {}) } } })),
  );
  return (
    <SuggestField
      label="Client id"
      hint="Type some of its description, role or client id to find it."
      value={value}
      onValue={onValue}
      suggestions={(found.value?.clients ?? []).map((one) => ({
        value: one.clientId,
        text: one.description || one.clientId,
      }))}
    />
  );
}

function RoleField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const roles = useRoles().value ?? [];
  return (
    <SelectField
      label="Role"
      value={value}
      onValue={onValue}
      options={[
        { value: '', text: 'Choose …' },
        ...roles.map((one) => ({ value: one.id, text: one.name })),
        ...(value && !roles.some((one) => one.id === value) ? [{ value, text: value }] : []),
      ]}
    />
  );
}

function What({ question, set, scope }: PartProps & { scope: Scope }) {
  const enterprise = scope.kind === 'enterprise';
  const parts = { database: question.database, keyspace: question.keyspace, table: question.table };
  return (
    <FieldSet legend="May they …">
      <CheckField
        radio
        name="what"
        label="do one action"
        checked={question.what === 'action'}
        onChecked={() => set({ what: 'action' })}
      />
      {!enterprise && (
        <CheckField
          radio
          name="what"
          label="run a CQL statement"
          checked={question.what === 'cql'}
          onChecked={() => set({ what: 'cql' })}
        />
      )}
      {question.what === 'action' ? (
        <ActionFields question={question} set={set} enterprise={enterprise} />
      ) : (
        <TextArea label="CQL statement" code value={question.cql} onValue={(cql) => set({ cql })} />
      )}
      <ResourceFields
        value={parts}
        onValue={set}
        asked={partsAsked(question)}
        every={question.what === 'action'}
      />
    </FieldSet>
  );
}

function ActionFields({ question, set, enterprise }: PartProps & { enterprise: boolean }) {
  const [typed, setTyped] = useState(question.resource !== '');
  const offered = actions.filter((one) => (one.level === 'enterprise') === enterprise);
  return (
    <>
      <SelectField
        label="Action"
        value={question.action}
        onValue={(action) => set({ action })}
        options={[
          { value: '', text: 'Choose …' },
          ...offered.map((one) => ({ value: one.name, text: `${one.group}: ${one.display} (${one.name})` })),
        ]}
      />
      <CheckField
        label="Type the resource name"
        checked={typed}
        onChecked={(on) => {
          setTyped(on);
          if (!on) set({ resource: '' });
        }}
      />
      {typed && (
        <TextField
          label="Resource name"
          class="code"
          spellcheck={false}
          value={question.resource}
          onValue={(resource) => set({ resource: resource.trim() })}
        />
      )}
    </>
  );
}
