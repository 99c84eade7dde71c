import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../ui/button';
import { ScrolledPicture } from './scrolled_picture';

export interface HeatCell {
  /** 0: nothing … 4: the most. */
  step: 0 | 1 | 2 | 3 | 4;
  /** One letter in the square, so that colour does not say it alone. */
  letter: string;
  word: string;
}

interface Props {
  caption: string;
  /** What the picture says, in a sentence. */
  summary: string;
  rows: { key: string; name: string; href?: ComponentChildren }[];
  columns: { key: string; name: string; group: string }[];
  /** Undefined: not known yet. */
  cell: (row: string, column: string) => HeatCell | undefined;
  legend: { step: HeatCell['step']; letter: string; word: string }[];
}

const size = 26;
const labels = 190;
const heads = 130;

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Rows × columns as squares, with the same as a table. */
export function HeatMap(props: Props) {
  const [asTable, setAsTable] = useState(false);
  const { summary, legend } = props;
  return (
    <figure class="picture-around">
      <figcaption>{summary}</figcaption>
      {asTable ? <Twin {...props} /> : <Squares {...props} />}
      <div class="picture-legend">
        {!asTable &&
          legend.map((one) => (
            <span key={one.step}>
              <span class={`heat-key heat-${one.step}`}>{one.letter}</span> {one.word}
            </span>
          ))}
        <Button kind="quiet" onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Show as a picture' : 'Show as a table'}
        </Button>
      </div>
    </figure>
  );
}

function Squares({ caption, rows, columns, cell }: Props) {
  const width = labels + columns.length * size + heads * 0.7;
  const height = heads + rows.length * size + 4;
  return (
    <ScrolledPicture class="heat" width={width} height={height} caption={caption}>
      {columns.map((column, i) => (
        <text
          key={column.key}
          transform={`translate(${labels + i * size + size * 0.6} ${heads - 8}) rotate(-50)`}
        >
          {cut(`${column.group}.${column.name}`, 22)}
        </text>
      ))}
      {rows.map((row, y) => (
        <g key={row.key} transform={`translate(0 ${heads + y * size})`}>
          <text x={labels - 8} y={size * 0.65} text-anchor="end">
            {cut(row.name, 26)}
          </text>
          {columns.map((column, x) => {
            const one = cell(row.key, column.key);
            return (
              <g key={column.key} transform={`translate(${labels + x * size} 0)`}>
                <rect class={`heat-${one?.step ?? 0}`} width={size - 2} height={size - 2} rx="3">
                  <title>{`${row.name}, ${column.group}.${column.name}: ${one?.word ?? 'reading …'}`}</title>
                </rect>
                <text
                  class={`letter on-${one?.step ?? 0}`}
                  x={size / 2 - 1}
                  y={size * 0.65}
                  text-anchor="middle"
                >
                  {one?.letter ?? ''}
                </text>
              </g>
            );
          })}
        </g>
      ))}
    </ScrolledPicture>
  );
}

function Twin({ caption, rows, columns, cell }: Props) {
  return (
    <div class="table-around" role="region" aria-label={`${caption}: table`} tabIndex={0}>
      <table>
        <caption class="for-readers">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Role</th>
            {columns.map((column) => (
              <th key={column.key} scope="col">
                {column.group}.{column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.href ?? row.name}</th>
              {columns.map((column) => (
                <td key={column.key} data-head={`${column.group}.${column.name}`}>
                  {cell(row.key, column.key)?.word ?? '…'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
