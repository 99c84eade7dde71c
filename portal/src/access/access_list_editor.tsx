import { useState } from 'preact/hooks';
import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { isProblem } from '../api/problem';
import { useDeed } from '../api/use_answer';
import { announce } from '../ui/announcer';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/confirm_dialog';
import { CheckField } from '../ui/field';
import { ClosingDialog } from './closing_dialog';
import { changeOf, meaning, newEntry } from './draft';
import type { Draft } from './draft';
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

  const validate = () =>
    deed.run(async () => {
      const found = await ask(() => api.POST('/v2/access-list/validate', { body: changeOf(draft) }));
      setVerdict(found);
      announce(found.valid ? 'All addresses are fine.' : `${found.validationFailures.length} faults found.`);
    });
  const write = async (force: boolean) => {
    await save(changeOf(draft), force);
    setShutOut(null);
    setClosing(null);
    announce('The access list is saved.');
    onSaved();
  };
  const writeOrAsk = () =>
    deed.run(async () => {
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
    });

  return (
    <Form class="access-list" onSubmit={() => void writeOrAsk()} problem={deed.problem}>
      <CheckField
        label="The list is in force"
        checked={draft.enabled}
        disabledReason={disabledReason}
        onChecked={(enabled) => change({ ...draft, enabled })}
      />
      <p class={says.closed ? 'note warn' : 'note'}>{says.text}</p>
      <EntryRows
        entries={draft.entries}
        readOnly={disabledReason !== undefined}
        onEntries={(entries) => change({ ...draft, entries })}
      />
      {verdict && <Verdict verdict={verdict} />}
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

function Verdict({ verdict }: { verdict: Shapes['AccessVerdict'] }) {
  if (verdict.valid) return <p class="note">All addresses are fine.</p>;
  return (
    <ul class="note problem">
      {verdict.validationFailures.map((failure) => (
        <li key={failure}>{failure}</li>
      ))}
    </ul>
  );
}
