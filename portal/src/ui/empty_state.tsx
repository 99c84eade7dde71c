import type { ComponentChildren } from 'preact';

/** Nothing here yet: what this is for, and how to begin. */
export function EmptyState({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="empty">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
