import { TokenList } from '../../tokens/token_list';
import { GenerateLink } from '../tokens/tokens_page';

/** The list of tokens within the Settings. */
export default function TokensSection() {
  return (
    <>
      <header class="page-head">
        <h2>Tokens</h2>
        <div class="actions">
          <GenerateLink />
        </div>
      </header>
      <TokenList />
    </>
  );
}
