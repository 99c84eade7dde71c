/** What stands behind # of a link, once: it leaves the address and the history at the same moment. */
export function takeSecret(): string {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(history.state, '', location.pathname + location.search);
  return secret;
}
