import { useEffect, useRef, useState } from 'preact/hooks';
import { useAnswer } from '../api/use_answer';
import { useKeys } from '../keys/keys';
import { useRowKeys } from '../keys/use_row_keys';
import { counted } from '../model/words';
import { go, usePlace, withQuery } from '../router/place';
import { actionIn } from '../session/action_in';
import { useSession } from '../session/session';
import { announce } from '../ui/announcer';
import { Answer } from '../ui/answer';
import { DataTable } from '../ui/data_table';
import { DeleteTokenDialog } from './delete_token_dialog';
import { ExportButton } from './export_button';
import { FirstTokenCards } from './first_token_cards';
import { firstSort, isNarrowed, listStateOf, readPage } from './list_state';
import type { ListState, Token, TokenPage } from './list_state';
import { Paging } from './paging';
import { tokenColumns, tokenHref } from './token_columns';
import type { Known } from './token_columns';
import { TokenFilters } from './token_filters';
import { usePeople, useRoleNames } from './use_names';

/** The tokens of the chosen organization or enterprise; what is shown stands in the address. */
export function TokenList() {
  const { scope, permissions } = useSession();
  const place = usePlace();
  const state = listStateOf(place.query);
  const page = useAnswer(JSON.stringify(state), () => readPage(state));
  const roles = useRoleNames();
  const people = usePeople();
  const mayNot = permissions.reason(actionIn(scope, 'token-write'));
  useKeys({ c: () => mayNot === undefined && go('/tokens/new') });
  useCountAnnounced(page.waiting ? undefined : page.value);

  const change = (by: Partial<ListState>) => go(withQuery(place, { ...by, after: null }), 'replace');
  const empty = page.value?.rows.length === 0 && !isNarrowed(state) && !state.after;
  if (empty && !page.waiting)
    return <FirstTokenCards enterprise={scope?.kind === 'enterprise'} disabledReason={mayNot} />;
  return (
    <>
      <TokenFilters state={state} roles={roles} people={people} onChange={change} />
      <Answer of={page} what="the tokens">
        {(value) => (
          <div class="token-list" aria-busy={page.waiting ? 'true' : undefined}>
            <div class="list-head">
              <p>{found(value)}</p>
              <ExportButton state={state} roles={roles} />
            </div>
            <Rows
              page={value}
              state={state}
              known={{ roles, people, enterprise: scope?.kind === 'enterprise', noDelete: mayNot }}
              onSort={(sort) => change({ sort: sort === firstSort ? '' : sort })}
              onChange={change}
              again={page.again}
            />
            <Paging
              after={value.after}
              next={value.next}
              hrefOf={(after) => withQuery(place, { after: after || null })}
            />
          </div>
        )}
      </Answer>
    </>
  );
}

function found(page: TokenPage): string {
  return page.total === null
    ? `${counted(page.rows.length, 'token')} on this page`
    : `${counted(page.total, 'token')} found`;
}

function useCountAnnounced(page: TokenPage | undefined): void {
  const last = useRef('');
  const text = page ? found(page) : '';
  useEffect(() => {
    if (!text || text === last.current) return;
    last.current = text;
    announce(text);
  }, [text]);
}

interface RowsProps {
  page: TokenPage;
  state: ListState;
  known: Omit<Known, 'tokens'>;
  onSort: (sort: string) => void;
  onChange: (change: Partial<ListState>) => void;
  again: () => void;
}

function Rows({ page, state, known, onSort, onChange, again }: RowsProps) {
  const [leaving, setLeaving] = useState<Token | null>(null);
  const selected = useRowKeys(
    page.rows.map((token) => token.clientId),
    (clientId) => go(tokenHref(clientId)),
  );
  const tokens = new Map(page.rows.map((token) => [token.clientId, token.description]));
  const columns = tokenColumns(
    { ...known, tokens },
    {
      remove: setLeaving,
      showMade: (token) => onChange({ createdBy: token.clientId, q: '', status: '', role: '' }),
    },
  );
  if (page.rows.length === 0) return <p>No token matches. Take a filter away, or search for less.</p>;
  return (
    <>
      <DataTable
        caption="Tokens"
        columns={columns}
        rows={page.rows}
        rowKey={(token) => token.clientId}
        sort={state.sort}
        onSort={onSort}
        selected={selected}
      />
      {leaving && (
        <DeleteTokenDialog
          token={leaving}
          onCancel={() => setLeaving(null)}
          onDeleted={() => {
            setLeaving(null);
            again();
          }}
        />
      )}
    </>
  );
}
