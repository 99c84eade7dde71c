import { refusalAtField } from '../model/refusal';
import { Button } from '../ui/button';
import { Command } from '../ui/command';
import { exportCommand } from './export';
import type { Wish } from './export';

interface Props {
  wish: Wish;
  /** The daemon's words. */
  why: string;
  organization: string | null;
  onBack: () => void;
  onCancel: () => void;
}

/** The command that sends records on; the page notices by itself when it has been run. */
export function ExportByOperator({ wish, why, organization, onBack, onCancel }: Props) {
  return (
    <>
      <p role="alert">{refusalAtField(why)} Nothing was changed.</p>
      <p>
        On the machine where Latchkey runs,{' '}
        {wish.token && 'put the token into a file that only you can read, and '}run this, with the data folder
        that Latchkey was started with in place of <code>DIR</code>:
      </p>
      <Command text={exportCommand(wish, organization)} what="Command that sends records on" />
      <p class="waiting" role="status">
        Waiting for it to be run …
      </p>
      <div class="actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button onClick={onBack} autofocus>
          Back to the form
        </Button>
      </div>
    </>
  );
}
