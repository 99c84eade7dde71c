import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useEach } from '../../api/use_each';
import { counted } from '../../model/words';
import { sumOf } from '../../pictures/hours_picture';
import { Link } from '../../router/link';
import { auditReadIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { DataTable } from '../../ui/data_table';

export const refusedId = 'refused';

function descriptionOf(clientId: string): Promise<string> {
  return ask(() => api.GET('/v2/tokens/{clientId}', { params: { path: { clientId } } })).then(
    (token) => token.description,
  );
}

/** What the figure "Refused in 24 hours" counts: which tokens, and what else of it there is. */
export function Refused({ usage }: { usage: Shapes['Usage'] }) {
  const tokens = usage.refusedTokens;
  const names = useEach(
    tokens.map((one) => one.clientId),
    descriptionOf,
  );
  const all = sumOf(usage.hours, 'refusals');
  const others = all - tokens.reduce((sum, one) => sum + one.count, 0);
  if (all === 0) return null;
  return (
    <section class="refused">
      <h2 id={refusedId} tabIndex={-1}>
        Refused in the last 24 hours
      </h2>
      <p>
        {usage.refusals.length > 0 &&
          `Why: ${usage.refusals.map((one) => `${one.reason} (${one.count.toLocaleString('en')})`).join(', ')}. `}
        Only tokens whose secret was right are counted. <TrailLink />
      </p>
      {tokens.length > 0 && (
        <DataTable
          caption="Tokens that were refused most"
          rows={tokens}
          rowKey={(one) => one.clientId}
          columns={[
            {
              key: 'token',
              head: 'Token',
              main: true,
              cell: ({ clientId }) => (
                <Link href={`/tokens/${clientId}`}>{names.get(clientId) || <code>{clientId}</code>}</Link>
              ),
            },
            { key: 'count', head: 'Refused', number: true, cell: (one) => one.count.toLocaleString('en') },
          ]}
        />
      )}
      {others > 0 && <p class="hint">And {counted(others, 'time')} other tokens, or such as are deleted.</p>}
    </section>
  );
}

/** The trail counts otherwise: people too, and whoever only guesses. */
function TrailLink() {
  const { scope, permissions } = useSession();
  if (!permissions.may(auditReadIn(scope))) return null;
  return (
    <>
      People who were refused and guesses at tokens are in{' '}
      <Link href="/audit?outcome=refused">the audit</Link>.
    </>
  );
}
