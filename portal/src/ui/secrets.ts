import { useEffect, useRef } from 'preact/hooks';

const forgetting = new Set<() => void>();

/** Whoever comes back to a page whose session has ended finds what was typed, but no secret. */
export function forgetSecrets(): void {
  for (const forget of forgetting) forget();
}

const secretWords = ['current-password', 'new-password', 'one-time-code'];

export function isSecret(type: unknown, autocomplete: unknown): boolean {
  return type === 'password' || secretWords.includes(String(autocomplete));
}

/** A field with a secret is emptied when secrets are forgotten. */
export function useForgetting(secret: boolean, empty: () => void): void {
  const latest = useRef(empty);
  latest.current = empty;
  useEffect(() => {
    if (!secret) return;
    const forget = () => latest.current();
    forgetting.add(forget);
    return () => {
      forgetting.delete(forget);
    };
  }, [secret]);
}
