/** A name among other words: whichever way it is written, it does not turn what stands around it (U+2068, U+2069). */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

const numbers = new Intl.NumberFormat('en');

/** "1 token", "41 tokens", "100,000 tokens". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${numbers.format(n)} ${n === 1 ? one : many}`;
}
