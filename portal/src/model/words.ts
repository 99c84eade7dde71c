const numbers = new Intl.NumberFormat('en');

/** "1 token", "41 tokens", "100,000 tokens". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${numbers.format(n)} ${n === 1 ? one : many}`;
}
