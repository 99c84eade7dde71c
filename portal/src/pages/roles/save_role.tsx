import { useState } from 'preact/hooks';
import { ReviewSummary } from '../../access/review_summary';
import { useNames } from '../../access/use_names';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useAnswer, useDeed } from '../../api/use_answer';
import { draftChanges, draftOf, emptyWords, roleOf } from '../../model/policy_draft';
import type { RoleDraft } from '../../model/policy_draft';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ProblemNote } from '../../ui/problem_note';
import { readRole } from './read_role';

export interface Base {
  draft: RoleDraft;
  version: string;
}

interface Props {
  draft: RoleDraft;
  /** What the editing began with, by which the API tells whether somebody else was faster. */
  base: Base;
  roleId: string | undefined;
  onSaved: (id: string) => void;
  onCancel: () => void;
  /** Somebody else was faster: the editing goes on from theirs. */
  onNewest: (newest: Base, takeTheirs: boolean) => void;
}

async function save(draft: RoleDraft, roleId: string | undefined, version: string): Promise<string> {
  const body = roleOf(draft);
  if (roleId === undefined) return (await ask(() => api.POST('/v2/organizations/roles', { body }))).id;
  await ask(() =>
    api.PUT('/v2/organizations/roles/{roleId}', {
      params: { path: { roleId } },
      body,
      headers: version ? { 'If-Match': version } : {},
    }),
  );
  return roleId;
}

/** The review before a role is saved: what is gained and lost, and for whom. */
export function SaveRole({ draft, base, roleId, onSaved, onCancel, onNewest }: Props) {
  const names = useNames();
  const { scope } = useSession();
  const empty = emptyWords(draft, scope?.id ?? '');
  const deed = useDeed();
  const [newest, setNewest] = useState<Base | null>(null);
  const body: Shapes['PolicyReviewAsk'] = {
    ...(roleId === undefined ? {} : { roleId }),
    policy: roleOf(draft).policy,
  };
  const review = useAnswer(`review ${base.version}`, () =>
    ask(() => api.POST('/v2/policies/review', { body })),
  );

  const run = () =>
    deed.run(async () => {
      try {
        onSaved(await save(draft, roleId, base.version));
      } catch (thrown) {
        if (!isProblem(thrown) || thrown.status !== 412 || roleId === undefined) throw thrown;
        const { role, version } = await readRole(roleId);
        setNewest({ draft: draftOf(role), version });
      }
    });

  if (newest)
    return (
      <Overtaken
        before={base.draft}
        newest={newest.draft}
        onCancel={onCancel}
        onTake={(theirs) => {
          onNewest(newest, theirs);
          setNewest(null);
        }}
      />
    );
  return (
    <Dialog
      title={roleId === undefined ? 'Review the new role' : `Review the change of “${base.draft.name}”`}
      onCancel={onCancel}
      wide
    >
      {empty && <p class="note warn">{empty}</p>}
      <Answer of={review} what="what changes">
        {(value) => <ReviewSummary review={value} names={names} />}
      </Answer>
      <ProblemNote problem={deed.problem} />
      <div class="actions">
        <Button onClick={onCancel} autofocus>
          Back to editing
        </Button>
        <Button
          kind="primary"
          busy={deed.busy}
          disabledReason={review.value?.refused ? 'The API would refuse it.' : undefined}
          onClick={() => void run()}
        >
          Save Role
        </Button>
      </div>
    </Dialog>
  );
}

function Overtaken(props: {
  before: RoleDraft;
  newest: RoleDraft;
  onTake: (theirs: boolean) => void;
  onCancel: () => void;
}) {
  const changes = draftChanges(props.before, props.newest);
  return (
    <Dialog title="Somebody else was faster" onCancel={props.onCancel} wide>
      <p>The role was changed while you edited it. Nothing of yours is saved yet. They changed:</p>
      <ul>
        {changes.length > 0 ? (
          changes.map((one) => <li key={one}>{one}</li>)
        ) : (
          <li>Nothing that is different now: it was saved again as it was.</li>
        )}
      </ul>
      <p>
        Start again from theirs, and what you typed is gone; or go on with yours: the next review shows what
        it does to theirs.
      </p>
      <div class="actions">
        <Button onClick={props.onCancel} autofocus>
          Back to editing
        </Button>
        <Button onClick={() => props.onTake(true)}>Start from theirs</Button>
        <Button kind="primary" onClick={() => props.onTake(false)}>
          Go on with mine
        </Button>
      </div>
    </Dialog>
  );
}
