/** What there is to do after the first sign-in, in this order. */
export const stepKeys = ['second-factor', 'database', 'token', 'connect'] as const;
export type StepKey = (typeof stepKeys)[number];

/** What exists already, and what the viewer may make. */
export interface Facts {
  secondFactor: boolean;
  databases: number;
  tokens: number;
  /** Only an organization has databases. */
  mayRegister: boolean;
  mayMakeTokens: boolean;
}

export interface Step {
  key: StepKey;
  state: 'done' | 'skipped' | 'now' | 'later';
}

function isDone(key: StepKey, facts: Facts): boolean {
  const done: Record<StepKey, boolean> = {
    'second-factor': facts.secondFactor,
    database: facts.databases > 0,
    token: facts.tokens > 0,
    connect: false,
  };
  return done[key];
}

/** Steps that the viewer can take, and which one is on: read from what exists, so that loading the page again goes on. */
export function stepsOf(facts: Facts, skipped: ReadonlySet<string>): Step[] {
  const offered = stepKeys.filter(
    (key) => key === 'second-factor' || (key === 'token' ? facts.mayMakeTokens : facts.mayRegister),
  );
  const open = offered.filter((key) => !isDone(key, facts) && !skipped.has(key));
  return offered.map((key) => ({
    key,
    state: isDone(key, facts) ? 'done' : key === open[0] ? 'now' : skipped.has(key) ? 'skipped' : 'later',
  }));
}

/** Nothing is left but to read how one connects: then the page need not come up by itself. */
export function isSetUp(steps: Step[]): boolean {
  return steps.every((step) => step.state === 'done' || step.key === 'connect');
}
