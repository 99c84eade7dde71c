import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { useSession } from '../../session/session';
import { Answer } from '../../ui/answer';
import { CopyButton } from '../../ui/copy_button';
import { TimeText } from '../../ui/time_text';

/** What the organization is called, and the ids that resource names and calls need. */
export default function OrganizationSection() {
  const { scope } = useSession();
  const list = useAnswer(`organization ${scope?.id ?? ''}`, () => ask(() => api.GET('/v2/organizations')));
  return (
    <>
      <h2>Organization</h2>
      <Answer of={list} what="the organization">
        {(all) => {
          const own = all.find((one) => one.id === scope?.id);
          return (
            <dl class="facts">
              <dt>Name</dt>
              <dd>{own?.name ?? scope?.name}</dd>
              <dt>Id</dt>
              <dd class="with-copy">
                <code>{scope?.id}</code> <CopyButton text={scope?.id ?? ''} what="organization's id" />
              </dd>
              <dt>Resource name</dt>
              <dd class="with-copy">
                <code>{`drn:astra:org:${scope?.id ?? ''}`}</code>{' '}
                <CopyButton text={`drn:astra:org:${scope?.id ?? ''}`} what="resource name" />
              </dd>
              <dt>Enterprise</dt>
              <dd>{own?.enterpriseId ? <code>{own.enterpriseId}</code> : 'none'}</dd>
              <dt>Made</dt>
              <dd>
                <TimeText at={own?.createdAt} none="" />
              </dd>
            </dl>
          );
        }}
      </Answer>
    </>
  );
}
