import { useState } from 'preact/hooks';
import { AccessPanel } from '../access/access_panel';
import { actingIn, api, ask } from '../api/client';
import type { Scope, Shapes } from '../api/client';
import { isProblem } from '../api/problem';
import { organizationRoles } from '../model/builtin';
import { useAnswer, useDeed } from '../api/use_answer';
import { useOnce } from '../api/use_once';
import { RolePicker } from '../roles/role_picker';
import { useSession } from '../session/session';
import { Answer } from '../ui/answer';
import { Button } from '../ui/button';
import { CheckField, FieldSet, TextField } from '../ui/field';
import { ProblemNote } from '../ui/problem_note';
import type { Made } from '../tokens_once/token_files';
import { ExpiryField } from './expiry_field';
import type { Lifetimes } from './expiry';
import { makeToken, prepareToken } from './make_token';
import { PartFields } from './part_fields';
import { RolePermissions } from './role_permissions';
import { draftFaults, draftFrom, lacking, previewOf, sentence } from './token_draft';
import type { TokenDraft } from './token_draft';
import { Form } from '../ui/form';

interface Props {
  scope: Scope;
  /** An organization of the enterprise `scope`, which the token shall be of. */
  member?: Scope;
  query: URLSearchParams;
  /** Why the viewer may not make tokens. */
  mayNot: string | undefined;
  onMade: (made: Made, databaseId: string | undefined) => void;
}

export function NewTokenForm(props: Props) {
  const { scopes } = useSession();
  const { member } = props;
  const belongs = !member || scopes.some((one) => one.id === member.id);
  // Roles of a member organization's own are shown to who belongs to it; the built-in ones are the same everywhere.
  const roles = useAnswer('roles', () =>
    belongs
      ? ask(() => api.GET('/v2/organizations/roles', { headers: member ? actingIn(member) : {} }))
      : Promise.resolve(organizationRoles()),
  );
  return (
    <Answer of={roles} what="the roles">
      {(list) => <FormWithRoles {...props} roles={list} belongs={belongs} />}
    </Answer>
  );
}

/** What the form needs to know besides; without the permission to know it, it goes without. */
function useSurroundings(scope: Scope, member: Scope | undefined, belongs: boolean) {
  const { permissions } = useSession();
  const organization = scope.kind === 'organization';
  const settings = useAnswer(organization && permissions.may('org-read') ? 'settings' : null, () =>
    ask(() => api.GET('/v2/organizations/settings')),
  );
  const databases = useAnswer(
    organization && permissions.mayAnywhere('org-db-view') ? 'databases' : null,
    () => ask(() => api.GET('/v2/databases')),
  );
  // What the viewer may do in a member organization is not read beforehand: a refusal is no more than not knowing.
  const headers = member ? actingIn(member) : {};
  const there = useAnswer(member && belongs ? `what ${member.id} has` : null, async () => ({
    settings: await known(ask(() => api.GET('/v2/organizations/settings', { headers }))),
    databases: await known(ask(() => api.GET('/v2/databases', { headers }))),
  }));
  if (member) return { lifetimes: there.value?.settings, databases: there.value?.databases ?? [] };
  const endless = { defaultLifetimeSeconds: null, maximumLifetimeSeconds: null };
  const lifetimes: Lifetimes | undefined = organization ? settings.value : endless;
  return { lifetimes, databases: databases.value ?? [] };
}

async function known<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((thrown: unknown) => {
    if (!isProblem(thrown)) throw thrown;
    return undefined;
  });
}

interface FormWithRolesProps extends Props {
  roles: Shapes['RoleList'];
  /** The viewer belongs to where the token shall be of. */
  belongs: boolean;
}

