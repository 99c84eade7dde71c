/** Moments and spans in words. All take `now` so that tests choose it. */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const units = [
  [day, 'day', 'd'],
  [hour, 'hour', 'h'],
  [minute, 'minute', 'min'],
] as const;

/** The largest unit that fits, to the nearest count of it: the one rule for all that counts days, by which a token of
 * thirty days says so. Undefined: less than a minute. */
function whole(apart: number) {
  const found = units.find(([size]) => Math.abs(apart) >= size);
  return found && { count: Math.round(apart / found[0]), unit: found[1], short: found[2] };
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** "3 minutes ago", "in 6 days"; within a minute "just now"; beyond 60 days the date. */
export function ago(time: string, now = Date.now()): string {
  const apart = Date.parse(time) - now;
  if (Number.isNaN(apart)) return time;
  if (Math.abs(apart) > 60 * day) return onDay(time);
  const parts = whole(apart);
  if (parts) return relative.format(parts.count, parts.unit);
  return apart > 0 ? 'in a moment' : 'just now';
}

export function onDay(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : date.format(at);
}

export function exactly(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : full.format(at);
}

/** "6 d", "5 h", "3 min" until then, as `ago` counts them; null: it is past, or further away than `mostDays`. */
export function left(time: string, mostDays: number, now = Date.now()): string | null {
  const apart = Date.parse(time) - now;
  if (!(apart > 0 && apart <= mostDays * day)) return null;
  const parts = whole(apart);
  return parts ? `${parts.count} ${parts.short}` : 'a moment';
}

/** "90 days", "36 hours": a span in its largest whole unit. */
export function span(seconds: number): string {
  const [size, unit] = [[day, 'day'] as const, [hour, 'hour'] as const, [minute, 'minute'] as const].find(
    ([size]) => (seconds * 1000) % size === 0 && seconds * 1000 >= size,
  ) ?? [1000, 'second'];
  const count = (seconds * 1000) / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
