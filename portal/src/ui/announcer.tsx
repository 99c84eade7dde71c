import { useEffect, useState } from 'preact/hooks';

let say: ((text: string) => void) | null = null;

/** Tells a screen reader something that is only seen otherwise: "Copied", "41 tokens found". */
export function announce(text: string): void {
  say?.(text);
}

/** The one live region of the page. */
export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    say = setText;
    return () => {
      say = null;
    };
  }, []);
  return (
    <p class="for-readers" role="status" aria-live="polite">
      {text}
    </p>
  );
}
