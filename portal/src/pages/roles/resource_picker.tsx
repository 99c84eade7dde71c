import { useState } from 'preact/hooks';
import { useDatabases, useRoles } from '../../access/use_names';
import { api, ask } from '../../api/client';
import type { Scope } from '../../api/client';
import { useEach } from '../../api/use_each';
import { lineFor, lineHasNoEffect, linesByName, withLine } from '../../model/policy_draft';
import { linesElsewhere, resourceTree } from '../../model/resource_tree';
import type { KnownKeyspace } from '../../model/resource_tree';
import { readResource } from '../../model/resource_name';
import { Button } from '../../ui/button';
import { CheckField, FieldSet } from '../../ui/field';
import { ProblemNote } from '../../ui/problem_note';
import { Delegation } from './delegation';
import { ResourceTree } from './resource_tree_view';
import type { EditProps } from './edit_props';

type Props = EditProps & { scope: Scope | null; error: string | undefined };

const readKeyspaces = (id: string): Promise<KnownKeyspace[]> =>
  ask(() => api.GET('/v2/databases/{id}/keyspaces', { params: { path: { id } } }));

/** Where a role holds: the organization, databases as a tree, roles that it may hand out, and whatever else it names. */
export function ResourcePicker(props: Props) {
  const { draft, scope, error } = props;
  const enterprise = scope?.kind === 'enterprise';
  return (
    <section aria-labelledby="resources">
      <h2 id="resources">Resources</h2>
      <p class="hint">
        Each checked row is one line of the role. Connecting takes a database’s own row, reading a table’s: a
        row does not include the rows below it.
      </p>
      {error && <p class="error">{error}</p>}
      <Whole {...props} />
      {!enterprise && <Databases {...props} />}
      {!enterprise && <Delegated {...props} />}
      <Elsewhere draft={draft} onChange={props.onChange} scope={scope?.id ?? ''} />
    </section>
  );
}

function Whole({ draft, onChange, scope }: Props) {
  if (!scope) return null;
  const enterprise = scope.kind === 'enterprise';
  const text = enterprise ? `drn:astra:enterprise:${scope.id}` : `drn:astra:org:${scope.id}`;
  const wanted = { level: scope.kind, scope: scope.id };
  const on = lineFor(draft, wanted, scope.id) !== undefined;
  return (
    <CheckField
      label={enterprise ? 'The enterprise itself' : 'The organization itself'}
      hint={
        on
          ? (lineHasNoEffect(draft, text, scope.id) ?? text)
          : 'Members, roles, tokens, settings, access lists.'
      }
      checked={on}
      onChecked={(now) => onChange(withLine(draft, text, now, scope.id))}
    />
  );
}

function Databases({ draft, onChange, scope }: Props) {
  const databases = useDatabases();
  const [opened, setOpened] = useState<string[]>(() => namedDatabases(draft.resources));
  const [showSystem, setShowSystem] = useState(false);
  const known = databases.value ?? [];
  const keyspaces = useEach(
    opened.filter((id) => known.some((one) => one.id === id)),
    readKeyspaces,
  );
  const scopeId = scope?.id ?? '';
  const tree = resourceTree(
    draft.resources,
    known.map((one) => ({ id: one.id, name: one.info.name, keyspaces: keyspaces.get(one.id) ?? undefined })),
    scopeId,
    showSystem,
  );
  return (
    <FieldSet legend="Databases, keyspaces, tables">
      <ProblemNote problem={databases.problem} again={databases.again} />
      <ResourceTree
        nodes={tree}
        lines={linesByName(draft, scopeId)}
        draft={draft}
        onChange={onChange}
        scope={scopeId}
        onOpen={(id) => setOpened((was) => (was.includes(id) ? was : [...was, id]))}
      />
      <CheckField label="Show Cassandra’s own keyspaces" checked={showSystem} onChecked={setShowSystem} />
    </FieldSet>
  );
}

function namedDatabases(lines: string[]): string[] {
  const ids = lines.flatMap((text) => readResource(text)?.database ?? []);
  return [...new Set(ids)].filter((id) => id !== '*').slice(0, 20);
}

function Delegated({ draft, onChange, scope }: Props) {
  const roles = useRoles();
  return <Delegation draft={draft} onChange={onChange} scope={scope?.id ?? ''} roles={roles.value ?? []} />;
}

/** Lines without a place above. They stay until somebody takes them out. */
function Elsewhere({ draft, onChange, scope }: EditProps & { scope: string }) {
  const lines = linesElsewhere(draft.resources, scope);
  if (lines.length === 0) return null;
  return (
    <FieldSet legend="Other lines">
      <ul class="resource-lines">
        {lines.map((text) => (
          <li key={text}>
            <code>{text || '(empty)'}</code>{' '}
            <Button
              kind="quiet"
              label={`Take out ${text}`}
              onClick={() => onChange(withLine(draft, text, false, scope))}
            >
              Take out
            </Button>
            <br />
            <span class="hint">{lineHasNoEffect(draft, text, scope)}</span>
          </li>
        ))}
      </ul>
    </FieldSet>
  );
}
