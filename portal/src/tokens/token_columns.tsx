import { Link } from '../router/link';
import type { Column } from '../ui/data_table';
import { Button } from '../ui/button';
import { Menu } from '../ui/menu';
import { exactly, onDay } from '../model/time';
import { TimeText } from '../ui/time_text';
import { Creator } from './creator';
import type { Token } from './list_state';
import { RoleLinks } from './role_links';
import { TokenBadges } from './token_badges';
import { tokenName } from './token_state';

export interface Known {
  roles: ReadonlyMap<string, string> | undefined;
  people: ReadonlyMap<string, string>;
  /** Descriptions of the tokens that are shown, by client id. */
  tokens: ReadonlyMap<string, string>;
  enterprise: boolean;
  /** Why the viewer may not delete. */
  noDelete: string | undefined;
}

export interface Deeds {
  remove: (token: Token) => void;
  showMade: (token: Token) => void;
}

export function tokenHref(clientId: string): string {
  return `/tokens/${encodeURIComponent(clientId)}`;
}

export function tokenColumns(known: Known, deeds: Deeds): Column<Token>[] {
  return [
    { key: 'name', head: 'Token', sort: 'description', main: true, cell: (token) => <Name token={token} /> },
    { key: 'state', head: 'State', cell: (token) => <TokenBadges token={token} roles={known.roles} /> },
    {
      key: 'roles',
      head: 'Roles',
      cell: (token) => <RoleLinks ids={token.roles} names={known.roles} most={3} />,
    },
    {
      key: 'made',
      head: 'Made',
      sort: 'generatedOn',
      cell: (token) => (
        <>
          <TimeText at={token.generatedOn} />
          <small class="second-line">
            by <Creator id={token.createdBy} people={known.people} tokens={known.tokens} short />
          </small>
        </>
      ),
    },
    {
      key: 'ends',
      head: 'Expires',
      sort: 'tokenExpiry',
      cell: (token) => <End at={token.effectiveExpiry} />,
    },
    {
      key: 'used',
      head: 'Last used',
      sort: 'lastUsedAt',
      cell: (token) => (token.lastUsedAt === undefined ? 'not known' : <TimeText at={token.lastUsedAt} />),
    },
    { key: 'deeds', head: '', cell: (token) => <RowDeeds token={token} known={known} deeds={deeds} /> },
  ];
}

/** The day, for the badge beside it counts the days already. */
function End({ at }: { at: string | null }) {
  if (!at) return <>never</>;
  return (
    <time dateTime={at} title={exactly(at)}>
      {onDay(at)}
    </time>
  );
}

function Name({ token }: { token: Token }) {
  return (
    <>
      <Link href={tokenHref(token.clientId)}>{token.description || 'No description'}</Link>
      <code class="client-id second-line">{token.clientId}</code>
    </>
  );
}

/** An enterprise's tokens have Delete on the row itself; an organization's behind More. */
function RowDeeds({ token, known, deeds }: { token: Token; known: Known; deeds: Deeds }) {
  if (known.enterprise)
    return (
      <Button
        onClick={() => deeds.remove(token)}
        disabledReason={known.noDelete}
        label={`Delete ${tokenName(token)}`}
      >
        Delete
      </Button>
    );
  return (
    <Menu
      label={`More about ${tokenName(token)}`}
      items={[
        { text: 'Show what it made', onPick: () => deeds.showMade(token) },
        { text: 'Delete', danger: true, onPick: () => deeds.remove(token), disabledReason: known.noDelete },
      ]}
    >
      More
    </Menu>
  );
}
