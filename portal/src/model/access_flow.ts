import type { Shapes } from '../api/client';
import { counted } from './words';

/** The access map as a picture: who → roles → where. Groups are tokens and people with the same roles. */
export type AccessMap = Shapes['AccessMap'];
export type Group = Shapes['AccessGroup'];
export type Reach = Shapes['AccessReach'];

export type Strength = 'schema' | 'write' | 'read' | 'reach';

export const strengthWords: Record<Strength, string> = {
  schema: 'changes the schema',
  write: 'writes',
  read: 'reads',
  reach: 'reaches, but neither reads nor writes',
};

export interface Place {
  key: string;
  name: string;
}

export interface Flow {
  groups: { index: number; who: string; roles: string; size: number }[];
  places: Place[];
  links: { group: number; place: string; strength: Strength }[];
}

/** Where the picture looks: at databases; inside one, at keyspaces; inside one of these, at tables. */
export interface Looking {
  database: string;
  keyspace: string;
}

export function whoWords({ tokens, members }: { tokens: number; members: number }): string {
  const parts = [
    tokens > 0 ? counted(tokens, 'token', 'tokens') : '',
    members > 0 ? counted(members, 'person', 'people') : '',
  ];
  return parts.filter(Boolean).join(' and ') || 'nobody';
}

export function rolesWords({ roles }: Group): string {
  return roles.map((role) => role.name || 'a deleted role').join(' + ');
}

export function strengthOf(reach: Reach): Strength {
  if (reach.changesSchema) return 'schema';
  if (reach.writes) return 'write';
  return reach.reads ? 'read' : 'reach';
}

function levelOf({ database, keyspace }: Looking): string {
  if (!database) return 'database';
  return keyspace ? 'table' : 'keyspace';
}

/** What of the map the picture shows. */
export function reachShown(map: AccessMap, looking: Looking): Reach[] {
  const level = levelOf(looking);
  return map.reach.filter(
    (one) =>
      one.level === level &&
      (!looking.database || one.databaseId === looking.database) &&
      (!looking.keyspace || one.keyspace === looking.keyspace),
  );
}

export function flowOf(map: AccessMap, looking: Looking, nameOf: (reach: Reach) => string): Flow {
  const shown = reachShown(map, looking);
  const places = new Map<string, Place>();
  for (const one of shown) places.set(one.resource, { key: one.resource, name: nameOf(one) });
  const reaching = new Set(shown.map((one) => one.group));
  return {
    groups: map.groups.flatMap((group, index) =>
      reaching.has(index)
        ? [{ index, who: whoWords(group), roles: rolesWords(group), size: group.tokens + group.members }]
        : [],
    ),
    places: [...places.values()].sort((a, b) => a.name.localeCompare(b.name)),
    links: shown.map((one) => ({ group: one.group, place: one.resource, strength: strengthOf(one) })),
  };
}

/** The picture in a sentence. */
export function flowSummary(map: AccessMap, flow: Flow): string {
  if (flow.groups.length === 0) return 'No live token and no member reaches anything here.';
  const total = { tokens: 0, members: 0 };
  const writing = { tokens: 0, members: 0 };
  const writers = new Set(
    flow.links.filter((one) => one.strength === 'write' || one.strength === 'schema').map((one) => one.group),
  );
  for (const { index } of flow.groups) {
    const group = map.groups[index];
    total.tokens += group?.tokens ?? 0;
    total.members += group?.members ?? 0;
    if (!writers.has(index)) continue;
    writing.tokens += group?.tokens ?? 0;
    writing.members += group?.members ?? 0;
  }
  return `${whoWords(total)} with ${counted(flow.groups.length, 'set', 'different sets')} of roles reach ${counted(flow.places.length, 'place', 'places')}; ${whoWords(writing)} can write or change the schema somewhere.`;
}

/** "2 tokens, 1 person can write shop.orders.payments." */
export function answerWords(groups: Group[], verb: string, what: string): string {
  const total = groups.reduce(
    (sum, group) => ({ tokens: sum.tokens + group.tokens, members: sum.members + group.members }),
    { tokens: 0, members: 0 },
  );
  if (total.tokens + total.members === 0) return `No live token and no member can ${verb} ${what}.`;
  return `${whoWords(total)} can ${verb} ${what}.`;
}
