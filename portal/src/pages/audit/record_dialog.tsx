import { useAnswer } from '../../api/use_answer';
import { eventOf } from '../../audit/record';
import type { AuditRecord } from '../../audit/record';
import { useTokenNames } from '../../audit/use_audit_names';
import { readRecord } from '../../audit/search';
import { exactly } from '../../model/time';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/copy_button';
import { Dialog } from '../../ui/dialog';
import { Outcome, Subject, Who } from './audit_table';

interface Props {
  seq: number;
  /** Where it is on the page already. */
  known: AuditRecord | undefined;
  names: ReadonlyMap<string, string>;
  /** Shows only records with these values. */
  only: (change: Record<string, string>) => void;
  onClose: () => void;
}

export function RecordDialog({ seq, known, names, only, onClose }: Props) {
  const record = useAnswer(known ? null : `record ${seq}`, () => readRecord(seq));
  return (
    <Dialog title={`Record ${seq}`} onCancel={onClose} wide>
      {known ? (
        <Known record={known} names={names} only={only} />
      ) : (
        <Answer of={record} what="the record">
          {(found) =>
            found ? (
              <Known record={found} names={names} only={only} />
            ) : (
              <p>There is no record of this number, or it is of another organization.</p>
            )
          }
        </Answer>
      )}
      <div class="actions">
        <Button onClick={onClose} autofocus>
          Close
        </Button>
      </div>
    </Dialog>
  );
}

function Known({ record, names: given, only }: { record: AuditRecord } & Pick<Props, 'names' | 'only'>) {
  const event = eventOf(record);
  const tokens = useTokenNames([record]);
  const names = new Map([...given, ...tokens]);
  const json = JSON.stringify(record, null, 2);
  const { call, subject } = event;
  const actor = event.who?.name;
  return (
    <>
      <dl class="facts">
        <dt>When</dt>
        <dd>
          <time dateTime={event.at ?? record.time}>{exactly(event.at ?? record.time)}</time>
        </dd>
        <dt>What</dt>
        <dd>
          <code>{event.name}</code> <Outcome event={event} />
        </dd>
        <dt>Who</dt>
        <dd>
          <Who event={event} names={names} />
        </dd>
        {subject && (
          <>
            <dt>To what</dt>
            <dd>
              <Subject event={event} names={names} />
            </dd>
          </>
        )}
        <dt>From</dt>
        <dd>
          <code>{event.peer}</code>
        </dd>
        <dt>Request id</dt>
        <dd>
          <code>{call}</code>
        </dd>
      </dl>
      <div class="actions">
        {actor && <Button onClick={() => only({ actor })}>All by the same</Button>}
        {subject && <Button onClick={() => only({ subject })}>All about the same</Button>}
        {call && <Button onClick={() => only({ q: call })}>All of this request</Button>}
        <CopyButton text={json} what="record as JSON" />
      </div>
      <pre tabIndex={0} aria-label="Record as JSON">
        {json}
      </pre>
    </>
  );
}
