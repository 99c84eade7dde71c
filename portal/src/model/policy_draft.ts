import type { Shapes } from '../api/client';
import { actionName, actionOf } from './actions';
import { controlFault } from './plain_text';
import type { Level } from './actions';
import { covers, readResource, sameResource, writeResource } from './resource_name';
import type { ResourceName } from './resource_name';

/** A role while it is written. Its lists keep their order, for the API keeps it, too. */
export interface RoleDraft {
  name: string;
  description: string;
  effect: 'allow' | 'deny';
  actions: string[];
  /** As texts: what cannot be read must survive the editor. */
  resources: string[];
}

export const emptyDraft: RoleDraft = {
  name: '',
  description: '',
  effect: 'allow',
  actions: [],
  resources: [],
};

export function draftOf(role: Shapes['RoleNew']): RoleDraft {
  return {
    name: role.name,
    description: role.policy.description ?? '',
    effect: role.policy.effect,
    actions: [...role.policy.actions],
    resources: [...role.policy.resources],
  };
}

export function roleOf(draft: RoleDraft): Shapes['RoleNew'] {
  const { description, effect, resources } = draft;
  const actions = draft.actions;
  return { name: draft.name.trim(), policy: { description, effect, actions, resources } };
}

export function sameDraft(a: RoleDraft, b: RoleDraft): boolean {
  return JSON.stringify(roleOf(a)) === JSON.stringify(roleOf(b));
}

/** Adds to the end or takes out, wherever it stands. */
export function withAction(draft: RoleDraft, action: string, on: boolean): RoleDraft {
  const others = draft.actions.filter((one) => one !== action);
  if (on && others.length < draft.actions.length) return draft;
  return { ...draft, actions: on ? [...draft.actions, action] : others };
}

/** The draft's lines by what they name, with the organization written out: to find many quickly. */
export function linesByName(draft: RoleDraft, scope: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const text of draft.resources) {
    const read = readResource(text);
    if (read) lines.set(writeResource({ ...read, scope: read.scope ?? scope }), text);
  }
  return lines;
}

/** The line of the draft that names just this, however the organization is written in it. */
export function lineFor(draft: RoleDraft, wanted: ResourceName, scope: string): string | undefined {
  return draft.resources.find((text) => {
    const read = readResource(text);
    return read !== null && sameResource(read, wanted, scope);
  });
}

export function withLine(draft: RoleDraft, text: string, on: boolean, scope: string): RoleDraft {
  const wanted = readResource(text);
  const isIt = (line: string) => {
    const read = readResource(line);
    return line === text || (read !== null && wanted !== null && sameResource(read, wanted, scope));
  };
  if (!on) return { ...draft, resources: draft.resources.filter((line) => !isIt(line)) };
  return draft.resources.some(isIt) ? draft : { ...draft, resources: [...draft.resources, text] };
}

/** A wider line of the draft that stands for this one, too. */
export function coveredBy(draft: RoleDraft, wanted: ResourceName, scope: string): string | undefined {
  return draft.resources.find((text) => {
    const read = readResource(text);
    return read !== null && !sameResource(read, wanted, scope) && covers(read, wanted, scope);
  });
}

const levelWords: Record<Level, string> = {
  enterprise: 'the enterprise line',
  organization: 'the organization line',
  database: 'a database line',
  keyspace: 'a keyspace line',
  table: 'a table line',
};

const mint = ['org-token-write', 'org-user-write'];

function levelsOf(draft: RoleDraft, scope: string): Set<string> {
  return new Set(
    draft.resources.flatMap((text) => {
      const read = readResource(text);
      return read && (read.scope ?? scope) === scope ? [read.level] : [];
    }),
  );
}

/** Why an action does nothing with these lines; undefined: it does something. */
export function actionHasNoEffect(draft: RoleDraft, action: string, scope: string): string | undefined {
  const level = actionOf(action)?.level;
  if (!level) return 'Latchkey does not know this action.';
  return levelsOf(draft, scope).has(level)
    ? undefined
    : `${actionName(action)} has no effect without ${levelWords[level]}.`;
}

/** Why a line does nothing with these actions; undefined: it does something. */
export function lineHasNoEffect(draft: RoleDraft, text: string, scope: string): string | undefined {
  const read = readResource(text);
  if (!read) return 'This is no resource name; the API refuses it.';
  if ((read.scope ?? scope) !== scope) return 'Of another organization or enterprise: it never matches.';
  if (read.level === 'stream') return 'Latchkey has no streams: it never matches.';
  if (read.level === 'role')
    return mint.some((action) => draft.actions.includes(action))
      ? undefined
      : 'Delegation takes “Write Token” or “Write User”.';
  const { level } = read;
  return draft.actions.some((action) => actionOf(action)?.level === level)
    ? undefined
    : `No chosen action is of the ${level} level.`;
}

/** What the API would refuse at once, so that it is said beside the field before anything is sent. */
export function draftProblems(draft: RoleDraft, scope: string): Partial<Record<keyof RoleDraft, string>> {
  const problems: Partial<Record<keyof RoleDraft, string>> = {};
  const length = Array.from(draft.name.trim()).length;
  if (length === 0) problems.name = 'Give the role a name.';
  if (length > 128) problems.name = 'A name has 128 characters at most.';
  if (Array.from(draft.description).length > 1024)
    problems.description = 'A description has 1,024 characters at most.';
  const hidden = { name: controlFault(draft.name.trim()), description: controlFault(draft.description) };
  if (hidden.name) problems.name = hidden.name;
  if (hidden.description) problems.description = hidden.description;
  if (draft.resources.some((text) => readResource(text) === null))
    problems.resources = 'A line is no resource name: see “Other lines”.';
  if (draft.resources.length > 4096) problems.resources = 'A role has 4,096 lines at most.';
  const idle = draft.actions.find((action) => actionHasNoEffect(draft, action, scope) !== undefined);
  if (draft.effect === 'deny' && idle !== undefined)
    problems.actions = `A deny must deny something: ${actionHasNoEffect(draft, idle, scope) ?? ''}`;
  return problems;
}

/** Why a role that the API takes does nothing at all; undefined: it does something. */
export function emptyWords(draft: RoleDraft, scope: string): string | undefined {
  const { actions, resources, effect } = draft;
  const nothing = effect === 'deny' ? 'takes nothing away' : 'gives nothing to whoever holds it';
  if (actions.length === 0 && resources.length === 0)
    return `It has no actions and no resources: it ${nothing}.`;
  if (actions.length === 0) return `It has no actions: it ${nothing}.`;
  if (resources.length === 0) return `It has no resources: it ${nothing}.`;
  return resources.every((line) => lineHasNoEffect(draft, line, scope) !== undefined)
    ? `None of its actions is of the level of one of its resources: it ${nothing}.`
    : undefined;
}

/** What was changed from one state of a role to another, for somebody who was overtaken. */
export function draftChanges(before: RoleDraft, after: RoleDraft): string[] {
  const changes: string[] = [];
  const lists = (what: string, old: string[], now: string[]) => {
    for (const one of now) if (!old.includes(one)) changes.push(`${what} added: ${one}`);
    for (const one of old) if (!now.includes(one)) changes.push(`${what} removed: ${one}`);
  };
  if (before.name !== after.name) changes.push(`Name: “${before.name}” is now “${after.name}”`);
  if (before.description !== after.description)
    changes.push(`Description: “${before.description}” is now “${after.description}”`);
  if (before.effect !== after.effect) changes.push(`Effect: ${before.effect} is now ${after.effect}`);
  lists('Action', before.actions, after.actions);
  lists('Line', before.resources, after.resources);
  return changes;
}
