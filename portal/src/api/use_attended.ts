import { useCallback, useEffect, useRef } from 'preact/hooks';

/**
 * Whether somebody has touched page or keyboard within `ms`. What asks by itself stops when nobody does: each
 * question counts as use of the session, which has to end after half an hour without any.
 */
export function useAttended(ms: number): () => boolean {
  const touched = useRef(Date.now());
  useEffect(() => {
    const touch = () => {
      touched.current = Date.now();
    };
    const kinds = ['pointerdown', 'pointermove', 'keydown', 'wheel'];
    for (const kind of kinds) addEventListener(kind, touch, { passive: true });
    return () => {
      for (const kind of kinds) removeEventListener(kind, touch);
    };
  }, []);
  return useCallback(() => Date.now() - touched.current < ms, [ms]);
}
