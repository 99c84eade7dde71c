import type { Problem } from '../api/problem';
import { refusalInWords } from '../model/refusal';

const whatToDo: Record<number, string> = {
  0: 'Try again in a moment.',
  403: 'Somebody who administers this organization can give you what is missing.',
  404: 'It may have been removed meanwhile; go back to the list.',
  409: 'Read the newest state and try again.',
  429: 'Wait a moment and try again.',
  503: 'Try again in a moment.',
};

/** What happened, what to do, and the request's id, by which the log finds it. */
export function ProblemNote({ problem, again }: { problem: Problem | undefined; again?: () => void }) {
  if (!problem) return null;
  const wait = problem.retryAfterSeconds;
  return (
    <div class="note problem" role="alert">
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
