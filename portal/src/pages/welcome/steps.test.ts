import { expect, test } from 'vitest';
import { isSetUp, stepsOf } from './steps';

const nothing = { secondFactor: false, databases: 0, tokens: 0, mayRegister: true, mayMakeTokens: true };
const states = (steps: ReturnType<typeof stepsOf>) => steps.map((step) => step.state);

test('the first step that is neither done nor skipped is on', () => {
  expect(states(stepsOf(nothing, new Set()))).toEqual(['now', 'later', 'later', 'later']);
  expect(states(stepsOf(nothing, new Set(['second-factor'])))).toEqual(['skipped', 'now', 'later', 'later']);
  expect(states(stepsOf({ ...nothing, secondFactor: true, databases: 1 }, new Set()))).toEqual([
    'done',
    'done',
    'now',
    'later',
  ]);
});

test('who may register nothing is only offered what is theirs', () => {
  const member = { ...nothing, mayRegister: false, mayMakeTokens: false };
  expect(stepsOf(member, new Set()).map((step) => step.key)).toEqual(['second-factor']);
});

test('with everything there the page need not come up', () => {
  const all = { ...nothing, secondFactor: true, databases: 1, tokens: 1 };
  expect(isSetUp(stepsOf(all, new Set()))).toBe(true);
  expect(isSetUp(stepsOf(nothing, new Set(['second-factor', 'database', 'token'])))).toBe(false);
});
