import type { ComponentChildren } from 'preact';

export type Tone = 'good' | 'calm' | 'warn' | 'bad';

/** A state in words; the colour only repeats it. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
