import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { Answer } from '../../ui/answer';

/** The API's own description says which version this is. */
export function versionOf(description: unknown): string {
  const info = (description as { info?: { version?: unknown } } | null)?.info;
  return typeof info?.version === 'string' ? info.version : 'unknown';
}

export default function AboutSection() {
  const description = useAnswer('description', async () =>
    versionOf(await ask<unknown>(() => api.GET('/v2/openapi.json'))),
  );
  return (
    <>
      <h2>About this Latchkey</h2>
      <Answer of={description} what="the version">
        {(version) => (
          <dl class="facts">
            <dt>Version</dt>
            <dd>{version}</dd>
            <dt>Address</dt>
            <dd>
              <code>{location.origin}</code>
            </dd>
            <dt>The API</dt>
            <dd>
              <a href="/docs">as a page to read</a>, <a href="/v2/openapi.json">as OpenAPI 3.1</a>
            </dd>
            <dt>The manual</dt>
            <dd>
              <code>latchkey help</code> on the machine where it runs
            </dd>
          </dl>
        )}
      </Answer>
      <p>
        This Portal does everything through that API, with your permissions: what it can do, your own programs
        can do with a token. It asks nobody else for anything.
      </p>
    </>
  );
}
