let held = '';

function fromAddress(): string {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(history.state, '', location.pathname + location.search);
  return secret;
}

/** Before anything else of the app runs: the page of the link may still have to be fetched. */
export function holdSecret(): void {
  if (/^\/(set-up|invitation)(\/|$)/.test(location.pathname)) held = fromAddress();
}

/** What stands behind # of a link, once: it leaves the address and the history at the same moment. */
export function takeSecret(): string {
  const secret = fromAddress() || held;
  held = '';
  return secret;
}
