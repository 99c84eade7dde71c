import { useRef, useState } from 'preact/hooks';
import { useDeed } from '../api/use_answer';
import { counted } from '../model/words';
import { announce } from '../ui/announcer';
import { Button } from '../ui/button';
import { download } from '../ui/download';
import { Menu } from '../ui/menu';
import { ProblemNote } from '../ui/problem_note';
import { tokensCsv } from './export_tokens';
import { readAll } from './list_state';
import type { ListState, Token } from './list_state';

interface Props {
  state: ListState;
  roles: ReadonlyMap<string, string> | undefined;
}

/** Everything that matches, not the page alone, as a file. Many pages take a moment, which is shown. */
export function ExportButton({ state, roles }: Props) {
  const deed = useDeed();
  const [progress, setProgress] = useState('');
  const going = useRef(false);

  const run = (kind: string, type: string, text: (tokens: Token[]) => string) =>
    deed.run(async () => {
      going.current = true;
      const all = await readAll(state, (read, total) => {
        setProgress(
          `Read ${counted(read, 'token')}${total === null ? '' : ` of ${total.toLocaleString('en')}`}`,
        );
        return going.current;
      }).finally(() => setProgress(''));
      if (!all) return;
      download(`tokens.${kind}`, type, text(all));
      announce(`Exported ${counted(all.length, 'token')}`);
    });

  return (
    <>
      <Menu
        label="Export"
        items={[
          { text: 'CSV', onPick: () => void run('csv', 'text/csv', (all) => tokensCsv(all, roles)) },
          {
            text: 'JSON',
            onPick: () => void run('json', 'application/json', (all) => JSON.stringify(all, null, 2) + '\n'),
          },
        ]}
      >
        Export
      </Menu>
      {progress && (
        <span role="status">
          {progress}{' '}
          <Button kind="quiet" onClick={() => (going.current = false)}>
            Stop
          </Button>
        </span>
      )}
      <ProblemNote problem={deed.problem} />
    </>
  );
}
