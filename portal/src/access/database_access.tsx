import { api, ask } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { useSession } from '../session/session';
import { Answer } from '../ui/answer';
import { AccessListEditor } from './access_list_editor';
import { draftOf } from './draft';

/** Who may come to a database's CQL door. */
export function DatabaseAccess({ id }: { id: string }) {
  const { permissions } = useSession();
  const params = { path: { id } };
  const list = useAnswer(`access list of ${id}`, () =>
    ask(() => api.GET('/v2/databases/{id}/access-list', { params })),
  );
  return (
    <Answer of={list} what="the access list">
      {(kept) => (
        <AccessListEditor
          key={JSON.stringify(kept)}
          initial={draftOf(kept)}
          door="this database"
          disabledReason={permissions.reason('accesslist-write')}
          preview={(body) => ask(() => api.POST('/v2/databases/{id}/access-list/preview', { params, body }))}
          save={(body) => ask(() => api.PUT('/v2/databases/{id}/access-list', { params, body }))}
          onSaved={list.again}
        />
      )}
    </Answer>
  );
}
