import { useState } from 'preact/hooks';
import { AccessPanel } from '../../access/access_panel';
import { actionOf } from '../../model/actions';
import { draftProblems, roleOf, sameDraft } from '../../model/policy_draft';
import type { RoleDraft } from '../../model/policy_draft';
import { readDraft, writeDraft } from '../../model/policy_json';
import { readResource } from '../../model/resource_name';
import { go } from '../../router/place';
import { useSession } from '../../session/session';
import { announce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import { Tabs } from '../../ui/tabs';
import { useUnsaved } from '../../ui/unsaved';
import { JsonTab } from './json_tab';
import { RoleForm } from './role_form';
import { SaveRole } from './save_role';

interface Props {
  start: RoleDraft;
  /** Absent: a new role. */
  existing?: { id: string; version: string };
}

/** The draft, its JSON, and which of them is newer: JSON with mistakes is kept as it was typed. */
function useDraft(start: RoleDraft) {
  const [draft, setDraft] = useState(start);
  const [typed, setTyped] = useState<string | null>(null);
  const mistakes = typed === null ? [] : readDraft(typed).mistakes;
  return {
    draft,
    mistakes,
    text: typed ?? writeDraft(draft),
    change: (next: RoleDraft) => {
      setTyped(null);
      setDraft(next);
    },
    type: (text: string) => {
      setTyped(text);
      const read = readDraft(text);
      if (read.draft) setDraft(read.draft);
    },
    /** JSON without mistakes is the draft: it is written anew when it is next looked at. */
    settle: () => mistakes.length === 0 && setTyped(null),
  };
}

export function RoleEditor({ start, existing }: Props) {
  const { scope, refresh } = useSession();
  const scopeId = scope?.id ?? '';
  const [base, setBase] = useState({ draft: start, version: existing?.version ?? '' });
  const editing = useDraft(start);
  const { draft, mistakes } = editing;
  const [tab, setTab] = useState('form');
  const [tried, setTried] = useState(false);
  const [saving, setSaving] = useState(false);
  const unsaved = useUnsaved(!sameDraft(draft, base.draft), 'Your changes to the role are not saved.');
  const problems = draftProblems(draft, scopeId);
  const first = mistakes[0]?.message ?? Object.values(problems)[0];

  const review = () => {
    setTried(true);
    if (first === undefined) setSaving(true);
    else announce(first);
  };
  const saved = (id: string) => {
    unsaved.release();
    announce(`The role ${draft.name} is saved.`);
    void refresh();
    go(`/roles/${id}`);
  };

  return (
    <>
      <Tabs
        label="Ways to write a role"
        tabs={[
          { key: 'form', text: 'Form' },
          { key: 'json', text: mistakes.length > 0 ? 'JSON (has mistakes)' : 'JSON' },
        ]}
        chosen={tab}
        onChoose={(key) => {
          editing.settle();
          setTab(key);
        }}
      >
        {tab === 'json' ? (
          <JsonTab text={editing.text} mistakes={mistakes} onText={editing.type} />
        ) : (
          <>
            {mistakes.length > 0 && (
              <p class="note warn">
                The JSON has mistakes. What you change here replaces what was typed there.
              </p>
            )}
            <RoleForm draft={draft} onChange={editing.change} problems={tried ? problems : {}} />
          </>
        )}
      </Tabs>
      <div class="actions save">
        <Button kind="primary" onClick={review}>
          Review and save
        </Button>
        <Button onClick={() => go(existing ? `/roles/${existing.id}` : '/roles')}>Cancel</Button>
        {tried && first !== undefined && (
          <p class="error" role="alert">
            {first}
          </p>
        )}
      </div>
      <AccessPanel
        ask={previewable(draft) ? { policies: [roleOf(draft).policy] } : null}
        title={draft.effect === 'deny' ? 'What this role takes away' : 'What this role opens'}
        nothing="Choose actions and resources to see what they open."
      />
      {saving && (
        <SaveRole
          draft={draft}
          base={base}
          roleId={existing?.id}
          onSaved={saved}
          onCancel={() => setSaving(false)}
          onNewest={(newest, takeTheirs) => {
            setBase(newest);
            if (takeTheirs) editing.change(newest.draft);
            setSaving(!takeTheirs);
          }}
        />
      )}
      {unsaved.dialog}
    </>
  );
}

function previewable({ actions, resources }: RoleDraft): boolean {
  return (
    actions.length > 0 &&
    resources.length > 0 &&
    actions.every((one) => actionOf(one) !== undefined) &&
    resources.every((one) => readResource(one) !== null)
  );
}
