/** JSON with the place of every value, so that a mistake can be shown where it is. The browser's parser tells no places. */
export type Placed = { at: number } & (
  | { is: 'text'; value: string }
  | { is: 'other'; value: number | boolean | null }
  | { is: 'list'; items: Placed[] }
  | { is: 'object'; fields: Map<string, { at: number; value: Placed }> }
);

export class JsonMistake extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const deepest = 32;

/** Throws a JsonMistake at the first character that cannot be. */
export function readPlaced(text: string): Placed {
  let at = 0;

  const fail = (message: string, where = at): never => {
    throw new JsonMistake(message, where);
  };
  const skipSpace = () => {
    while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  };
  const take = (char: string): boolean => {
    skipSpace();
    if (text.charAt(at) !== char) return false;
    at++;
    return true;
  };

  const readText = (): string => {
    const start = at;
    for (at++; text.charAt(at) !== '"'; at++) {
      if (at >= text.length) fail('This text has no closing quote.', start);
      if (text.charCodeAt(at) < 0x20) fail('A text cannot have a line break in it.');
      if (text.charAt(at) === '\\') at++;
    }
    at++;
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      return fail('This text has an escape that JSON does not know.', start);
    }
  };

  const readWord = (): Placed => {
    const start = at;
    const word = /^[-+.\w]*/.exec(text.slice(at))?.[0] ?? '';
    at += word.length;
    try {
      return { at: start, is: 'other', value: JSON.parse(word) as number | boolean | null };
    } catch {
      return fail(
        start >= text.length ? 'A value is missing at the end.' : 'A value is expected here.',
        start,
      );
    }
  };

  const readObject = (start: number, depth: number): Placed => {
    const fields = new Map<string, { at: number; value: Placed }>();
    if (take('}')) return { at: start, is: 'object', fields };
    do {
      skipSpace();
      const keyAt = at;
      if (text.charAt(at) !== '"') fail('A name in quotes is expected here.');
      const key = readText();
      if (fields.has(key)) fail(`“${key}” stands here twice.`, keyAt);
      if (!take(':')) fail('A colon is expected here.');
      fields.set(key, { at: keyAt, value: readValue(depth + 1) });
    } while (take(','));
    if (!take('}')) fail('A comma or a closing brace is expected here.');
    return { at: start, is: 'object', fields };
  };

  const readList = (start: number, depth: number): Placed => {
    const items: Placed[] = [];
    if (take(']')) return { at: start, is: 'list', items };
    do items.push(readValue(depth + 1));
    while (take(','));
    if (!take(']')) fail('A comma or a closing bracket is expected here.');
    return { at: start, is: 'list', items };
  };

  function readValue(depth: number): Placed {
    skipSpace();
    const start = at;
    if (depth > deepest) fail('This is nested too deeply.');
    if (take('{')) return readObject(start, depth);
    if (take('[')) return readList(start, depth);
    if (text.charAt(at) === '"') return { at: start, is: 'text', value: readText() };
    return readWord();
  }

  const value = readValue(0);
  skipSpace();
  if (at < text.length) fail('Nothing more is expected here.');
  return value;
}

/** Line and column, as editors count them. */
export function placeIn(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before[before.length - 1]?.length ?? 0) + 1 };
}
