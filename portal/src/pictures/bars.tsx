import type { ComponentChildren } from 'preact';

/** One bar: a day, an hour. Its parts stand on each other. */
export interface Bar {
  key: string;
  /** For the table's first column. */
  name: string;
  counts: number[];
}

interface Props {
  title: string;
  bars: Bar[];
  /** What the counts are called, and the class of each one's colour. */
  parts: { name: string; class: string }[];
  /** What the picture says, in words. */
  summary: ComponentChildren;
  /** Under its left and right end. */
  ends: [string, string];
}

const width = 10;
const height = 100;
const least = 2; // a single one is seen beside thousands

function heights(bar: Bar, most: number): number[] {
  return bar.counts.map((n) => (n === 0 ? 0 : Math.max(least, (n / most) * height)));
}

function Column({ bar, at, most, parts }: { bar: Bar; at: number; most: number; parts: Props['parts'] }) {
  let top = height;
  return (
    <>
      {heights(bar, most).map((high, i) => {
        top -= high;
        return (
          high > 0 && (
            <rect
              key={i}
              class={`bar ${parts[i]?.class ?? ''}`}
              x={at * width + 1}
              y={Math.max(0, top)}
              width={width - 2}
              height={high}
            />
          )
        );
      })}
    </>
  );
}

/** Bars in time, their summary as the caption, and the same numbers as a table for who would rather read. */
export function Bars({ title, bars, parts, summary, ends }: Props) {
  const most = Math.max(1, ...bars.map((bar) => bar.counts.reduce((a, b) => a + b, 0)));
  const any = bars.some((bar) => bar.counts.some((n) => n > 0));
  return (
    <figure class="picture-around" aria-label={title}>
      <svg
        class="picture stretched"
        viewBox={`0 0 ${bars.length * width} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <line class="grid" x1="0" x2={bars.length * width} y1="0.5" y2="0.5" />
        {bars.map((bar, i) => (
          <Column key={bar.key} bar={bar} at={i} most={most} parts={parts} />
        ))}
        <line class="axis" x1="0" x2={bars.length * width} y1={height - 0.5} y2={height - 0.5} />
      </svg>
      <div class="picture-ends" aria-hidden="true">
        <span>{ends[0]}</span>
        {any && <span>highest: {most.toLocaleString('en')}</span>}
        <span>{ends[1]}</span>
      </div>
      <figcaption>{summary}</figcaption>
      <Twin title={title} bars={bars} parts={parts} />
    </figure>
  );
}

/** The numbers; lines that are all zero are left out. */
function Twin({ title, bars, parts }: Pick<Props, 'title' | 'bars' | 'parts'>) {
  const filled = bars.filter((bar) => bar.counts.some((n) => n > 0));
  if (filled.length === 0) return null;
  return (
    <details>
      <summary>As a table</summary>
      <div class="table-around" role="region" aria-label={title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              {parts.map((part) => (
                <th key={part.name} scope="col" class="number">
                  {part.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {filled.map((bar) => (
              <tr key={bar.key}>
                <th scope="row">{bar.name}</th>
                {bar.counts.map((n, i) => (
                  <td key={parts[i]?.name} data-head={parts[i]?.name} class="number">
                    {n.toLocaleString('en')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
