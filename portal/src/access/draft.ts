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

/** Rows that were left empty are left out. */
function filled(draft: Draft): Entry[] {
  return draft.entries.filter((entry) => entry.address.trim());
}

/** What was said about a row. */
export interface Remarks {
  faults: string[];
  hints: string[];
}

/** The verdict's remarks by the keys of the rows: the API counts only those that are not empty. */
export function remarksByRow(draft: Draft, verdict: Shapes['AccessVerdict']): Map<number, Remarks> {
  const sent = filled(draft);
  const rows = new Map<number, Remarks>();
  for (const { index, fault, text } of verdict.remarks) {
    const key = sent[index]?.key;
    if (key === undefined) continue;
    const { faults, hints } = rows.get(key) ?? { faults: [], hints: [] };
    const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
    rows.set(key, {
      faults: fault ? [...faults, sentence] : faults,
      hints: fault ? hints : [...hints, sentence],
    });
  }
  return rows;
}

/** As the API takes it. */
export function changeOf(draft: Draft): Shapes['AccessChange'] {
  return {
    addresses: filled(draft).map(({ address, description, enabled }) => ({
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
