import { useState } from 'preact/hooks';
import { AccessPanel } from '../../access/access_panel';
import { PolicyView } from '../../access/policy_view';
import { useNames } from '../../access/use_names';
import { useAnswer } from '../../api/use_answer';
import { isBuiltIn } from '../../model/builtin';
import { writeDraft } from '../../model/policy_json';
import { draftOf } from '../../model/policy_draft';
import { go } from '../../router/place';
import { useSession } from '../../session/session';
import { Creator } from '../../tokens/creator';
import { usePeople } from '../../tokens/use_names';
import { Answer } from '../../ui/answer';
import { announce } from '../../ui/announcer';
import { Badge } from '../../ui/badge';
import { Button, LinkButton } from '../../ui/button';
import { CopyButton } from '../../ui/copy_button';
import { Page } from '../../ui/page';
import { TimeText } from '../../ui/time_text';
import type { PageProps } from '../page_props';
import { DeleteRole } from './delete_role';
import { RoleHolders } from './role_holders';
import { readRole } from './read_role';
import { changedAt, readHolders, roleActions } from './role_list';
import type { Role } from './role_list';

export default function RolePage({ params }: PageProps) {
  const roleId = params['roleId'] ?? '';
  const read = useAnswer(`role ${roleId}`, () => readRole(roleId));
  const role = read.value?.role;
  return (
    <Page
      title={role?.name ?? 'Role'}
      deeds={role && <Deeds role={role} version={read.value?.version ?? ''} />}
    >
      <Answer of={read} what="the role">
        {(value) => <Content role={value.role} />}
      </Answer>
    </Page>
  );
}

const locked = 'Built-in roles cannot be changed; copy it to a new role.';

function Deeds({ role, version }: { role: Role; version: string }) {
  const { scope, permissions } = useSession();
  const [deleting, setDeleting] = useState(false);
  const { write, remove } = roleActions(scope);
  const builtIn = isBuiltIn(role.id);
  return (
    <>
      <LinkButton
        href={`/roles/${role.id}/edit`}
        disabledReason={builtIn ? locked : permissions.reason(write)}
      >
        Edit
      </LinkButton>
      <LinkButton href={`/roles/new?copy=${role.id}`} disabledReason={permissions.reason(write)}>
        Copy to a new role
      </LinkButton>
      <Button
        disabledReason={builtIn ? 'Built-in roles cannot be deleted.' : permissions.reason(remove)}
        onClick={() => setDeleting(true)}
      >
        Delete
      </Button>
      {deleting && (
        <DeleteRole
          role={role}
          version={version}
          onCancel={() => setDeleting(false)}
          onDeleted={() => {
            announce(`The role ${role.name} is deleted.`);
            go('/roles');
          }}
        />
      )}
    </>
  );
}

function Content({ role }: { role: Role }) {
  const { scope } = useSession();
  const names = useNames();
  const people = usePeople();
  const holders = useAnswer(`holders ${role.id}`, () => readHolders(role.id));
  const json = writeDraft(draftOf(role));
  return (
    <>
      <dl class="facts">
        <dt>Kind</dt>
        <dd>
          {isBuiltIn(role.id) ? (
            <Badge tone="calm">Built-in, locked</Badge>
          ) : (
            <Badge tone="good">Custom</Badge>
          )}{' '}
          {role.policy.effect === 'deny' && <Badge tone="bad">Deny</Badge>}
        </dd>
        {role.policy.description && role.policy.description !== role.name && (
          <>
            <dt>Description</dt>
            <dd>{role.policy.description}</dd>
          </>
        )}
        <dt>Id</dt>
        <dd>
          <code>{role.id}</code> <CopyButton text={role.id} what="the role’s id" />
        </dd>
        <dt>Used by</dt>
        <dd>{holders.value === undefined ? '…' : holdersWords(holders.value)}</dd>
        <dt>Changed</dt>
        <dd>
          <TimeText at={changedAt(role)} />
          {role.last_update_user_id && (
            <>
              {' '}
              by <Creator id={role.last_update_user_id} people={people} />
            </>
          )}
        </dd>
      </dl>
      {role.policy.effect === 'deny' && (
        <p class="note">
          This role takes away: who holds it may not do the following, whatever their other roles allow.
        </p>
      )}
      <section aria-labelledby="policy">
        <h2 id="policy">Policy</h2>
        <PolicyView role={role} scope={scope?.id ?? ''} names={names} />
        <details>
          <summary>As JSON</summary>
          <pre>{json}</pre>
          <CopyButton text={json} what="the role as JSON" />
        </details>
      </section>
      <AccessPanel ask={{ roles: [role.id] }} title="What this role opens" />
      <RoleHolders role={role} />
    </>
  );
}

function holdersWords(holders: number): string {
  if (holders === 0) return 'nobody';
  return holders === 1 ? 'one token or member' : `${holders} tokens and members`;
}
