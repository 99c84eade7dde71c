import { actions as listed } from '../../../src/model/builtin_roles.json';

export type Level = 'enterprise' | 'organization' | 'database' | 'keyspace' | 'table';

/** An action as DevOps clients name it, and as people do. */
export interface Action {
  name: string;
  level: Level;
  display: string;
  group: string;
}

/** All actions, in the order of the set from which the daemon is built, too. */
export const actions = listed as Action[];

const byName = new Map(actions.map((action) => [action.name, action]));

export function actionOf(name: string): Action | undefined {
  return byName.get(name);
}

/** For people; the name itself where it is unknown. */
export function actionName(name: string): string {
  return byName.get(name)?.display ?? name;
}

/** What somebody lacks, in the words of every page. */
export function needed(action: string): string {
  return `You need the permission “${actionName(action)}” (${action}).`;
}

/** The API's "missing ACTION on RESOURCE" in these words; any other message as it is. */
export function lackInWords(message: string): string {
  const action = /^missing ([a-z-]+) on drn:\S+$/.exec(message)?.[1];
  return action && actionOf(action) ? needed(action) : message;
}

export function actionsOf(level: Level): Action[] {
  return actions.filter((action) => action.level === level);
}

/** Groups in the order of their first action. */
export function actionGroups(of: Action[] = actions): { group: string; actions: Action[] }[] {
  const groups = new Map<string, Action[]>();
  for (const action of of) groups.set(action.group, [...(groups.get(action.group) ?? []), action]);
  return [...groups].map(([group, its]) => ({ group, actions: its }));
}
