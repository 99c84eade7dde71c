import type { RoleDraft } from '../../model/policy_draft';

/** What every part of the editor is given: the draft, and where a changed one goes. */
export interface EditProps {
  draft: RoleDraft;
  onChange: (draft: RoleDraft) => void;
}
