import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Problem, isProblem } from './problem';

export interface Asked<T> {
  /** The newest answer; stays while a newer one is waited for. */
  value: T | undefined;
  problem: Problem | undefined;
  waiting: boolean;
  again: () => void;
}

/**
 * Asks when the component appears and whenever `key` changes; late answers of former keys are dropped.
 * A null key asks nothing.
 */
export function useAnswer<T>(key: string | null, call: () => Promise<T>): Asked<T> {
  const [state, setState] = useState<{ key: string | null; value?: T; problem?: Problem }>({ key: null });
  const [round, setRound] = useState(0);
  const latest = useRef(call);
  latest.current = call;

  useEffect(() => {
    if (key === null) return;
    let wanted = true;
    latest.current().then(
      (value) => wanted && setState({ key, value }),
      (thrown: unknown) => {
        if (!wanted) return;
        if (!isProblem(thrown)) throw thrown;
        setState((was) =>
          was.key === key && was.value !== undefined ? { ...was, problem: thrown } : { key, problem: thrown },
        );
      },
    );
    return () => {
      wanted = false;
    };
  }, [key, round]);

  const again = useCallback(() => setRound((n) => n + 1), []);
  return { value: state.value, problem: state.problem, waiting: key !== null && state.key !== key, again };
}

export interface Doing {
  busy: boolean;
  problem: Problem | undefined;
  /** Runs one deed at a time; resolves to whether it was done. */
  run: (deed: () => Promise<unknown>) => Promise<boolean>;
  clear: () => void;
}

/** A deed that a button starts: busy while it lasts, its problem kept to be shown. */
export function useDeed(): Doing {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const running = useRef(false);
  const run = useCallback(async (deed: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setProblem(undefined);
    try {
      await deed();
      return true;
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      setProblem(thrown);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, problem, run, clear: useCallback(() => setProblem(undefined), []) };
}
