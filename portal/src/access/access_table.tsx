import { useId, useMemo, useState } from 'preact/hooks';
import { actionsHere, cellWord, kinds } from '../model/access_matrix';
import type { KindColumn, MatrixRow } from '../model/access_matrix';
import { CheckField } from '../ui/field';
import { ActionNames } from './action_names';

const fewRows = 16;

function countRows(rows: MatrixRow[]): number {
  return rows.reduce((sum, row) => sum + 1 + countRows(row.children), 0);
}

/** Small pictures begin open; in large ones each database is opened by who wants to see into it. */
function openAtFirst(databases: MatrixRow[]): Set<string> {
  if (countReached(databases) > fewRows) return new Set();
  return new Set(databases.flatMap((database) => [database.key, ...database.children.map((one) => one.key)]));
}

/** Databases, keyspaces and tables; a row opens to what is in it and to its exact actions. */
export function AccessTable({ databases }: { databases: MatrixRow[] }) {
  const [whole, setWhole] = useState(false);
  const first = useMemo(() => openAtFirst(databases), [databases]);
  const [turned, setTurned] = useState<Set<string>>(new Set());
  const isOpen = (key: string) => first.has(key) !== turned.has(key);
  const turn = (key: string) =>
    setTurned((was) => {
      const now = new Set(was);
      if (!now.delete(key)) now.add(key);
      return now;
    });

  if (databases.length === 0) return <p class="hint">No database that you can see is registered here.</p>;
  const reached = databases.filter((row) => row.reached);
  const shown = whole ? databases : reached;
  // Columns of which nothing is anywhere would only take room.
  const columns = kinds.filter(({ kind }) =>
    databases.some((row) => row.cells[kind].whole + row.cells[kind].part + row.cells[kind].denied > 0),
  );
  return (
    <>
      {shown.length > 0 ? (
        <div
          class="table-around"
          role="region"
          aria-label="Access by database, keyspace and table"
          tabIndex={0}
        >
          <table class="access-table">
            <caption class="for-readers">
              Access by database, keyspace and table. Rows open to what is in them and to exact actions.
            </caption>
            <thead>
              <tr>
                <th scope="col">Database, keyspace, table</th>
                {columns.map(({ kind, head }) => (
                  <th key={kind} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Rows key={row.key} row={row} columns={columns} isOpen={isOpen} turn={turn} whole={whole} />
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p>It reaches no database, keyspace or table.</p>
      )}
      {countRows(databases) > countReached(databases) && (
        <CheckField label="Show also where nothing is allowed" checked={whole} onChecked={setWhole} />
      )}
    </>
  );
}

function countReached(rows: MatrixRow[]): number {
  return rows.reduce((sum, row) => sum + (row.reached ? 1 + countReached(row.children) : 0), 0);
}

interface RowsProps {
  row: MatrixRow;
  columns: KindColumn[];
  isOpen: (key: string) => boolean;
  turn: (key: string) => void;
  whole: boolean;
}

function Rows({ row, columns, isOpen, turn, whole }: RowsProps) {
  const open = isOpen(row.key);
  const children = whole ? row.children : row.children.filter((child) => child.reached);
  return (
    <>
      <tr class={`at-${row.level}`}>
        <th scope="row">
          <button type="button" class="turn" aria-expanded={open} onClick={() => turn(row.key)}>
            <span class="arrow" aria-hidden="true" />
            <span class="for-readers">{row.level} </span>
            {row.name}
          </button>
        </th>
        {columns.map(({ kind, head }) => {
          const word = cellWord(row.cells[kind]);
          return (
            <td key={kind} data-head={head} class={`cell ${word.is}`}>
              {word.text}
            </td>
          );
        })}
      </tr>
      {open && <Exactly row={row} columns={columns.length + 1} />}
      {open &&
        children.map((child) => (
          <Rows key={child.key} row={child} columns={columns} isOpen={isOpen} turn={turn} whole={whole} />
        ))}
    </>
  );
}

/** The exact actions of a row itself, in words and as DevOps clients name them. */
function Exactly({ row, columns }: { row: MatrixRow; columns: number }) {
  const [open, setOpen] = useState(row.level === 'table');
  const id = useId();
  const { allowed, denied, without } = actionsHere(row.row);
  const said = [
    allowed.length > 0 ? `${allowed.length} allowed` : '',
    denied.length > 0 ? `${denied.length} denied` : '',
  ].filter(Boolean);
  return (
    <tr class={`exactly at-${row.level}`}>
      <td colSpan={columns}>
        <button
          type="button"
          class="turn"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <span class="arrow" aria-hidden="true" />
          Exact actions<span class="for-readers">{` on the ${row.level} ${row.name}`}</span>:{' '}
          {said.join(', ') || 'none allowed'}
        </button>
        {open && (
          <div id={id} class="exact-actions">
            <p>
              <code>{row.row.resource}</code>
            </p>
            {allowed.length > 0 && <Named title="Allowed" names={allowed} />}
            {denied.length > 0 && <Named title="Denied" names={denied} />}
            {without.length > 0 && <Named title="Not allowed" names={without} />}
          </div>
        )}
      </td>
    </tr>
  );
}

function Named({ title, names }: { title: string; names: string[] }) {
  return (
    <div>
      <p class="hint">{title}</p>
      <ActionNames names={names} />
    </div>
  );
}
