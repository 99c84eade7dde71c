import { useEffect, useRef } from 'preact/hooks';

/** Does something again and again while the component is there and the page is looked at; null: not now. */
export function useEvery(ms: number | null, deed: () => void): void {
  const latest = useRef(deed);
  latest.current = deed;
  useEffect(() => {
    if (ms === null) return;
    const timer = setInterval(() => {
      if (!document.hidden) latest.current();
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
}
