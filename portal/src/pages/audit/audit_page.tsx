import { usePeople } from '../../tokens/use_names';
import { useAuditNames } from '../../audit/use_audit_names';
import { filters, filtersOf, readAudit } from '../../audit/search';
import { useAnswer } from '../../api/use_answer';
import { go, withQuery } from '../../router/place';
import { auditReadIn } from '../../session/action_in';
import { useSession } from '../../session/session';
import { Paging } from '../../tokens/paging';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Page } from '../../ui/page';
import type { PageProps } from '../page_props';
import { AuditFilters } from './audit_filters';
import { AuditTable } from './audit_table';
import { ChainStatus } from './chain_status';
import { LiveTail } from './live_tail';
import { RecordDialog } from './record_dialog';
import { SentOn } from './sent_on';

/** What happened, newest first. Filters, page, live tail and the opened record are all part of the address. */
export default function AuditPage({ query }: PageProps) {
  const { scope, permissions } = useSession();
  const people = usePeople();
  const names = useAuditNames();
  const by = filtersOf(query);
  const after = query.get('after') ?? '';
  const live = query.get('live') === '1';
  const opened = Number(query.get('record') ?? '');
  const place = { path: '/audit', query };
  const reason = permissions.reason(auditReadIn(scope));
  const key = [scope?.id, after, ...filters.map((name) => by[name])].join('\n');
  const page = useAnswer(reason === undefined && !live ? key : null, () => readAudit(by, after));
  const set = (change: Record<string, string | null>) =>
    go(withQuery(place, { after: null, ...change }), 'replace');
  const recordHref = (seq: number) => withQuery(place, { record: String(seq) });

  if (reason !== undefined)
    return (
      <Page title="Audit">
        <Button disabledReason={reason}>Show the audit trail</Button>
      </Page>
    );
  return (
    <Page
      title="Audit"
      lead="Every change, every refusal and every sign-in, in a chain that cannot be altered unseen."
      deeds={
        <Button kind={live ? 'primary' : 'plain'} onClick={() => set({ live: live ? null : '1' })}>
          {live ? 'Stop live tail' : 'Live tail'}
        </Button>
      }
    >
      <AuditFilters by={by} people={people} set={set} />
      {live ? (
        <LiveTail key={key} by={by} names={names} recordHref={recordHref} />
      ) : (
        <Answer of={page} what="the audit trail">
          {({ records, next }) => (
            <>
              <AuditTable records={records} names={names} recordHref={recordHref} />
              <Paging after={after} next={next} hrefOf={(to) => withQuery(place, { after: to || null })} />
            </>
          )}
        </Answer>
      )}
      {scope?.kind === 'organization' && <SentOn orgId={scope.id} names={names} />}
      <ChainStatus />
      {opened > 0 && (
        <RecordDialog
          seq={opened}
          names={names}
          known={page.value?.records.find((record) => record.seq === opened)}
          only={(change) => go(withQuery({ path: '/audit', query: new URLSearchParams() }, change))}
          onClose={() => go(withQuery(place, { record: null }), 'replace')}
        />
      )}
    </Page>
  );
}
