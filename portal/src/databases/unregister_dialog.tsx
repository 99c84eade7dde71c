import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';
import { useAnswer } from '../api/use_answer';
import { announce } from '../ui/announcer';
import { ConfirmDialog } from '../ui/confirm_dialog';

interface Props {
  database: Shapes['Database'];
  onDone: () => void;
  onCancel: () => void;
}

export function UnregisterDialog({ database, onDone, onCancel }: Props) {
  const { id } = database;
  const state = useAnswer(`state of ${id} before the end`, () =>
    ask(() => api.GET('/v2/databases/{id}/state', { params: { path: { id } } })),
  );
  const clients = state.value?.clients ?? 0;
  const unregister = async () => {
    await ask(() => api.POST('/v2/databases/{id}/terminate', { params: { path: { id } } }));
    announce(`${database.info.name} is unregistered.`);
    onDone();
  };
  return (
    <ConfirmDialog
      title={`Unregister ${database.info.name}?`}
      confirm="Unregister"
      onConfirm={unregister}
      onCancel={onCancel}
    >
      <p>
        The door at <code>{database.cqlAddress}</code> closes
        {clients > 0 && `, and ${clients} open CQL ${clients === 1 ? 'session ends' : 'sessions end'}`}. The
        data in the cluster is not touched.
      </p>
      <p>
        Roles that name this database reach nothing any more: registered again, the cluster gets another id.
        Tokens stay.
      </p>
    </ConfirmDialog>
  );
}