function FormWithRoles({ scope, member, query, mayNot, onMade, roles, belongs }: FormWithRolesProps) {
  const { permissions } = useSession();
  const [draft, setDraft] = useState(() => draftFrom(query, scope.kind));
  const { lifetimes, databases } = useSurroundings(scope, member, belongs);
  const deed = useDeed();
  const once = useOnce();
  const databaseName = (id: string) => databases.find((one) => one.id === id)?.info.name;
  const known = new Map(roles.map((role) => [role.id, role.name]));
  const unknown = draft.roles.filter((id) => !known.has(id));
  const change = (by: Partial<TokenDraft>) => setDraft((was) => ({ ...was, ...by }));
  const faults = draftFaults(draft, Date.now());
  const forPart = draft.where === 'part' ? permissions.reason('org-role-write') : undefined;
  const wanting =
    forPart ??
    lacking(draft, Date.now()) ??
    (unknown.length ? 'The link names a role that is not here.' : undefined);

  const make = () =>
    deed.run(async () => {
      const { databaseId } = draft.part;
      const prepare = () => prepareToken(draft, scope.id, databaseName(databaseId) ?? databaseId, member?.id);
      const made = await once(JSON.stringify(draft), prepare, makeToken);
      onMade(made, draft.where === 'part' ? databaseId : undefined);
    });
  return (
    <div class="columns new-token">
      <Form
        onSubmit={() => {
          if (mayNot === undefined && wanting === undefined) void make();
        }}
      >
        <FieldSet legend="What is it for?">
          <TextField
            label="Description (optional)"
            hint="Shown in lists. It cannot be edited later."
            value={draft.description}
            onValue={(description) => change({ description })}
            error={faults.description}
            maxLength={1024}
            autocomplete="off"
          />
        </FieldSet>
        {scope.kind === 'organization' && <Where draft={draft} change={change} />}
        {draft.where === 'part' ? (
          <PartFields part={draft.part} databases={databases} onPart={(part) => change({ part })} />
        ) : (
          <>
            {unknown.length > 0 && (
              <UnknownRoles
                ids={unknown}
                onDrop={() => change({ roles: draft.roles.filter((id) => known.has(id)) })}
              />
            )}
            <RolePicker
              roles={roles}
              chosen={draft.roles}
              onChosen={(ids) => change({ roles: ids })}
              hint={
                belongs
                  ? 'One or more. They cannot be changed later.'
                  : `One or more; they cannot be changed later. ${member?.name ?? 'Its'}’s own roles are shown to who belongs to it.`
              }
            />
            {roles
              .filter((role) => draft.roles.includes(role.id))
              .map((role) => (
                <RolePermissions key={role.id} role={role} databaseName={databaseName} />
              ))}
          </>
        )}
        <FieldSet legend="How long?">
          <ExpiryField
            value={draft.expires}
            onValue={(expires) => change({ expires })}
            lifetimes={lifetimes}
            error={faults.expires}
          />
        </FieldSet>
        {wanting === undefined && (
          <p class="note">
            {sentence(draft, {
              scope: (member ?? scope).name,
              roles: known,
              database: databaseName,
              lifetimes,
            })}
          </p>
        )}
        <ProblemNote problem={deed.problem} />
        <div class="actions">
          <Button kind="primary" type="submit" busy={deed.busy} disabledReason={mayNot ?? wanting}>
            Generate Token
          </Button>
        </div>
      </Form>
      <AccessPanel
        ask={belongs ? previewOf(draft, scope.id) : null}
        {...(member && { within: member })}
        {...(!belongs && { nothing: 'What it opens there is seen by who belongs to that organization.' })}
        {...(draft.where === 'part' && { nothing: 'Choose a database to see what it opens.' })}
      />
    </div>
  );
}

/** Roles that there are, or one part of one database, for which a role is made along the way. */
function Where({ draft, change }: { draft: TokenDraft; change: (by: Partial<TokenDraft>) => void }) {
  const { permissions } = useSession();
  return (
    <FieldSet legend="Where?">
      <CheckField
        radio
        name="where"
        label="Wherever the roles that I choose reach"
        checked={draft.where === 'roles'}
        onChecked={() => change({ where: 'roles' })}
      />
      <CheckField
        radio
        name="where"
        label="One database, keyspace or table"
        hint="A role for it is made with the token, or the one that is there is used."
        checked={draft.where === 'part'}
        onChecked={() => change({ where: 'part' })}
        disabledReason={permissions.reason('org-role-write')}
      />
    </FieldSet>
  );
}

function UnknownRoles({ ids, onDrop }: { ids: string[]; onDrop: () => void }) {
  return (
    <div class="note warn">
      <p>
        The link asks for {ids.length === 1 ? 'a role' : 'roles'} that {ids.length === 1 ? 'is' : 'are'} not
        here:{' '}
        {ids.map((id) => (
          <code key={id}>{id} </code>
        ))}
      </p>
      <Button onClick={onDrop}>Go on without</Button>
    </div>
  );
}
