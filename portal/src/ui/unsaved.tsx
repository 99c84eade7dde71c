import { useEffect, useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { guardLeaving } from '../router/place';
import { ConfirmDialog } from './confirm_dialog';

interface Unsaved {
  /** Asks while somebody is leaving; to be rendered with the page. */
  dialog: JSX.Element | null;
  /** Lets the page itself go on. */
  release: () => void;
}

/** While something is typed that would be lost, leaving asks: with a link, on Back, on a reload. */
export function useUnsaved(dirty: boolean, what: string): Unsaved {
  const [onward, setOnward] = useState<(() => void) | null>(null);
  const release = useRef<() => void>(() => undefined);
  useEffect(() => {
    if (!dirty) return;
    release.current = guardLeaving((go) => setOnward(() => go));
    return () => release.current();
  }, [dirty]);
  const dialog = onward && (
    <ConfirmDialog
      title="Leave without saving?"
      confirm="Leave"
      onConfirm={() => {
        onward();
        return Promise.resolve();
      }}
      onCancel={() => setOnward(null)}
    >
      <p>{what}</p>
    </ConfirmDialog>
  );
  return { dialog, release: () => release.current() };
}
