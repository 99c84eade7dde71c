import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { TokenList } from '../../tokens/token_list';
import { LinkButton } from '../../ui/button';
import { Page } from '../../ui/page';

export default function TokensPage() {
  return (
    <Page title="Tokens" deeds={<GenerateLink />}>
      <TokenList />
    </Page>
  );
}

export function GenerateLink() {
  const { scope, permissions } = useSession();
  return (
    <LinkButton
      href="/tokens/new"
      kind="primary"
      disabledReason={permissions.reason(actionIn(scope, 'token-write'))}
    >
      Generate New Token
    </LinkButton>
  );
}
