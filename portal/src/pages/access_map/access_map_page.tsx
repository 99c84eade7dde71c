import { useDatabases } from '../../access/use_names';
import { useSession } from '../../session/session';
import { Page } from '../../ui/page';
import { AccessFlow } from './access_flow';
import { WhoCan } from './who_can';

/** Who reaches what, as a picture and as a table; and the answer to "who can …?". */
export default function AccessMapPage() {
  const { scope, permissions } = useSession();
  const databases = useDatabases();
  const reason = permissions.reason('org-token-read') ?? permissions.reason('org-role-read');
  const known = (databases.value ?? []).map((one) => ({ id: one.id, name: one.info.name }));
  return (
    <Page
      title="Access map"
      lead="Which tokens and people reach which databases, keyspaces and tables, through which roles."
    >
      {scope?.kind === 'enterprise' ? (
        <p class="note">Databases belong to organizations: choose one at the top to see its map.</p>
      ) : reason ? (
        <p class="note problem">{reason}</p>
      ) : (
        <>
          <WhoCan databases={known} />
          <AccessFlow databases={known} />
        </>
      )}
    </Page>
  );
}
