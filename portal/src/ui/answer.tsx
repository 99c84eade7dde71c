import type { ComponentChildren } from 'preact';
import type { Asked } from '../api/use_answer';
import { ProblemNote } from './problem_note';

/** What was asked for, once it is there; before that a word, instead of it why not. */
export function Answer<T>({
  of,
  what,
  children,
}: {
  of: Asked<T>;
  what: string;
  children: (value: T) => ComponentChildren;
}) {
  if (of.problem && of.value === undefined) return <ProblemNote problem={of.problem} again={of.again} />;
  if (of.value === undefined)
    return (
      <p class="waiting" role="status">
        Reading {what} …
      </p>
    );
  return (
    <>
      <ProblemNote problem={of.problem} again={of.again} />
      {children(of.value)}
    </>
  );
}
