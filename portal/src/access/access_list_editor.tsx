import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { isProblem } from '../api/problem';
import { useDeed } from '../api/use_answer';
import { counted } from '../model/words';
import { announce } from '../ui/announcer';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm_dialog';
import { CheckField } from '../ui/field';
import { ClosingDialog } from './closing_dialog';
import { changeOf, meaning, newEntry, remarksByRow } from './draft';
import type { Draft, Remarks } from './draft';
import { EntryRows } from './entry_rows';
import { Form } from '../ui/form';

interface Props {
  initial: Draft;
  /** What it guards: "this database", "the API". */
  door: string;
  disabledReason: string | undefined;
  /** Whom it would close out; absent: it closes no sessions. */
  preview?: (change: Shapes['AccessChange']) => Promise<Shapes['AccessPreview']>;
  /** With force: even if it shuts out the caller. */
  save: (change: Shapes['AccessChange'], force: boolean) => Promise<unknown>;
  onSaved: () => void;
}

const nothingSaid: ReadonlyMap<number, Remarks> = new Map();

/** Ranges of addresses and whether they are in force: looked over by the API, then written as a whole. */
export function AccessListEditor({ initial, door, disabledReason, preview, save, onSaved }: Props) {
  const [draft, setDraft] = useState(initial);
  const [verdict, setVerdict] = useState<Shapes['AccessVerdict'] | null>(null);
  const [shutOut, setShutOut] = useState<string | null>(null);
  const [closing, setClosing] = useState<Shapes['AccessPreview'] | null>(null);
  const deed = useDeed();
  const change = (next: Draft) => {
    setDraft(next);
    setVerdict(null);
  };
  const says = meaning(draft, door);

  const remarks = verdict ? remarksByRow(draft, verdict) : nothingSaid;
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [verdict]);

  const lookOver = async () => {
    const found = await ask(() => api.POST('/v2/access-list/validate', { body: changeOf(draft) }));
    setVerdict(found);
    announce(verdictWords(found));
    return found;
  };
  const validate = () => deed.run(lookOver);
  /** What the API refuses, at the rows that it is about; what it has not to do with a row, as ever. */
  const atItsRow = async (deedOf: () => Promise<void>) => {
    try {
      await deedOf();
    } catch (thrown) {
      if (!isProblem(thrown) || thrown.status !== 400 || (await lookOver()).valid) throw thrown;
    }
  };
  const write = async (force: boolean) => {
    await save(changeOf(draft), force);
    setShutOut(null);
    setClosing(null);
    announce('The access list is saved.');
    onSaved();
  };
  const writeUnlessItCloses = async () => {
    const found = await preview?.(changeOf(draft));
    if (found && found.closing > 0) {
      setClosing(found);
      return;
    }
    try {
      await write(false);
    } catch (thrown) {
      if (!isProblem(thrown) || thrown.status !== 409 || !thrown.message.includes('force')) throw thrown;
      setShutOut(thrown.message);
    }
  };
  const writeOrAsk = () => deed.run(() => atItsRow(writeUnlessItCloses));

  return (
    <Form class="access-list" onSubmit={() => void writeOrAsk()} problem={deed.problem}>
      <CheckField
        label="The list is in force"
        checked={draft.enabled}
        disabledReason={disabledReason}
        onChecked={(enabled) => change({ ...draft, enabled })}
      />
      <p class={says.closed ? 'note warn' : 'note'}>{says.text}</p>
      <div ref={form}>
        <EntryRows
          entries={draft.entries}
          readOnly={disabledReason !== undefined}
          remarks={remarks}
          onEntries={(entries) => change({ ...draft, entries })}
        />
      </div>
      {verdict && <p class={verdict.valid ? 'note' : 'note problem'}>{verdictWords(verdict)}</p>}
      <div class="actions">
        <Button
          disabledReason={disabledReason}
          onClick={() => change({ ...draft, entries: [...draft.entries, newEntry()] })}
        >
          Add address
        </Button>
        <Button onClick={() => void validate()}>Validate</Button>
        <Button kind="primary" type="submit" busy={deed.busy} disabledReason={disabledReason}>
          Save
        </Button>
      </div>
      {closing && (
        <ClosingDialog
          preview={closing}
          door={door}
          onConfirm={() => write(false)}
          onCancel={() => setClosing(null)}
        />
      )}
      {shutOut !== null && (
        <ConfirmDialog
          title="Shut yourself out?"
          confirm="Save all the same"
          onConfirm={() => write(true)}
          onCancel={() => setShutOut(null)}
        >
          <p>
            {shutOut.replace(/;.*/, '.')} You could not use this page from your address any more. The local
            operator can always undo it on the machine itself.
          </p>
        </ConfirmDialog>
      )}
    </Form>
  );
}

/** The whole; what it is about stands at the rows. */
function verdictWords({ valid, remarks }: Shapes['AccessVerdict']): string {
  const faults = remarks.filter((one) => one.fault).length;
  const hints = new Set(remarks.map((one) => one.index)).size;
  if (!valid)
    return `${counted(faults, 'address', 'addresses')} cannot be saved like this; ${faults === 1 ? 'its row says why' : 'their rows say why'}.`;
  if (hints === 0) return 'All addresses are fine.';
  return `All addresses can be saved; ${counted(hints, 'row')} ${hints === 1 ? 'is' : 'are'} worth a look.`;
}
