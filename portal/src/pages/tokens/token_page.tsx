import { useState } from 'preact/hooks';
import { AccessPanel } from '../../access/access_panel';
import { api, ask } from '../../api/client';
import type { Problem } from '../../api/problem';
import { useAnswer } from '../../api/use_answer';
import { exactly } from '../../model/time';
import { Link } from '../../router/link';
import { go } from '../../router/place';
import { actionIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { Creator } from '../../tokens/creator';
import { DeleteTokenDialog } from '../../tokens/delete_token_dialog';
import type { Token } from '../../tokens/list_state';
import { RoleLinks } from '../../tokens/role_links';
import { TokenBadges } from '../../tokens/token_badges';
import { TokenHistory, useRevoked } from '../../tokens/token_history';
import { tokenName } from '../../tokens/token_state';
import { LastDay, OpenSessions } from '../../tokens/token_use';
import { usePeople, useRoleNames } from '../../tokens/use_names';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/copy_button';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem_note';
import { TimeText } from '../../ui/time_text';
import type { PageProps } from '../page_props';

/** One token: what it is, what it can do, what it does, what was done to it. */
export default function TokenPage({ params }: PageProps) {
  const clientId = params['clientId'] ?? '';
  const token = useAnswer(`token ${clientId}`, () =>
    ask(() => api.GET('/v2/tokens/{clientId}', { params: { path: { clientId } } })),
  );
  if (token.value) return <Known token={token.value} />;
  if (token.problem) return <NotThere clientId={clientId} problem={token.problem} again={token.again} />;
  return <p class="waiting">Reading the token …</p>;
}

function Known({ token }: { token: Token }) {
  const { scope, permissions } = useSession();
  const people = usePeople();
  const [leaving, setLeaving] = useState(false);
  const { clientId } = token;
  return (
    <Page
      title={tokenName(token)}
      deeds={
        <Button
          onClick={() => setLeaving(true)}
          disabledReason={permissions.reason(actionIn(scope, 'token-write'))}
        >
          Delete
        </Button>
      }
    >
      <Facts token={token} people={people} />
      <AccessPanel ask={{ clientId }} />
      {scope?.kind === 'organization' && (
        <>
          <p>
            <Link href={`/explain?clientId=${clientId}`}>Why may it, or may it not? Explain</Link>
          </p>
          <div class="columns">
            <LastDay clientId={clientId} />
            <OpenSessions clientId={clientId} />
          </div>
        </>
      )}
      <TokenHistory clientId={clientId} people={people} />
      {leaving && (
        <DeleteTokenDialog token={token} onCancel={() => setLeaving(false)} onDeleted={() => go('/tokens')} />
      )}
    </Page>
  );
}

function Facts({ token, people }: { token: Token; people: ReadonlyMap<string, string> }) {
  const roles = useRoleNames();
  const end = token.effectiveExpiry;
  return (
    <dl class="facts">
      <dt>State</dt>
      <dd>
        <TokenBadges token={token} roles={roles} />
      </dd>
      <dt>Client id</dt>
      <dd>
        <code>{token.clientId}</code> <CopyButton text={token.clientId} what="the client id" />
      </dd>
      <dt>Roles</dt>
      <dd>
        <RoleLinks ids={token.roles} names={roles} />
      </dd>
      <dt>Made</dt>
      <dd>
        <TimeText at={token.generatedOn} /> by <Creator id={token.createdBy} people={people} />
        {' · '}
        <Link href={`/tokens?createdBy=${token.clientId}`}>what it made</Link>
      </dd>
      <dt>Expires</dt>
      <dd>
        {end ? exactly(end) : 'never'}
        {end !== token.tokenExpiry && ' (by the organization’s longest lifetime)'}
      </dd>
      <dt>Last used</dt>
      <dd>
        {token.lastUsedAt === undefined ? 'not known' : <TimeText at={token.lastUsedAt} />}
        {token.lastUsedFrom && ` from ${token.lastUsedFrom}`}
        {token.lastUsedBy && ` by ${token.lastUsedBy}`}
      </dd>
    </dl>
  );
}

/** A revoked token has no page of facts any more, but its history. */
function NotThere({ clientId, problem, again }: { clientId: string; problem: Problem; again: () => void }) {
  const gone = problem.status === 404;
  const revokedAt = useRevoked(clientId, gone);
  const people = usePeople();
  return (
    <Page title={gone ? clientId : 'Token'}>
      {revokedAt ? (
        <p>
          <Badge tone="bad">Revoked</Badge> <TimeText at={revokedAt} />. Nothing is let in with it any more.
        </p>
      ) : (
        <ProblemNote problem={problem} again={again} />
      )}
      {gone && <TokenHistory clientId={clientId} people={people} />}
    </Page>
  );
}
