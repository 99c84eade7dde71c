import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  title: string;
  /** Deeds at the title's side. */
  deeds?: ComponentChildren;
  lead?: ComponentChildren;
  children: ComponentChildren;
}

/** A page: its title, also in the window's; focus goes to it, so that readers hear where they are. */
export function Page({ title, deeds, lead, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Latchkey`;
  }, [title]);
  useEffect(() => {
    // Whoever is still choosing, letter by letter, goes on: a letter without a field is a key of the page.
    if (!(document.activeElement instanceof HTMLSelectElement)) heading.current?.focus();
  }, []);
  return (
    <>
      <header class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {deeds && <div class="actions">{deeds}</div>}
        {lead && <p class="lead">{lead}</p>}
      </header>
      {children}
    </>
  );
}
