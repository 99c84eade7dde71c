import { counted } from '../model/words';
import { announce } from '../ui/announcer';
import { ConfirmDialog } from '../ui/confirm_dialog';
import { endExport, placeNow } from './export';
import type { AuditExport } from './export';

interface Props {
  orgId: string;
  now: AuditExport;
  onDone: () => void;
  onCancel: () => void;
}

export function EndExportDialog({ orgId, now, onDone, onCancel }: Props) {
  const place = placeNow(now);
  const behind = now.delivery?.behind ?? 0;
  const end = async () => {
    await endExport(orgId);
    announce('Records are no longer sent on.');
    onDone();
  };
  return (
    <ConfirmDialog title="Send no more records?" confirm="End sending" onConfirm={end} onCancel={onCancel}>
      <p>
        Nothing more is sent to <code>{place?.at.endpoint}</code>, not even that this was ended
        {place?.at.hasToken && ', and its token is forgotten'}.
        {behind > 0 &&
          ` Of ${counted(behind, 'record')} at the end of the trail, what belongs there has not arrived, and will not.`}
      </p>
      <p>The trail here stays whole: set up again, everything that is in it can be sent.</p>
    </ConfirmDialog>
  );
}
