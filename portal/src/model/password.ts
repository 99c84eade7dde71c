/** The least length of a password; which are guessed first only the daemon knows (doc/api.md). Counted as people count: code points. */
export const PASSWORD_LEAST = 15;
/** Beside a second factor. */
export const PASSWORD_LEAST_WITH_CODE = 8;
export const PASSWORD_MOST = 256;

export function lengthOf(password: string): number {
  return Array.from(password).length;
}

/** What is wrong with it, in words; undefined: nothing. */
export function passwordFault(password: string, least: number): string | undefined {
  const length = lengthOf(password);
  if (length < least) return `${length} of at least ${least} characters.`;
  if (length > PASSWORD_MOST) return `${length} characters; at most ${PASSWORD_MOST} are taken.`;
  return undefined;
}
