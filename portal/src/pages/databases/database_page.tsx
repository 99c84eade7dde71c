import { useState } from 'preact/hooks';
import { DatabaseAccess } from '../../access/database_access';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { MadeTokenPage } from '../../databases/made_token_page';
import { UnregisterDialog } from '../../databases/unregister_dialog';
import { useDatabaseToken } from '../../databases/use_database_token';
import { go, withQuery } from '../../router/place';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { EmptyState } from '../../ui/empty_state';
import { Menu } from '../../ui/menu';
import { Page } from '../../ui/page';
import { ProblemNote } from '../../ui/problem_note';
import { Tabs } from '../../ui/tabs';
import { TimeText } from '../../ui/time_text';
import type { PageProps } from '../page_props';
import { DatabaseReach } from './database_reach';
import { KeyspaceList } from './keyspace_list';
import { LinkState } from './link_state';

const views = [
  { key: 'link', text: 'Link' },
  { key: 'keyspaces', text: 'Keyspaces' },
  { key: 'tokens', text: 'Tokens' },
  { key: 'access', text: 'Access list' },
];

/** One cluster. Which view of it is shown is part of the address. */
export default function DatabasePage({ params, query }: PageProps) {
  const id = params['id'] ?? '';
  const database = useAnswer(`database ${id}`, () =>
    ask(() => api.GET('/v2/databases/{id}', { params: { path: { id } } })),
  );
  if (!database.value)
    return (
      <Page title="Database">
        <Answer of={database} what="the database">
          {() => null}
        </Answer>
      </Page>
    );
  if (database.value.status === 'TERMINATED') return <Former database={database.value} />;
  return <Known database={database.value} query={query} />;
}

function Former({ database }: { database: Shapes['Database'] }) {
  return (
    <Page title={database.info.name}>
      <EmptyState title="This cluster is no longer registered">
        <p>
          It was unregistered <TimeText at={database.terminationTime} />; its data was not touched. Registered
          again, it gets another id.
        </p>
      </EmptyState>
    </Page>
  );
}

function Known({ database, query }: { database: Shapes['Database']; query: URLSearchParams }) {
  const token = useDatabaseToken();
  if (token.made) return <MadeTokenPage made={token.made} onStored={token.done} />;
  const wanted = query.get('view');
  const view = views.some((one) => one.key === wanted) ? (wanted ?? '') : 'link';
  const show = (key: string) =>
    go(
      withQuery({ path: `/databases/${database.id}`, query }, { view: key === 'link' ? null : key }),
      'replace',
    );
  return (
    <Page title={database.info.name} deeds={<Deeds database={database} token={token} />}>
      <ProblemNote problem={token.problem} />
      <Tabs label={`Views of ${database.info.name}`} tabs={views} chosen={view} onChoose={show}>
        {view === 'link' && <LinkState database={database} />}
        {view === 'keyspaces' && <KeyspaceList database={database} />}
        {view === 'tokens' && <DatabaseReach id={database.id} />}
        {view === 'access' && <DatabaseAccess id={database.id} />}
      </Tabs>
    </Page>
  );
}

interface DeedsProps {
  database: Shapes['Database'];
  token: ReturnType<typeof useDatabaseToken>;
}

function Deeds({ database, token }: DeedsProps) {
  const { permissions } = useSession();
  const [unregistering, setUnregistering] = useState(false);
  return (
    <>
      <Button
        kind="primary"
        busy={token.busy}
        disabledReason={permissions.reason('org-token-write')}
        onClick={() => void token.make(database)}
      >
        Generate Token
      </Button>
      <Menu
        label={`More for ${database.info.name}`}
        items={[
          {
            text: 'Unregister',
            danger: true,
            onPick: () => setUnregistering(true),
            disabledReason: permissions.reason('org-db-terminate', database.id),
          },
        ]}
      >
        More
      </Menu>
      {unregistering && (
        <UnregisterDialog
          database={database}
          onDone={() => go('/databases', 'replace')}
          onCancel={() => setUnregistering(false)}
        />
      )}
    </>
  );
}
