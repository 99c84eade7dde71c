import { useAnswer } from '../../api/use_answer';
import { isBuiltIn } from '../../model/builtin';
import { draftOf, emptyDraft } from '../../model/policy_draft';
import type { RoleDraft } from '../../model/policy_draft';
import { Link } from '../../router/link';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Page } from '../../ui/page';
import type { PageProps } from '../page_props';
import { exampleDraft } from './example_draft';
import { RoleEditor } from './role_editor';
import { roleActions } from './role_list';
import { readRole } from './read_role';
import type { ReadRole } from './read_role';
import type { Role } from './role_list';

export default function RoleEditorPage({ params, query }: PageProps) {
  const { scope, permissions } = useSession();
  const roleId = params['roleId'];
  const source = roleId ?? query.get('copy');
  const read = useAnswer(source, () => readRole(source ?? ''));
  const reason = permissions.reason(roleActions(scope).write);
  const title = roleId ? `Edit ${read.value?.role.name ?? 'a role'}` : 'New role';
  if (reason)
    return (
      <Page title={title}>
        <p class="note problem">{reason}</p>
      </Page>
    );
  return (
    <Page title={title}>
      {source === null ? (
        <RoleEditor start={exampleDraft(query.get('example'), scope?.id ?? '')} />
      ) : (
        <Answer of={read} what="the role">
          {(value) => <Found read={value} edit={roleId !== undefined} />}
        </Answer>
      )}
    </Page>
  );
}

function Found({ read, edit }: { read: ReadRole; edit: boolean }) {
  const { role, version } = read;
  if (edit && isBuiltIn(role.id))
    return (
      <p class="note">
        Built-in roles cannot be changed.{' '}
        <Link href={`/roles/new?copy=${role.id}`}>Copy it to a new role</Link>
      </p>
    );
  if (edit) return <RoleEditor start={draftOf(role)} existing={{ id: role.id, version }} />;
  return <RoleEditor start={copyOf(role)} />;
}

function copyOf(role: Role): RoleDraft {
  return { ...emptyDraft, ...draftOf(role), name: `${role.name} (copy)` };
}
