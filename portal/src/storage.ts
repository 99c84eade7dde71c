/** The few choices of the viewer that outlive a visit. Never anything secret. */
type Choice = 'scope' | 'keys' | 'theme';

export function recall(choice: Choice): string | null {
  try {
    return localStorage.getItem(`latchkey.${choice}`);
  } catch {
    return null; // storage may be forbidden; then every visit begins alike
  }
}

export function remember(choice: Choice, value: string): void {
  try {
    localStorage.setItem(`latchkey.${choice}`, value);
  } catch {
    /* as above */
  }
}
