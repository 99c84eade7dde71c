import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem';
import { ProblemNote } from './problem_note';

interface Props {
  class?: string;
  /** Faults are told by the fields themselves, in their words, not by the browser's bubbles. */
  noValidate?: boolean;
  /** Why the last try was refused; stands on top, where focus order begins. */
  problem?: Problem | undefined;
  onSubmit: () => void;
  children: ComponentChildren;
}

/** A form that scripts send: the page's policy lets none go anywhere by itself. */
export function Form({ problem, onSubmit, children, ...rest }: Props) {
  return (
    <form
      {...rest}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <ProblemNote problem={problem} />
      {children}
    </form>
  );
}
