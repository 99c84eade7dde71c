import { useEffect, useState } from 'preact/hooks';

/** `value` once it has not changed for a while, so that typing does not ask at every letter. The first one at once. */
export function useSettled<T>(value: T, ms = 250): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
