/** Moments and spans in words. All take `now` so that tests choose it. */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const units: [number, Intl.RelativeTimeFormatUnit][] = [
  [day, 'day'],
  [hour, 'hour'],
  [minute, 'minute'],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** "3 minutes ago", "in 6 days"; within a minute "just now"; beyond 60 days the date. */
export function ago(time: string, now = Date.now()): string {
  const apart = Date.parse(time) - now;
  if (Number.isNaN(apart)) return time;
  if (Math.abs(apart) > 60 * day) return onDay(time);
  for (const [size, unit] of units)
    if (Math.abs(apart) >= size) return relative.format(Math.trunc(apart / size), unit);
  return 'just now';
}

export function onDay(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : date.format(at);
}

export function exactly(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : full.format(at);
}

/** Whole days until then; negative: it is past. */
export function daysUntil(time: string, now = Date.now()): number {
  return Math.ceil((Date.parse(time) - now) / day);
}

/** "90 days", "36 hours": a span in its largest whole unit. */
export function span(seconds: number): string {
  const [size, unit] = [[day, 'day'] as const, [hour, 'hour'] as const, [minute, 'minute'] as const].find(
    ([size]) => (seconds * 1000) % size === 0 && seconds * 1000 >= size,
  ) ?? [1000, 'second'];
  const count = (seconds * 1000) / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
