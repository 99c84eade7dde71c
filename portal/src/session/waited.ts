import { useCallback, useMemo, useRef, useState } from 'preact/hooks';

/** Something that only the person can give, and that calls wait for: a proof, another sign-in. */
export interface Waited {
  wanted: boolean;
  /** Opens the dialog; resolves to whether it was given. Several calls that wait share one dialog. */
  ask: () => Promise<boolean>;
  settle: (given: boolean) => void;
}

export function useWaited(): Waited {
  const [wanted, setWanted] = useState(false);
  const waiting = useRef<((given: boolean) => void)[]>([]);
  const asking = useCallback(() => {
    setWanted(true);
    return new Promise<boolean>((resolve) => {
      waiting.current.push(resolve);
    });
  }, []);
  const settle = useCallback((given: boolean) => {
    setWanted(false);
    for (const resolve of waiting.current.splice(0)) resolve(given);
  }, []);
  return useMemo(() => ({ wanted, ask: asking, settle }), [wanted, asking, settle]);
}
