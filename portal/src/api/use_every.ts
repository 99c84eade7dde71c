import { useEffect, useRef } from 'preact/hooks';
import { useAttended } from './use_attended';

const unattendedMs = 10 * 60_000;

/**
 * Does something again and again while the component is there, the page is looked at and somebody has touched it
 * within ten minutes; null: not now. `unattended` is done in its place while nobody has.
 */
export function useEvery(
  ms: number | null,
  deed: () => void,
  unattended: () => void = () => undefined,
): void {
  const attended = useAttended(unattendedMs);
  const latest = useRef(deed);
  latest.current = () => (attended() ? deed() : unattended());
  useEffect(() => {
    if (ms === null) return;
    const timer = setInterval(() => {
      if (!document.hidden) latest.current();
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
}
