import { useEffect, useState } from 'preact/hooks';
import { announce } from './announcer';
import { Button } from './button';

/** Copies `text`, says so on itself and aloud. `what` names it: "Copy token". */
export function CopyButton({
  text,
  what,
  kind = 'plain',
}: {
  text: string;
  what: string;
  kind?: 'plain' | 'primary';
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 4000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
      announce(`Copied ${what}`);
    } catch {
      setState('failed');
      announce('The browser did not allow copying; select the text and copy it by keyboard.');
    }
  };
  return (
    <Button kind={kind} onClick={() => void copy()} {...(state === 'idle' ? { label: `Copy ${what}` } : {})}>
      {state === 'copied' ? 'Copied' : state === 'failed' ? 'Select and copy by hand' : 'Copy'}
    </Button>
  );
}
