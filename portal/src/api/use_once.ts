import { useCallback, useRef } from 'preact/hooks';
import { Problem, isProblem } from './problem';

interface Wish {
  said: string;
  key: string;
  prepared: Promise<unknown> | null;
}

const madeBefore = /\b(?:made|token) ([A-Za-z]{24})\b/;

/** The same was asked before and done, but what it answered is not kept any more. Null: it is something else. */
function lost(problem: Problem): Problem | null {
  const clientId = problem.status === 409 ? madeBefore.exec(problem.message)?.[1] : undefined;
  if (clientId === undefined) return null;
  const message = `The token ${clientId} was made the first time, but its answer was lost, and nobody can show its secret any more. Delete it, then generate another one.`;
  return new Problem(problem.status, problem.id, message, problem.requestId);
}

/**
 * Makes something once, however often it has to be asked for: a wish that is said again, because its answer did not
 * arrive, goes out with its former Idempotency-Key and exactly what was prepared for it, and the API answers as it did.
 */
export function useOnce() {
  const latest = useRef<Wish | null>(null);
  return useCallback(
    async <P, T>(
      said: string,
      prepare: () => Promise<P>,
      call: (prepared: P, header: { 'Idempotency-Key': string }) => Promise<T>,
    ): Promise<T> => {
      if (latest.current?.said !== said) latest.current = { said, key: crypto.randomUUID(), prepared: null };
      const wish = latest.current;
      try {
        wish.prepared ??= prepare();
        const prepared = await (wish.prepared as Promise<P>).catch((thrown: unknown) => {
          wish.prepared = null;
          throw thrown;
        });
        const made = await call(prepared, { 'Idempotency-Key': wish.key });
        latest.current = null;
        return made;
      } catch (thrown) {
        const gone = isProblem(thrown) && lost(thrown);
        if (!gone) throw thrown;
        latest.current = null; // the next one is another wish
        throw gone;
      }
    },
    [],
  );
}
