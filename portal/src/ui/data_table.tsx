import type { ComponentChildren } from 'preact';

export interface Column<T> {
  key: string;
  head: string;
  cell: (row: T) => ComponentChildren;
  /** The word by which the API sorts; absent: it cannot be sorted by this. */
  sort?: string;
  /** Stays when the page is narrow and rows become cards: the row's name. */
  main?: boolean;
  number?: boolean;
}

interface Props<T> {
  caption: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  /** "-generatedOn": as the API has it. */
  sort?: string;
  onSort?: (sort: string) => void;
  selected?: string | null;
}

/** A table; below 700 px each row becomes a card with its heads beside the cells. */
export function DataTable<T>({ caption, columns, rows, rowKey, sort, onSort, selected }: Props<T>) {
  return (
    <div class="table-around" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="for-readers">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-row={rowKey(row)} class={selected === rowKey(row) ? 'selected' : ''}>
              {columns.map((column) =>
                column.main ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} data-head={column.head} class={column.number ? 'number' : ''}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<T>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>;
  sort: string | undefined;
  onSort: Props<T>['onSort'] | undefined;
}) {
  const by = column.sort;
  const numbers = column.number ? 'number' : '';
  if (!by || !onSort)
    return (
      <th scope="col" class={numbers}>
        {column.head || <span class="for-readers">Deeds</span>}
      </th>
    );
  const up = sort === by;
  const down = sort === `-${by}`;
  return (
    <th scope="col" class={numbers} aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      <button type="button" class="sort" onClick={() => onSort(up ? `-${by}` : by)}>
        {column.head}
        <span aria-hidden="true">{up ? ' ▲' : down ? ' ▼' : ''}</span>
      </button>
    </th>
  );
}
