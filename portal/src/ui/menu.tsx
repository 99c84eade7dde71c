import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Item {
  text: string;
  onPick: () => void;
  danger?: boolean;
  disabledReason?: string | undefined;
}

/** A button that opens a few deeds: "More". Arrows move, Escape closes and gives focus back. */
export function Menu({
  label,
  items,
  children,
}: {
  label: string;
  items: Item[];
  children: ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  // Before the next key can come: somebody may type faster than the screen is drawn.
  useLayoutEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', outside);
    return () => removeEventListener('pointerdown', outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const step = (by: number) => {
    const all = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = at < 0 && by < 0 ? all.length - 1 : (at + by + all.length) % all.length;
    all[next]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const does: Record<string, () => void> = {
      Escape: close,
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Tab: close,
    };
    if (!open || !does[event.key]) return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
    does[event.key]?.();
  };

  return (
    <div class="menu" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class="button quiet"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div role="menu" id={id} aria-label={label}>
          {items.map((item) => (
            <button
              key={item.text}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={item.danger ? 'danger' : ''}
              aria-disabled={item.disabledReason ? 'true' : undefined}
              onClick={() => {
                if (item.disabledReason) return;
                close();
                item.onPick();
              }}
            >
              {item.text}
              {item.disabledReason && <small>{item.disabledReason}</small>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
