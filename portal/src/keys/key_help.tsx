import { useState } from 'preact/hooks';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { CheckField } from '../ui/field';
import { keyHelp, keysAreOn, switchKeys } from './keys';

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState(keysAreOn);
  return (
    <Dialog title="Keys" onCancel={onClose}>
      <dl class="keys">
        {keyHelp.map(([key, does]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <CheckField
        label="Use these keys"
        checked={on}
        onChecked={(value) => {
          switchKeys(value);
          setOn(value);
        }}
      />
      <div class="actions">
        <Button onClick={onClose} autofocus>
          Close
        </Button>
      </div>
    </Dialog>
  );
}
