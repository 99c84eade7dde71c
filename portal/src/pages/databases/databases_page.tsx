import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { MadeTokenPage } from '../../databases/made_token_page';
import { RegisterForm } from '../../databases/register_form';
import { useDatabaseToken } from '../../databases/use_database_token';
import { useKeys } from '../../keys/keys';
import { go, withQuery } from '../../router/place';
import { useSession } from '../../session/session';
import { announce } from '../../ui/announcer';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { EmptyState } from '../../ui/empty_state';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem_note';
import type { PageProps } from '../page_props';
import { DatabaseTable } from './database_table';

/** Managed clusters: what is registered and how its link stands. The form is part of the address: ?register=1. */
export default function DatabasesPage({ query }: PageProps) {
  const { scope, permissions } = useSession();
  const list = useAnswer(`databases of ${scope?.id ?? ''}`, () => ask(() => api.GET('/v2/databases')));
  const token = useDatabaseToken();
  const registering = query.get('register') === '1';
  const open = (yes: boolean) =>
    go(withQuery({ path: '/databases', query }, { register: yes ? '1' : null }), 'replace');
  const reason = permissions.mayAnywhere('org-db-create') ? undefined : permissions.reason('org-db-create');
  useKeys({ c: () => !reason && open(true) });

  const registered = (database: Shapes['Database']) => {
    announce(`${database.info.name} is registered.`);
    go(`/databases/${database.id}`);
  };
  if (token.made) return <MadeTokenPage made={token.made} onStored={token.done} />;
  return (
    <Page
      title="Databases"
      lead="Managed clusters: Apache Cassandra clusters that are reached through Latchkey."
      deeds={
        <Button kind="primary" disabledReason={reason} onClick={() => open(true)}>
          Register Cluster
        </Button>
      }
    >
      <ProblemNote problem={token.problem} />
      {registering && (
        <section>
          <h2>Register a cluster</h2>
          <RegisterForm onRegistered={registered} onCancel={() => open(false)} />
        </section>
      )}
      <Answer of={list} what="the databases">
        {(databases) =>
          databases.length === 0 ? (
            !registering && <NoDatabase />
          ) : (
            <DatabaseTable
              databases={databases}
              onGenerate={(one) => void token.make(one)}
              onChanged={list.again}
            />
          )
        }
      </Answer>
    </Page>
  );
}

function NoDatabase() {
  return (
    <EmptyState title="No cluster is registered yet">
      <p>Latchkey stands in front of a Cassandra cluster that you run. To register one:</p>
      <ol>
        <li>
          Make a role for the gateway in the cluster, and grant it what tokens shall be able to do:
          <pre tabIndex={0} aria-label="CQL for the role of the gateway">
            {`CREATE ROLE latchkey WITH LOGIN = true AND PASSWORD = '…';
GRANT SELECT ON KEYSPACE shop TO latchkey;
GRANT MODIFY ON KEYSPACE shop TO latchkey;`}
          </pre>
        </li>
        <li>
          Press <em>Register Cluster</em> and say where its nodes are, or run <code>latchkey db add</code> on
          the machine where Latchkey runs.
        </li>
        <li>
          Generate a token, and connect to the address that is shown here instead of to the nodes. Keep
          clients away from the nodes themselves.
        </li>
      </ol>
    </EmptyState>
  );
}
