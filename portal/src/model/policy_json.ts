import { actionOf } from './actions';
import { JsonMistake, placeIn, readPlaced } from './json_places';
import type { Placed } from './json_places';
import { emptyDraft, roleOf } from './policy_draft';
import type { RoleDraft } from './policy_draft';
import { readResource } from './resource_name';

/** A role as the JSON that the API takes, and back. */
export interface Mistake {
  line: number;
  column: number;
  /** Where in the text, to put the cursor there. */
  at: number;
  message: string;
}

export type ReadDraft = { draft: RoleDraft; mistakes: [] } | { draft: null; mistakes: Mistake[] };

export function writeDraft(draft: RoleDraft): string {
  return JSON.stringify(roleOf(draft), null, 2);
}

type Tell = (at: number, message: string) => void;

function field(of: Placed | undefined, name: string): Placed | undefined {
  return of?.is === 'object' ? of.fields.get(name)?.value : undefined;
}

function unknownFields(of: Placed | undefined, known: string[], tell: Tell): void {
  if (of?.is !== 'object') return;
  for (const [name, { at }] of of.fields)
    if (!known.includes(name)) tell(at, `“${name}” is no field here; these are: ${known.join(', ')}.`);
}

function readText(
  value: Placed | undefined,
  around: number,
  name: string,
  needed: boolean,
  tell: Tell,
): string {
  if (value?.is === 'text') return value.value;
  if (value === undefined && !needed) return '';
  tell(value?.at ?? around, value ? `“${name}” must be a text.` : `“${name}” is missing here.`);
  return '';
}

function readTexts(
  value: Placed | undefined,
  around: number,
  name: string,
  wrong: (text: string) => string | undefined,
  tell: Tell,
): string[] {
  if (value?.is !== 'list') {
    tell(value?.at ?? around, value ? `“${name}” must be a list.` : `“${name}” is missing here.`);
    return [];
  }
  return value.items.flatMap((item) => {
    if (item.is !== 'text') {
      tell(item.at, `“${name}” holds texts only.`);
      return [];
    }
    const message = wrong(item.value);
    if (message !== undefined) tell(item.at, message);
    return [item.value];
  });
}

function readRole(root: Placed, tell: Tell): RoleDraft {
  if (root.is !== 'object') tell(root.at, 'A role is an object: { "name": …, "policy": { … } }.');
  unknownFields(root, ['name', 'policy'], tell);
  const name = readText(field(root, 'name'), root.at, 'name', true, tell);
  const policy = field(root, 'policy');
  if (policy?.is !== 'object') {
    tell(policy?.at ?? root.at, policy ? '“policy” must be an object.' : '“policy” is missing here.');
    return { ...emptyDraft, name };
  }
  unknownFields(policy, ['description', 'effect', 'actions', 'resources'], tell);
  const effect = field(policy, 'effect');
  const word = readText(effect, policy.at, 'effect', true, tell);
  if (effect?.is === 'text' && word !== 'allow' && word !== 'deny')
    tell(effect.at, '“effect” is "allow" or "deny".');
  return {
    name,
    description: readText(field(policy, 'description'), policy.at, 'description', false, tell),
    effect: word === 'deny' ? 'deny' : 'allow',
    actions: readTexts(
      field(policy, 'actions'),
      policy.at,
      'actions',
      (text) => (actionOf(text) ? undefined : `“${text}” is no action.`),
      tell,
    ),
    resources: readTexts(
      field(policy, 'resources'),
      policy.at,
      'resources',
      (text) => (readResource(text) ? undefined : `“${text}” is no resource name.`),
      tell,
    ),
  };
}

export function readDraft(text: string): ReadDraft {
  const mistakes: Mistake[] = [];
  const tell: Tell = (at, message) => void mistakes.push({ ...placeIn(text, at), at, message });
  try {
    const draft = readRole(readPlaced(text), tell);
    if (mistakes.length === 0) return { draft, mistakes: [] };
  } catch (thrown) {
    if (!(thrown instanceof JsonMistake)) throw thrown;
    tell(thrown.at, thrown.message);
  }
  return { draft: null, mistakes };
}
