import type { MadeToken } from './use_database_token';
import { Button } from '../ui/button';
import { CopyButton } from '../ui/copy_button';
import { TextField } from '../ui/field';
import { Link } from '../router/link';
import { Page } from '../ui/page';

/** What became of the role, in words. */
export function RoleWords({ made }: { made: MadeToken }) {
  const role = <Link href={`/roles/${made.token.roles[0] ?? ''}`}>{made.roleName}</Link>;
  return made.reused ? (
    <p>
      It has the role {role}, which was there already and was taken as it is now, with whatever was edited.
    </p>
  ) : (
    <p>It has the role {role}, made with it: everything in this database, and nothing outside of it.</p>
  );
}

export function MadeTokenPage({ made, onStored }: { made: MadeToken; onStored: () => void }) {
  return (
    <Page title="Your new token">
      <RoleWords made={made} />
      <TextField label="Token" value={made.token.token} onValue={() => undefined} readOnly />
      <CopyButton text={made.token.token} what="token" />
      <Button onClick={onStored}>I have stored it</Button>
    </Page>
  );
}
