import { useMemo } from 'preact/hooks';
import { useDatabases } from '../access/use_names';
import { api, ask } from '../api/client';
import { useEach } from '../api/use_each';
import { actionIn } from '../session/action_in';
import { useSession } from '../session/session';
import { usePeople, useRoleNames } from '../tokens/use_names';
import { eventOf } from './record';
import type { AuditRecord } from './record';

const namedMost = 30;

/** What people, databases and roles are called, by their ids, as far as the viewer may know it. */
export function useAuditNames(): ReadonlyMap<string, string> {
  const people = usePeople();
  const databases = useDatabases().value;
  const roles = useRoleNames();
  return useMemo(
    () =>
      new Map([
        ...(roles ?? []),
        ...(databases ?? []).map((one) => [one.id, one.info.name] as const),
        ...people,
      ]),
    [people, databases, roles],
  );
}

/** Descriptions of the tokens that records speak of, as far as the viewer may read them and they are still there. */
export function useTokenNames(records: AuditRecord[]): ReadonlyMap<string, string> {
  const { scope, permissions } = useSession();
  const may = permissions.may(actionIn(scope, 'token-read'));
  const ids = new Set<string>();
  for (const record of records) for (const id of tokensOf(record)) ids.add(id);
  const found = useEach(may ? [...ids].slice(0, namedMost) : [], async (clientId) => {
    const params = { path: { clientId } };
    return (await ask(() => api.GET('/v2/tokens/{clientId}', { params }))).description;
  });
  return new Map([...found].flatMap(([id, name]) => (name ? [[id, name]] : [])));
}

const clientId = /^[A-Za-z]{24}$/;

function tokensOf(record: AuditRecord): string[] {
  const { who, subject = '' } = eventOf(record);
  return [who?.kind === 'token' ? (who.name ?? '') : '', subject].filter((id) => clientId.test(id));
}
