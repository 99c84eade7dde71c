import { useEffect, useRef } from 'preact/hooks';
import { recall, remember } from '../storage';

/** What each key does, for the help dialog too. Two letters are typed one after the other. */
export const keyHelp: [string, string][] = [
  ['/', 'Search'],
  ['c', 'Create'],
  ['j', 'Next row'],
  ['k', 'Previous row'],
  ['Enter', 'Open the row'],
  ['g h', 'Home'],
  ['g t', 'Tokens'],
  ['g r', 'Roles'],
  ['g d', 'Databases'],
  ['g a', 'Audit'],
  ['?', 'This help'],
];

export function keysAreOn(): boolean {
  return recall('keys') !== 'off';
}

export function switchKeys(on: boolean): void {
  remember('keys', on ? 'on' : 'off');
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Enter on these is theirs: it follows the link, presses the button. */
function presses(event: KeyboardEvent): boolean {
  return (
    event.key === 'Enter' &&
    event.target instanceof Element &&
    event.target.closest('a, button, summary') !== null
  );
}

const pairTimeMs = 1000;
let first = '';
let firstAt = 0;
/** What the key that is being heard means: itself, or the second of a pair. */
let meant = '';

// Heard before all others, however fast the second key follows the first.
addEventListener(
  'keydown',
  (event) => {
    const second = first !== '' && event.timeStamp - firstAt < pairTimeMs;
    meant = second ? `${first} ${event.key}` : event.key;
    first = !second && event.key === 'g' && !typing(event.target) ? 'g' : '';
    firstAt = event.timeStamp;
  },
  true,
);

/**
 * Keys while the component is there; none while somebody types, a dialog is open, or a modifier is held.
 * Several components may listen; each takes its own keys.
 */
export function useKeys(does: Record<string, () => void>): void {
  const latest = useRef(does);
  latest.current = does;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (!keysAreOn() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (typing(event.target) || presses(event) || document.querySelector('dialog[open]')) return;
      const deed = latest.current[meant];
      if (!deed) return;
      event.preventDefault();
      deed();
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
}
