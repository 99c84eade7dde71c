import { useAnswer } from '../../api/use_answer';
import { filtersOf, readAudit } from '../../audit/search';
import { Command } from '../../ui/command';
import { CopyButton } from '../../ui/copy_button';

/** The newest record that the viewer may see, to be kept elsewhere, and the command that follows the whole chain. */
export function ChainStatus() {
  const newest = useAnswer('newest record', () => readAudit(filtersOf(new URLSearchParams()), '', 1));
  const record = newest.value?.records[0];
  return (
    <section>
      <h2>The chain</h2>
      <p>
        Each record holds the hash of the one before: a record that is changed or taken out breaks all after
        it. Only records that were cut off at the end are not noticed, unless somebody remembers a later one.
      </p>
      {record && (
        <dl class="facts">
          <dt>Newest record here</dt>
          <dd>{record.seq}</dd>
          <dt>Its hash</dt>
          <dd class="with-copy">
            <code>{record.hash}</code>
            <CopyButton text={`${record.seq} ${record.hash}`} what="number and hash" />
          </dd>
        </dl>
      )}
      <p>
        Follow the chain over all files, on the machine where Latchkey runs, with its data folder in place of{' '}
        <code>DIR</code>:
      </p>
      <Command text="latchkey audit verify --data DIR" what="Command that verifies the chain" />
    </section>
  );
}
