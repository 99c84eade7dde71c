import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface Props {
  title: string;
  /** Escape. Clicks beside the dialog do nothing, so that nothing typed is lost by accident. */
  onCancel: () => void;
  children: ComponentChildren;
  wide?: boolean;
  /** What is under it is not to be seen. */
  covers?: boolean;
}

/** The browser's own modal dialog: it keeps focus inside and gives it back. Focus starts on what has data-autofocus. */
export function Dialog({ title, onCancel, children, wide, covers }: Props) {
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      class={wide ? 'wide' : covers ? 'covers' : ''}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
