import { onDay, span } from '../model/time';

/**
 * When a token shall end, as a link says it and the form holds it: "" as the organization's settings have it, "30d" and
 * "12h" from now, "2026-12-31" with that day.
 */
export type Expires = string;

const daySeconds = 86_400;

/** A link may say anything; what is not understood is as the settings have it. */
export function readExpires(text: string | null): Expires {
  const said = text ?? '';
  return secondsOf(said) !== null || dayOf(said) !== null ? said : '';
}

export function secondsOf(expires: Expires): number | null {
  const parts = /^([1-9]\d{0,4})([dh])$/.exec(expires);
  return parts ? Number(parts[1]) * (parts[2] === 'd' ? daySeconds : 3600) : null;
}

function dayOf(expires: Expires): Date | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(expires)) return null;
  const end = new Date(`${expires}T23:59:59`); // without a zone: the viewer's own
  return Number.isNaN(end.getTime()) ? null : end;
}

/** What is wrong with a last day; undefined: nothing. */
export function expiryFault(expires: Expires, now: number): string | undefined {
  const end = dayOf(expires);
  return end && end.getTime() <= now ? 'That day is over: the token would never be of use.' : undefined;
}

/** The moment for the API; undefined: not said, and then the settings decide. */
export function endOf(expires: Expires, now: number): string | undefined {
  const seconds = secondsOf(expires);
  const end = seconds === null ? dayOf(expires) : new Date(now + seconds * 1000);
  return end?.toISOString();
}

export interface Lifetimes {
  defaultLifetimeSeconds: number | null;
  maximumLifetimeSeconds: number | null;
}

/** How long a token lives for which nothing is said; null: for ever; undefined: the settings are not known. */
function unsaid(lifetimes: Lifetimes | undefined): number | null | undefined {
  if (!lifetimes) return undefined;
  const given = [lifetimes.defaultLifetimeSeconds, lifetimes.maximumLifetimeSeconds].filter(
    (s) => s !== null,
  );
  return given.length ? Math.min(...given) : null;
}

/** What the first choice is called. */
export function defaultWords(lifetimes: Lifetimes | undefined): string {
  const seconds = unsaid(lifetimes);
  if (seconds === undefined) return 'As the settings say';
  return seconds === null ? 'Never expire' : `After ${span(seconds)}, as the settings say`;
}

/** Whether that many seconds are more than any token may live. */
export function tooLong(seconds: number, lifetimes: Lifetimes | undefined): boolean {
  const most = lifetimes?.maximumLifetimeSeconds ?? null;
  return most !== null && seconds > most;
}

/** For the end of a sentence: "ends after 30 days". */
export function endsWords(expires: Expires, lifetimes: Lifetimes | undefined): string {
  const seconds = secondsOf(expires) ?? (dayOf(expires) ? undefined : unsaid(lifetimes));
  const day = dayOf(expires);
  if (day) return `ends with ${onDay(day.toISOString())}`;
  if (seconds === undefined) return 'ends when the organization’s settings say';
  return seconds === null ? 'never expires' : `ends after ${span(seconds)}`;
}
