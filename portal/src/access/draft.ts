import type { Shapes } from '../api/client';

/** An access list while it is edited. */
export interface Draft {
  enabled: boolean;
  entries: Entry[];
}
export interface Entry {
  key: number;
  address: string;
  description: string;
  enabled: boolean;
}

interface Kept {
  addresses: Shapes['AccessShown'][];
  configurations: Shapes['AccessConfigurations'];
}

let keys = 0;

export function newEntry(address = ''): Entry {
  return { key: ++keys, address, description: '', enabled: true };
}

export function draftOf(list: Kept): Draft {
  return {
    enabled: list.configurations.accessListEnabled === true,
    entries: list.addresses.map((kept) => ({
      key: ++keys,
      address: kept.address,
      description: kept.description,
      enabled: kept.enabled,
    })),
  };
}

/** As the API takes it; rows that were left empty are left out. */
export function changeOf(draft: Draft): Shapes['AccessChange'] {
  return {
    addresses: draft.entries
      .filter((entry) => entry.address.trim())
      .map(({ address, description, enabled }) => ({
        address: address.trim(),
        description: description.trim(),
        enabled,
      })),
    configurations: { accessListEnabled: draft.enabled },
  };
}

/** What the list means for whoever comes, in a sentence; `door`: "this database", "the API". */
export function meaning(draft: Draft, door: string): { text: string; closed: boolean } {
  const counting = draft.entries.filter((entry) => entry.enabled && entry.address.trim()).length;
  if (!draft.enabled) return { text: `Not in force: ${door} is open to every address.`, closed: false };
  if (counting === 0) return { text: `In force and empty: ${door} is closed to everybody.`, closed: true };
  return {
    text: `In force: ${door} is open to ${counting === 1 ? 'one range' : `${counting} ranges`} and closed to all others.`,
    closed: false,
  };
}
