import { useState } from 'preact/hooks';
import { coveredBy, lineHasNoEffect, withLine } from '../../model/policy_draft';
import { foldedName, nameProblem, readResource, writeResource } from '../../model/resource_name';
import type { ResourceName } from '../../model/resource_name';
import { everythingIn } from '../../model/resource_tree';
import type { ResourceNode } from '../../model/resource_tree';
import { Button } from '../../ui/button';
import { CheckField, TextField } from '../../ui/field';
import type { EditProps } from './edit_props';
import { Form } from '../../ui/form';

const childrenAtMost = 200;

interface Common extends EditProps {
  scope: string;
  /** The draft's lines by the resource that they name. */
  lines: Map<string, string>;
  /** A database was opened: its keyspaces are wanted. */
  onOpen: (databaseId: string) => void;
}

export function ResourceTree({ nodes, ...common }: Common & { nodes: ResourceNode[] }) {
  return (
    <ul class="tree">
      {nodes.map((node) => (
        <Node key={writeResource(node.resource)} node={node} {...common} />
      ))}
    </ul>
  );
}

function Node({ node, ...common }: Common & { node: ResourceNode }) {
  const { draft, onChange, scope, onOpen } = common;
  const { resource, label, unknown } = node;
  const [turned, setTurned] = useState<boolean | null>(null);
  const written = writeResource(resource);
  const open = turned ?? [...common.lines.keys()].some((one) => one.startsWith(`${written}:`));
  const line = common.lines.get(written);
  const text = line ?? written;
  const deep = resource.level !== 'table';
  const turn = () => {
    if (!open && resource.level === 'database' && resource.database !== '*') onOpen(resource.database ?? '');
    setTurned(!open);
  };
  return (
    <li>
      <div class="tree-row">
        {deep ? (
          <button
            type="button"
            class="turn"
            aria-expanded={open}
            aria-label={`${open ? 'Close' : 'Open'} ${label}`}
            onClick={turn}
          >
            <span class="arrow" aria-hidden="true" />
          </button>
        ) : (
          <span class="no-turn" />
        )}
        <CheckField
          label={
            <>
              <span class="for-readers">{resource.level} </span>
              {label} {unknown && <span class="hint">(not there yet)</span>}
            </>
          }
          checked={line !== undefined}
          onChecked={(on) => onChange(withLine(draft, text, on, scope))}
          hint={hintOf(node, line, common)}
        />
        {deep && (
          <Button
            kind="quiet"
            label={`+ all in it: ${label}`}
            onClick={() => {
              onChange(
                everythingIn(resource).reduce(
                  (now, one) => withLine(now, writeResource(one), true, scope),
                  draft,
                ),
              );
              setTurned(true);
            }}
          >
            + all in it
          </Button>
        )}
      </div>
      {open && deep && <Below node={node} {...common} />}
    </li>
  );
}

function hintOf(node: ResourceNode, line: string | undefined, { draft, scope }: Common): string | undefined {
  if (line !== undefined) return lineHasNoEffect(draft, line, scope);
  const wider = coveredBy(draft, node.resource, scope);
  const name = wider === undefined ? null : readResource(wider);
  return name ? `covered by ${wildcards(name)}` : undefined;
}

/** "every table of every keyspace": what of a wider line is wide. */
function wildcards({ database, keyspace, table }: ResourceName): string {
  const wide = [
    table === '*' ? 'every table' : '',
    keyspace === '*' ? 'every keyspace' : '',
    database === '*' ? 'every database' : '',
  ];
  return wide.filter(Boolean).join(' of ');
}

function Below({ node, ...common }: Common & { node: ResourceNode }) {
  const shown = node.children.slice(0, childrenAtMost);
  return (
    <div class="tree-below">
      <ResourceTree nodes={shown} {...common} />
      {node.children.length > shown.length && (
        <p class="hint">
          {node.children.length - shown.length} more are not listed; type the name of one below to add it.
        </p>
      )}
      <AddName node={node} {...common} />
    </div>
  );
}

/** A keyspace or table by its name, whether it exists or not: the line begins to count when it does. */
function AddName({ node, draft, onChange, scope }: Common & { node: ResourceNode }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const what = node.resource.level === 'database' ? 'keyspace' : 'table';
  const folded = foldedName(name);
  const problem = name === '' ? undefined : nameProblem(folded);
  const add = () => {
    if (nameProblem(folded) !== undefined) return;
    const line = writeResource({ ...node.resource, level: what, [what]: folded });
    onChange(withLine(draft, line, true, scope));
    setName('');
    setOpen(false);
  };
  if (!open)
    return (
      <Button kind="quiet" onClick={() => setOpen(true)} label={`Name a ${what} in ${node.label}`}>
        Name a {what} …
      </Button>
    );
  return (
    <Form class="add-name" onSubmit={() => add()}>
      <TextField
        label={`Name of the ${what}`}
        hint="As in CQL: lower case, unless in double quotes."
        value={name}
        onValue={setName}
        error={problem}
      />
      <div class="actions">
        <Button type="submit">Add</Button>
        <Button kind="quiet" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
