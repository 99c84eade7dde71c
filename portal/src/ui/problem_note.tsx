import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Problem } from '../api/problem';
import { refusalInWords } from '../model/refusal';

const whatToDo: Record<number, string> = {
  0: 'Try again in a moment.',
  403: 'Somebody who administers this organization can give you what is missing.',
  404: 'It may have been removed meanwhile.',
  409: 'Read the newest state and try again.',
  429: 'Wait a moment and try again.',
  503: 'Try again in a moment.',
};

/** What happened, what to do, and the request's id, by which the log finds it. */
export function ProblemNote({ problem, again }: { problem: Problem | undefined; again?: () => void }) {
  const note = useRef<HTMLDivElement>(null);
  // Whoever pressed a button at the end of a long form looks there.
  useLayoutEffect(() => note.current?.scrollIntoView({ block: 'nearest' }), [problem]);
  if (!problem) return null;
  const wait = problem.retryAfterSeconds;
  return (
    <div class="note problem" role="alert" ref={note}>
      <p>
        <strong>{refusalInWords(problem.message)}</strong>
      </p>
      <p>
        {wait ? `Try again in ${wait} s.` : (whatToDo[problem.status] ?? '')}
        {problem.requestId && (
          <>
            {' '}
            Request id: <code>{problem.requestId}</code>
          </>
        )}
      </p>
      {again && (
        <button type="button" class="button plain" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}
