/** Somebody or something that acts, for the filter: an id, and what it is called. */
export interface Actor {
  id: string;
  name: string;
}

/** As the filter shows it; a token's name is nobody's alone, so its client id stands behind it. */
export function actorText({ id, name }: Actor): string {
  return name.includes('@') || name === id ? name : `${name} (${id})`;
}

/** Whom a typed text means: an id as it stands, what was chosen, or the only one of that name. */
export function actorOf(typed: string, known: Actor[]): string {
  const text = typed.trim();
  if (text === '') return '';
  const chosen = known.find((one) => actorText(one) === text || one.id === text);
  if (chosen) return chosen.id;
  const like = known.filter((one) => one.name.toLowerCase().includes(text.toLowerCase()));
  const exact = like.filter((one) => one.name.toLowerCase() === text.toLowerCase());
  const [only, ...others] = exact.length ? exact : like;
  return only && others.length === 0 ? only.id : text;
}
