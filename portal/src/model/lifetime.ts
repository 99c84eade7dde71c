const day = 86_400;

/** A lifetime as a form has it: whole days where it is some, else hours, else seconds. */
export interface Lifetime {
  /** "": without end. */
  count: string;
  unit: 'days' | 'hours' | 'seconds';
}

const sizes = { days: day, hours: 3600, seconds: 1 };

export function lifetimeOf(seconds: number | null): Lifetime {
  if (seconds === null) return { count: '', unit: 'days' };
  const unit = seconds % day === 0 ? 'days' : seconds % 3600 === 0 ? 'hours' : 'seconds';
  return { count: String(seconds / sizes[unit]), unit };
}

/** null: without end; undefined: no number. */
export function secondsOf({ count, unit }: Lifetime): number | null | undefined {
  if (count.trim() === '') return null;
  const n = Number(count);
  return Number.isInteger(n) && n > 0 ? n * sizes[unit] : undefined;
}

/** Whether tokens that there are could end earlier: only then a preview is asked for (doc/api.md). */
export function lowers(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before);
}
