import { useState } from 'preact/hooks';
import { go } from '../../router/place';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { NewTokenForm } from '../../tokens/new_token_form';
import { TokenOnce } from '../../tokens_once/token_once';
import type { Made } from '../../tokens_once/token_files';
import { Page } from '../../ui/page';
import type { PageProps } from '../pages';

/** The form; then, in its place and at no address of its own, the token. */
export default function NewTokenPage({ query }: PageProps) {
  const { scope, permissions } = useSession();
  const [made, setMade] = useState<{ token: Made; databaseId?: string } | null>(null);
  if (made) {
    const { clientId } = made.token;
    return (
      <TokenOnce
        made={made.token}
        {...(made.databaseId && { databaseId: made.databaseId })}
        onStored={() => {
          setMade(null);
          go(`/tokens/${encodeURIComponent(clientId)}`, 'replace');
        }}
      />
    );
  }
  return (
    <Page title="Generate New Token" lead={scope && `A token of ${scope.name}.`}>
      {scope ? (
        <NewTokenForm
          scope={scope}
          query={query}
          mayNot={permissions.reason(actionIn(scope, 'token-write'))}
          onMade={(token, databaseId) => setMade({ token, ...(databaseId && { databaseId }) })}
        />
      ) : (
        <p>You belong to no organization yet.</p>
      )}
    </Page>
  );
}
