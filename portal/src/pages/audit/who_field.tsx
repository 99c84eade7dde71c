import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { actorOf, actorText } from '../../audit/actor';
import type { Actor } from '../../audit/actor';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { SuggestField } from '../../ui/suggest_field';
import { useSettled } from '../../ui/use_settled';

const suggestedMost = 20;

interface Props {
  /** An id, as the address has it. */
  value: string;
  people: ReadonlyMap<string, string>;
  onValue: (id: string) => void;
}

/** Who did it: a person's address, a token's description, or an id. An id in the address is shown by its name. */
export function WhoField({ value, people, onValue }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const { scope, permissions } = useSession();
  const settled = useSettled(typed);
  const q = (settled ?? value).replace(/ \([A-Za-z]{24}\)$/, '');
  const may = permissions.may(actionIn(scope, 'token-read'));
  const tokens = useAnswer(may ? `tokens like ${q}` : null, () =>
    ask(() => api.GET('/v2/tokens', { params: { query: { limit: suggestedMost, ...(q ? { q } : {}) } } })),
  );
  const known: Actor[] = [
    ...[...people].map(([id, name]) => ({ id, name })),
    ...(tokens.value?.clients ?? []).map((one) => ({
      id: one.clientId,
      name: one.description || one.clientId,
    })),
  ];
  const told = useRef(value);
  const tell = useRef<(text: string) => void>(() => undefined);
  tell.current = (text) => {
    const id = actorOf(text, known);
    if (id === told.current) return;
    told.current = id;
    onValue(id);
  };
  useEffect(() => {
    if (settled !== null && !tokens.waiting) tell.current(settled);
  }, [settled, tokens.waiting]);
  // Changed from elsewhere: by a link, or because filters were cleared.
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(null);
  }, [value]);
  const own = known.find((one) => one.id === value);
  return (
    <SuggestField
      label="Who"
      placeholder="address, token, id"
      value={typed ?? (own ? actorText(own) : value)}
      onValue={setTyped}
      suggestions={known.map((one) => ({ value: actorText(one) }))}
    />
  );
}
