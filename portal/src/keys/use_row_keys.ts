import { useState } from 'preact/hooks';
import { useKeys } from './keys';

/** j and k move through rows (DataTable's `selected`), Enter opens the one that is chosen. */
export function useRowKeys(rows: string[], open: (row: string) => void): string | null {
  const [selected, select] = useState<string | null>(null);
  const move = (by: number) => {
    const at = selected === null ? -1 : rows.indexOf(selected);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next === undefined) return;
    select(next);
    document.querySelector(`[data-row="${CSS.escape(next)}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      if (selected !== null && document.activeElement?.matches('body, h1, .table-around')) open(selected);
    },
  });
  return selected;
}
