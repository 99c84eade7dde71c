import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useDeed } from '../api/use_answer';
import { useSession } from '../session/session';
import { announce } from '../ui/announcer';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { CheckField, FieldSet, SelectField, TextField } from '../ui/field';
import { Form } from '../ui/form';
import { refusedField } from '../ui/refused_field';
import { bodyOf, isOperators, kinds, placeNow, setExport, wishOf } from './export';
import type { AuditExport, Kind, Wish } from './export';
import { ExportByOperator } from './export_by_operator';

interface Props {
  orgId: string;
  now: AuditExport;
  onDone: () => void;
  onCancel: () => void;
}

const told = ['endpoint', 'token', 'index', 'source', 'sourcetype'];

/** Says where records are sent on to, or what the operator has to type for it. */
export function ExportDialog({ orgId, now, onDone, onCancel }: Props) {
  const { scopes, scope } = useSession();
  const [wish, setWish] = useState(() => wishOf(now));
  const deed = useDeed();
  const refused = refusedField(deed.problem, told);
  const left = deed.problem && isOperators(deed.problem.message) ? deed.problem.message : null;
  const byOperator = left !== null;
  const inside = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () => inside.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus(),
    [byOperator],
  );
  const save = () =>
    deed.run(async () => {
      await setExport(orgId, bodyOf(wish));
      announce('Records are sent on.');
      onDone();
    });
  return (
    <Dialog
      title={now.enabled ? 'Change where records are sent on to' : 'Send records on'}
      onCancel={onCancel}
    >
      <div ref={inside}>
        {left !== null ? (
          <ExportByOperator
            wish={wish}
            why={left}
            organization={scopes.length > 1 ? (scope?.name ?? null) : null}
            onBack={deed.clear}
            onCancel={onCancel}
          />
        ) : (
          <Form onSubmit={() => void save()} problem={refused.problem} told={refused.told}>
            <Fields
              wish={wish}
              set={(change) => setWish((was) => ({ ...was, ...change }))}
              at={refused.at}
              now={now}
            />
            <div class="actions">
              <Button onClick={onCancel}>Cancel</Button>
              <Button kind="primary" type="submit" busy={deed.busy}>
                {now.enabled ? 'Save' : 'Send on'}
              </Button>
            </div>
          </Form>
        )}
      </div>
    </Dialog>
  );
}

const hints: Record<Kind, string> = {
  webhook: 'https:// URL of a server that takes a POST of JSON lines.',
  splunk: 'https:// URL of its HTTP event collector; without a path, /services/collector/event is meant.',
};

interface FieldsProps {
  wish: Wish;
  set: (change: Partial<Wish>) => void;
  at: (field: keyof Wish) => string | undefined;
}

function Fields({ wish, set, at, now }: FieldsProps & { now: AuditExport }) {
  const { kind } = wish;
  return (
    <>
      <SelectField
        label="Kind of server"
        value={kind}
        onValue={(to) => set({ kind: to as Kind })}
        options={Object.entries(kinds).map(([value, text]) => ({ value, text }))}
      />
      <TextField
        label="Endpoint"
        hint={hints[kind]}
        inputMode="url"
        autocomplete="off"
        spellcheck={false}
        value={wish.endpoint}
        onValue={(endpoint) => set({ endpoint })}
        error={at('endpoint')}
        autofocus
        required
      />
      <TextField
        label={kind === 'splunk' ? 'Token' : 'Token (optional)'}
        hint={tokenHint(kind, placeNow(now)?.at.hasToken ?? false)}
        type="password"
        autocomplete="off"
        value={wish.token}
        onValue={(token) => set({ token })}
        error={at('token')}
        required={kind === 'splunk'}
      />
      {kind === 'splunk' && <SplunkFields wish={wish} set={set} at={at} />}
      <FieldSet legend="Begin with">
        <CheckField
          radio
          name="begin"
          label={now.enabled ? 'What has not arrived yet' : 'The records to come'}
          checked={!wish.everything}
          onChecked={() => set({ everything: false })}
        />
        <CheckField
          radio
          name="begin"
          label={
            now.enabled ? 'Everything that is in the trail, once more' : 'Everything that is in the trail'
          }
          checked={wish.everything}
          onChecked={() => set({ everything: true })}
        />
      </FieldSet>
    </>
  );
}

function tokenHint(kind: Kind, had: boolean): string {
  const sent = `Sent as “Authorization: ${kind === 'splunk' ? 'Splunk' : 'Bearer'}”; sealed at rest, and never shown again.`;
  if (!had) return sent;
  return `${sent} The one that is used now has to be typed again${kind === 'splunk' ? '' : ': left empty, records are sent without one'}.`;
}

/** What the token at Splunk says as well; open where something is set or refused. */
function SplunkFields({ wish, set, at }: FieldsProps) {
  const [open, setOpen] = useState(Boolean(wish.index || wish.source || wish.sourcetype));
  const refused = at('index') ?? at('source') ?? at('sourcetype');
  return (
    <details open={open || refused !== undefined} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Index, source, source type</summary>
      <TextField
        label="Index (optional)"
        hint="Without it, the token’s own."
        value={wish.index}
        onValue={(index) => set({ index })}
        error={at('index')}
      />
      <TextField
        label="Source (optional)"
        hint="Without it: latchkey."
        value={wish.source}
        onValue={(source) => set({ source })}
        error={at('source')}
      />
      <TextField
        label="Source type (optional)"
        hint="Without it: _json."
        value={wish.sourcetype}
        onValue={(sourcetype) => set({ sourcetype })}
        error={at('sourcetype')}
      />
    </details>
  );
}
