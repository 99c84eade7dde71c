import { useState } from 'preact/hooks';
import type { Scope } from '../../api/client';
import { go } from '../../router/place';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { ForWhom } from '../../tokens/for_whom';
import { NewTokenForm } from '../../tokens/new_token_form';
import { TokenOnce } from '../../tokens_once/token_once';
import type { Made } from '../../tokens_once/token_files';
import { Page } from '../../ui/page';
import type { PageProps } from '../page_props';

/** The form; then, in its place and at no address of its own, the token. */
export default function NewTokenPage({ query }: PageProps) {
  const { scope, permissions } = useSession();
  const [member, setMember] = useState<Scope>();
  const [made, setMade] = useState<{ token: Made; databaseId?: string } | null>(null);
  if (made) {
    const { clientId } = made.token;
    return (
      <TokenOnce
        made={made.token}
        {...(made.databaseId && { databaseId: made.databaseId })}
        onStored={() => {
          setMade(null);
          // A member organization's token is not the enterprise's to look at.
          go(member ? '/tokens' : `/tokens/${encodeURIComponent(clientId)}`, 'replace');
        }}
      />
    );
  }
  if (!scope)
    return (
      <Page title="Generate New Token">
        <p>You belong to no organization yet.</p>
      </Page>
    );
  const mayNot = permissions.reason(actionIn(scope, 'token-write'));
  // The form is there to be looked at, as far as the roles may be.
  const blind = mayNot !== undefined && !permissions.may(actionIn(scope, 'role-read'));
  return (
    <Page title="Generate New Token" lead={`A token of ${(member ?? scope).name}.`}>
      {mayNot !== undefined && (
        <p class="note warn">
          You cannot make a token here. {mayNot} Somebody who administers {scope.name} can give it to you.
        </p>
      )}
      {scope.kind === 'enterprise' && <ForWhom enterprise={scope} member={member} onMember={setMember} />}
      {!blind && (
        <NewTokenForm
          key={member?.id}
          scope={scope}
          {...(member && { member })}
          query={query}
          mayNot={mayNot}
          onMade={(token, databaseId) => setMade({ token, ...(databaseId && { databaseId }) })}
        />
      )}
    </Page>
  );
}
