/** The list of tokens within the Settings. */
export default function TokensSection() {
  return <h2>Tokens</h2>;
}
