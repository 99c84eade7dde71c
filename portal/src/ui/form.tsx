import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem';
import { ProblemNote } from './problem_note';

interface Props {
  class?: string;
  /** Faults are told by the fields themselves, in their words, not by the browser's bubbles. */
  noValidate?: boolean;
  /** Why the last try was refused; stands on top, where focus order begins. */
  problem?: Problem | undefined;
  /** Told by a field, which gets the focus. */
  told?: Problem | undefined;
  onSubmit: () => void;
  children: ComponentChildren;
}

/** A form that scripts send: the page's policy lets none go anywhere by itself. */
export function Form({ problem, told, onSubmit, children, ...rest }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (told) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [told]);
  return (
    <form
      {...rest}
      ref={form}
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
