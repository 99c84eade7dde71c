import { useEffect, useRef, useState } from 'preact/hooks';
import { isProblem } from '../../api/problem';
import type { Problem } from '../../api/problem';
import { useEvery } from '../../api/use_every';
import type { AuditRecord } from '../../audit/record';
import { merged, readAudit } from '../../audit/search';
import type { Filters } from '../../audit/search';
import { counted } from '../../model/words';
import { announce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import { ProblemNote } from '../../ui/problem_note';
import { AuditTable } from './audit_table';

const lookEveryMs = 2000;
const shownMost = 200;

interface Props {
  by: Filters;
  names: ReadonlyMap<string, string>;
  recordHref: (seq: number) => string;
}

/** Asks every two seconds for what is new. What comes is announced as a number, not read out. */
export function LiveTail({ by, names, recordHref }: Props) {
  const [records, setRecords] = useState<AuditRecord[]>([]);
  const [paused, setPaused] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const shown = useRef<AuditRecord[] | null>(null);
  const asking = useRef(false);

  const look = async () => {
    if (asking.current) return;
    asking.current = true;
    try {
      const before = shown.current;
      shown.current = merged(before ?? [], (await readAudit(by)).records, shownMost);
      setProblem(undefined);
      setRecords(shown.current);
      const newest = before?.[0]?.seq ?? 0;
      const fresh = shown.current.filter((one) => one.seq > newest).length;
      if (before && fresh > 0) announce(counted(fresh, 'new record'));
    } catch (thrown) {
      if (!isProblem(thrown)) throw thrown;
      setProblem(thrown);
      if (thrown.status === 400 || thrown.status === 403) setPaused(true); // asked again it is no other answer
    } finally {
      asking.current = false;
    }
  };
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => void latest.current(), []);
  useEvery(
    paused ? null : lookEveryMs,
    () => void look(),
    () => setPaused(true),
  );

  return (
    <>
      <div class="actions tail">
        <Button onClick={() => setPaused(!paused)}>{paused ? 'Go on' : 'Pause'}</Button>
        <span class="hint">
          {paused
            ? 'Paused: what happens meanwhile is caught up with, up to fifty records.'
            : 'New records appear on top within two seconds. Ten minutes without anybody at the page pause it.'}
        </span>
      </div>
      <ProblemNote problem={problem} />
      <AuditTable records={records} names={names} recordHref={recordHref} />
    </>
  );
}
