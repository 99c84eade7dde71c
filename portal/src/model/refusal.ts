import { lackInWords } from './actions';

/** What the API's clients call a field, as the forms call it. */
const fields: Record<string, string> = {
  contactPoints: 'Contact points',
  datacenter: 'Local datacenter',
  username: 'Role of the gateway',
  listen: 'Listen address',
  advertise: 'Address shown to drivers',
  email: 'E-mail address',
  tokenExpiry: 'Expiration',
  recoveryCode: 'Recovery code',
  defaultLifetimeSeconds: 'Default lifetime',
  maximumLifetimeSeconds: 'Maximum lifetime',
};

function labelOf(field: string): string {
  const words = field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return fields[field] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const sentences: [RegExp, string][] = [
  [/\bIf-Match\b/, 'Somebody else has changed it meanwhile.'],
  [/\bIdempotency-Key\b/, 'This was asked for already, in other words. Load the page again.'],
  [/\bX-Latchkey-Csrf\b/, 'This page is older than your sign-in. Load it again.'],
  [/^from must be before to$/, '“From” must be earlier than “Before”.'],
];

/** A refusal of the API in the words of the page: what only its own clients know (fields, headers) is not in it. */
export function refusalInWords(message: string): string {
  const other = sentences.find(([pattern]) => pattern.test(message));
  if (other) return other[1];
  return lackInWords(message)
    .replaceAll(/\bfield "(\w+)"/g, (_, name: string) => `“${labelOf(name)}”`)
    .replace(/; with \?force=true .*$/, '.');
}

/** The field that a refusal speaks of, by the API's name; null: of none. */
export function fieldOf(message: string): string | null {
  if (/^the password\b/.test(message)) return 'password';
  return (
    /^field "(\w+)"/.exec(message)?.[1] ?? /^(?:policy\.)?(\w+)(?:: | must | has )/.exec(message)?.[1] ?? null
  );
}

/** The same said at the field itself: without its name, as a sentence. */
export function refusalAtField(message: string): string {
  const rest = message.replace(/^(?:field "\w+":? |(?:policy\.)?\w+: )/, '');
  const text = /^(must|has|is) /.test(rest) ? `It ${rest}` : rest;
  const first = text.charAt(0);
  return `${/^\w+:\/\//.test(text) ? first : first.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
