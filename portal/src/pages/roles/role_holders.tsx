import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Link } from '../../router/link';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { TimeText } from '../../ui/time_text';
import type { Role } from './role_list';

const few = 10;

/** Who holds a role: its newest tokens, and the members. */
export function RoleHolders({ role }: { role: Role }) {
  return (
    <section aria-labelledby="holders">
      <h2 id="holders">Who holds it</h2>
      <div class="columns">
        <Tokens role={role} />
        <Members role={role} />
      </div>
    </section>
  );
}

function Tokens({ role }: { role: Role }) {
  const { scope, permissions } = useSession();
  const action = scope?.kind === 'enterprise' ? 'enterprise-token-read' : 'org-token-read';
  const reason = permissions.reason(action);
  const query = { role: role.id, limit: few, sort: '-generatedOn' };
  const tokens = useAnswer(reason ? null : `tokens ${role.id}`, () =>
    ask(() => api.GET('/v2/tokens', { params: { query } })),
  );
  return (
    <div>
      <h3>Tokens</h3>
      {reason ? (
        <p class="hint">{reason}</p>
      ) : (
        <Answer of={tokens} what="tokens">
          {({ clients }) =>
            clients.length === 0 ? (
              <p>No token holds it.</p>
            ) : (
              <>
                <ul>
                  {clients.map((token) => (
                    <li key={token.clientId}>
                      <Link href={`/tokens/${token.clientId}`}>{token.description || token.clientId}</Link>,
                      made <TimeText at={token.generatedOn} />
                    </li>
                  ))}
                </ul>
                <Link href={`/tokens?role=${role.id}`}>
                  {clients.length < few ? 'Show them in the list of tokens' : 'All tokens with this role'}
                </Link>
              </>
            )
          }
        </Answer>
      )}
    </div>
  );
}

function Members({ role }: { role: Role }) {
  const { scope, permissions } = useSession();
  const action = scope?.kind === 'enterprise' ? 'enterprise-user-read' : 'org-user-read';
  const reason = permissions.reason(action);
  const users = useAnswer(reason ? null : 'members', () => ask(() => api.GET('/v2/organizations/users')));
  return (
    <div>
      <h3>Members</h3>
      {reason ? (
        <p class="hint">{reason}</p>
      ) : (
        <Answer of={users} what="members">
          {({ Users }) => {
            const its = Users.filter((user) => user.Roles.some((one) => one.ID === role.id));
            if (its.length === 0) return <p>No member holds it.</p>;
            return (
              <ul>
                {its.map((user) => (
                  <li key={user.UserID}>
                    <Link href={`/users/${user.UserID}`}>{user.Email}</Link>
                    {user.Status === 'invited' && ' (invited)'}
                  </li>
                ))}
              </ul>
            );
          }}
        </Answer>
      )}
    </div>
  );
}
