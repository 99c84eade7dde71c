import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useAnswer } from '../../api/use_answer';
import { useEvery } from '../../api/use_every';
import { EndExportDialog } from '../../audit/end_export_dialog';
import { kinds, placeNow, readExport, standing } from '../../audit/export';
import type { AuditExport } from '../../audit/export';
import { ExportDialog } from '../../audit/export_dialog';
import { counted } from '../../model/words';
import { Creator } from '../../tokens/creator';
import { announce } from '../../ui/announcer';
import { Answer } from '../../ui/answer';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { TimeText } from '../../ui/time_text';

const lookEveryMs = 5000;

interface Props {
  orgId: string;
  names: ReadonlyMap<string, string>;
}

/** Where the organization's records are sent on to, and how that stands, looked at again every few seconds. */
export function SentOn({ orgId, names }: Props) {
  const [open, setOpen] = useState<'set' | 'end' | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const state = useAnswer(`where records of ${orgId} are sent on to`, () => readExport(orgId));
  const now = state.value;
  const enabled = now?.enabled ?? false;
  const operators = now?.byOperator ?? false;
  useEvery(enabled || open ? lookEveryMs : null, state.again);

  // The button that ended it is gone with it.
  const was = useRef(false);
  useLayoutEffect(() => {
    if (was.current && !enabled && document.activeElement === document.body)
      heading.current?.focus({ preventScroll: true });
    was.current = enabled;
  }, [enabled]);
  // Set up by the operator meanwhile, perhaps by the very command that the dialog shows.
  useEffect(() => {
    if (!operators || !open) return;
    setOpen(null);
    announce('The local operator has set up where records are sent on to.');
  }, [operators, open]);

  const done = () => {
    setOpen(null);
    state.again();
  };
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        Sent on
      </h2>
      <Answer of={now ? { ...state, problem: undefined } : state} what="where records are sent on to">
        {(value) => (
          <>
            {value.enabled ? (
              <Facts now={value} names={names} />
            ) : (
              <p>
                The trail is kept here, and its records are sent nowhere else. They can be: each as soon as it
                is written, to a server that takes JSON lines (a webhook), or to Splunk.
              </p>
            )}
            {state.problem && <p class="hint">This could not be read again: {state.problem.message}</p>}
            {operators ? (
              <p class="hint">
                The local operator has set this up, and alone changes it, by{' '}
                <code>latchkey audit export</code> on the machine where Latchkey runs.
              </p>
            ) : (
              <div class="actions">
                <Button onClick={() => setOpen('set')}>{value.enabled ? 'Change' : 'Send records on'}</Button>
                {value.enabled && (
                  <Button kind="danger" onClick={() => setOpen('end')}>
                    End sending
                  </Button>
                )}
              </div>
            )}
            {open === 'set' && (
              <ExportDialog orgId={orgId} now={value} onDone={done} onCancel={() => setOpen(null)} />
            )}
            {open === 'end' && (
              <EndExportDialog orgId={orgId} now={value} onDone={done} onCancel={() => setOpen(null)} />
            )}
          </>
        )}
      </Answer>
    </section>
  );
}

function Facts({ now, names }: { now: AuditExport; names: ReadonlyMap<string, string> }) {
  const place = placeNow(now);
  const { delivery } = now;
  const stands = delivery && standing(delivery);
  if (!place) return null;
  const { endpoint, hasToken, index, source, sourcetype } = place.at;
  return (
    <dl class="facts">
      <dt>To</dt>
      <dd>
        {kinds[place.kind]}, <code>{endpoint}</code>, {hasToken ? 'with a token' : 'without a token'}
      </dd>
      <Fact name="Index" text={index} />
      <Fact name="Source" text={source} />
      <Fact name="Source type" text={sourcetype} />
      {stands && (
        <>
          <dt>State</dt>
          <dd>
            <Badge tone={stands.tone}>{stands.text}</Badge>
            {stands.more && <p class="hint">{stands.more}</p>}
          </dd>
          <dt>Last arrived</dt>
          <dd>
            <TimeText at={delivery.lastSuccess} none="not since Latchkey started" />
          </dd>
          {delivery.lastFailure && (
            <>
              <dt>Last failed</dt>
              <dd>
                <TimeText at={delivery.lastFailure} />
              </dd>
            </>
          )}
          {delivery.nextTry && (
            <>
              <dt>Sent again</dt>
              <dd>
                <TimeText at={delivery.nextTry} />
              </dd>
            </>
          )}
          {delivery.missing > 0 && (
            <>
              <dt>Missing</dt>
              <dd>
                {counted(delivery.missing, 'record')} of the trail, whoever’s they are: its files were gone
                before they were sent.
              </dd>
            </>
          )}
        </>
      )}
      <dt>Set up</dt>
      <dd>
        <TimeText at={now.updatedOn} /> by <Creator id={now.updatedBy ?? ''} people={names} />
      </dd>
    </dl>
  );
}

function Fact({ name, text }: { name: string; text: string | null | undefined }) {
  if (!text) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}
