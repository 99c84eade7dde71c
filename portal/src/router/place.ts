import { useEffect, useState } from 'preact/hooks';

/** Where the page is: path and query of the address. What a secret link carries behind # is taken once (take_secret.ts). */
export interface Place {
  path: string;
  query: URLSearchParams;
}

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

interface Numbered {
  step: number;
}
const stepOf = (state: unknown): number => (state as Numbered | null)?.step ?? 0;

const listeners = new Set<() => void>();
let step = stepOf(history.state);
let guard: ((onward: () => void) => void) | null = null;
let showsOnce = false;
let returning = false;
let waitsForLeaving: (() => void) | null = null;

function tell(): void {
  for (const listener of listeners) listener();
}

function move(url: string, how: 'push' | 'replace'): void {
  if (how === 'push') history.pushState({ step: ++step } satisfies Numbered, '', url);
  else history.replaceState({ step } satisfies Numbered, '', url);
  tell();
}

/** Goes to a page of the Portal. A guard that is set decides whether, and when. */
export function go(url: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') leave(() => move(url, how));
  else move(url, how);
}

/** Does what takes the page away without an address: signing out, another scope. A guard is asked first. */
export function leave(onward: () => void): void {
  if (guard) guard(onward);
  else onward();
}

// Back and forward have happened by the time they are heard of: a guard gets the page back first, then is asked.
function popped(event: PopStateEvent): void {
  if (returning) {
    returning = false;
    return;
  }
  const to = stepOf(event.state);
  if (guard && to !== step) {
    const by = to - step;
    returning = true;
    history.go(-by);
    guard(() => history.go(by));
    return;
  }
  step = to;
  tell();
}

addEventListener('popstate', popped);

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/**
 * While set, leaving asks: `asks` gets what goes on once the person agrees. Returns how to take it off. `once`: it
 * guards what is shown now and never again, which nothing may cover.
 */
export function guardLeaving(asks: (onward: () => void) => void, once = false): () => void {
  showsOnce = once;
  guard = (onward) =>
    asks(() => {
      release();
      onward();
    });
  const release = () => {
    guard = null;
    removeEventListener('beforeunload', warn);
    const waiting = waitsForLeaving;
    waitsForLeaving = null;
    waiting?.();
  };
  addEventListener('beforeunload', warn);
  return release;
}

/** Covers the page as soon as it may be covered: at once, or when the person has left what is shown only once. */
export function onceLeft(deed: () => void): void {
  if (guard && showsOnce) waitsForLeaving = deed;
  else deed();
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const listener = () => setPlace(here());
    listeners.add(listener);
    listener();
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return place;
}

/** The same path with some of the query changed; empty values leave it. */
export function withQuery(place: Place, change: Record<string, string | null>): string {
  const query = new URLSearchParams(place.query);
  for (const [name, value] of Object.entries(change))
    if (value === null || value === '') query.delete(name);
    else query.set(name, value);
  const text = query.toString();
  return text ? `${place.path}?${text}` : place.path;
}

/** Values of :names in `pattern`, or null where the path is another one. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = path.replace(/(.)\/$/, '$1').split('/');
  if (want.length !== have.length) return null;
  const values: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const got = have[i] ?? '';
    if (part.startsWith(':')) {
      if (!got) return null;
      values[part.slice(1)] = decoded(got);
    } else if (part !== got) return null;
  }
  return values;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
