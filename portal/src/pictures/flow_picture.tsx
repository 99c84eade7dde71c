import type { Flow } from '../model/access_flow';
import { strengthWords } from '../model/access_flow';
import { ScrolledPicture } from './scrolled_picture';

const row = 46;
const box = 34;
const wide = { who: 170, roles: 260, place: 220 };
const gap = 110;
const at = { who: 1, roles: wide.who + 41, place: wide.who + 41 + wide.roles + gap };
const width = at.place + wide.place + 2;
const head = 26;

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Middle of the nth of `count` boxes in a column that is `height` high. */
function middle(n: number, count: number, height: number): number {
  return head + ((n + 0.5) * (height - head)) / count;
}

function Box({ x, y, w, text }: { x: number; y: number; w: number; text: string }) {
  return (
    <g transform={`translate(${x} ${y - box / 2})`}>
      <title>{text}</title>
      <rect class="flow-box" width={w} height={box} rx="5" />
      <text x="10" y={box * 0.63}>
        {cut(text, Math.floor(w / 7.2))}
      </text>
    </g>
  );
}

/** Who → roles → where. Thickness is how many; colour and dashes are the strongest that they may do. */
export function FlowPicture({ flow, caption }: { flow: Flow; caption: string }) {
  const { groups, places, links } = flow;
  const height = head + Math.max(groups.length, places.length) * row;
  const groupY = new Map(groups.map((one, i) => [one.index, middle(i, groups.length, height)]));
  const placeY = new Map(places.map((one, i) => [one.key, middle(i, places.length, height)]));
  const size = new Map(groups.map((one) => [one.index, one.size]));
  const thickness = (count: number) => 1.5 + Math.min(5, Math.log2(1 + count));
  return (
    <ScrolledPicture class="flow" width={width} height={height} caption={caption}>
      {(['Who', 'Roles', 'Where'] as const).map((text, i) => (
        <text key={text} class="flow-head" x={[at.who, at.roles, at.place][i]} y="14">
          {text}
        </text>
      ))}
      {links.map(({ group, place, strength }) => {
        const y1 = groupY.get(group);
        const y2 = placeY.get(place);
        if (y1 === undefined || y2 === undefined) return null;
        const x1 = at.roles + wide.roles;
        return (
          <path
            key={`${group} ${place}`}
            class={`flow-link ${strength}`}
            d={`M${x1} ${y1} C${x1 + gap / 2} ${y1} ${at.place - gap / 2} ${y2} ${at.place} ${y2}`}
            stroke-width={thickness(size.get(group) ?? 1)}
          >
            <title>{strengthWords[strength]}</title>
          </path>
        );
      })}
      {groups.map((one) => {
        const y = groupY.get(one.index) ?? 0;
        return (
          <g key={one.index}>
            <path
              class="flow-link plain"
              d={`M${at.who + wide.who} ${y} H${at.roles}`}
              stroke-width={thickness(one.size)}
            />
            <Box x={at.who} y={y} w={wide.who} text={one.who} />
            <Box x={at.roles} y={y} w={wide.roles} text={one.roles} />
          </g>
        );
      })}
      {places.map((one) => (
        <Box key={one.key} x={at.place} y={placeY.get(one.key) ?? 0} w={wide.place} text={one.name} />
      ))}
    </ScrolledPicture>
  );
}
