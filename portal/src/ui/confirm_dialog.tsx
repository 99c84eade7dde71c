import type { ComponentChildren } from 'preact';
import { useDeed } from '../api/use_answer';
import { Button } from './button';
import { Dialog } from './dialog';
import { ProblemNote } from './problem_note';

interface Props {
  title: string;
  /** What the button says: a verb and its object, "Delete Token". */
  confirm: string;
  danger?: boolean;
  onConfirm: () => Promise<void>;
  onCancel: () => void;
  children: ComponentChildren;
}

/** Asks before something is done that cannot be undone: names the object and what will end; focus starts on Cancel. */
export function ConfirmDialog({ title, confirm, danger = true, onConfirm, onCancel, children }: Props) {
  const deed = useDeed();
  return (
    <Dialog title={title} onCancel={onCancel}>
      {children}
      <ProblemNote problem={deed.problem} />
      <div class="actions">
        <Button onClick={onCancel} autofocus>
          Cancel
        </Button>
        <Button
          kind={danger ? 'danger' : 'primary'}
          busy={deed.busy}
          onClick={() => void deed.run(onConfirm)}
        >
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
