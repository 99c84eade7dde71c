import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import type { Shapes } from '../../api/client';
import { useAnswer, useDeed } from '../../api/use_answer';
import { useSession } from '../../session/session';
import { announce } from '../../ui/announcer';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { CopyButton } from '../../ui/copy_button';
import { TextField } from '../../ui/field';
import { TimeText } from '../../ui/time_text';
import { Form } from '../../ui/form';

export default function EnterpriseSection() {
  const { scope, refresh } = useSession();
  const path = { id: scope?.id ?? '' };
  const enterprise = useAnswer(`enterprise ${path.id}`, () =>
    ask(() => api.GET('/v2/enterprises/{id}', { params: { path } })),
  );
  return (
    <>
      <h2>Enterprise</h2>
      <Answer of={enterprise} what="the enterprise">
        {(it) => (
          <>
            <dl class="facts">
              <dt>Id</dt>
              <dd class="with-copy">
                <code>{it.id}</code> <CopyButton text={it.id} what="enterprise's id" />
              </dd>
              <dt>Made</dt>
              <dd>
                <TimeText at={it.createdAt} />
              </dd>
            </dl>
            <Rename key={it.name} enterprise={it} onRenamed={() => void refresh()} />
          </>
        )}
      </Answer>
    </>
  );
}

function Rename(props: { enterprise: Shapes['Enterprise']; onRenamed: () => void }) {
  const { enterprise, onRenamed } = props;
  const { permissions } = useSession();
  const [name, setName] = useState(enterprise.name);
  const deed = useDeed();
  const rename = () =>
    deed.run(async () => {
      const path = { id: enterprise.id };
      await ask(() => api.PUT('/v2/enterprises/{id}', { params: { path }, body: { name: name.trim() } }));
      announce('The enterprise is renamed.');
      onRenamed();
    });
  return (
    <Form class="narrow" onSubmit={() => void rename()} problem={deed.problem}>
      <TextField label="Name" value={name} onValue={setName} required maxLength={128} />
      <Button type="submit" busy={deed.busy} disabledReason={permissions.reason('enterprise-write')}>
        Rename
      </Button>
    </Form>
  );
}
