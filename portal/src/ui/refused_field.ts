import type { Problem } from '../api/problem';
import { fieldOf, refusalAtField } from '../model/refusal';

interface Refused {
  /** For the field with the API's name `name`: why it was refused. */
  at: (name: string) => string | undefined;
  /** The form's own, where no field tells it. */
  problem: Problem | undefined;
  /** What a field tells; the form leads to it. */
  told: Problem | undefined;
}

/** A refusal of a form, told by the field that it is about if that is one of `names`. */
export function refusedField(problem: Problem | undefined, names: readonly string[]): Refused {
  const name = problem?.status === 400 ? fieldOf(problem.message) : null;
  if (!problem || name === null || !names.includes(name))
    return { at: () => undefined, problem, told: undefined };
  return {
    at: (one) => (one === name ? refusalAtField(problem.message) : undefined),
    problem: undefined,
    told: problem,
  };
}
