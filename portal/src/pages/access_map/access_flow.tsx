import { useState } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import {
  flowOf,
  flowSummary,
  reachShown,
  rolesWords,
  strengthOf,
  strengthWords,
  whoWords,
} from '../../model/access_flow';
import type { AccessMap, Flow, Looking, Reach, Strength } from '../../model/access_flow';
import { FlowPicture } from '../../pictures/flow_picture';
import { go, usePlace, withQuery } from '../../router/place';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { DataTable } from '../../ui/data_table';
import { SelectField } from '../../ui/field';
import { GroupRoles, GroupWho } from './group_parts';

const drawnAtMost = 40;

interface Known {
  id: string;
  name: string;
}

/** The picture, filtered by database and keyspace; what it looks at stands in the address. */
export function AccessFlow({ databases }: { databases: Known[] }) {
  const place = usePlace();
  const looking = { database: place.query.get('in') ?? '', keyspace: place.query.get('inKeyspace') ?? '' };
  const map = useAnswer(`map ${looking.database}`, () =>
    ask(() =>
      api.GET('/v2/access-map', {
        params: { query: looking.database ? { databaseId: looking.database } : {} },
      }),
    ),
  );
  const look = (database: string, keyspace = '') =>
    go(withQuery(place, { in: database, inKeyspace: keyspace }), 'replace');
  return (
    <section aria-labelledby="map">
      <h2 id="map">Who reaches what</h2>
      <div class="filters">
        <SelectField
          label="Look at"
          value={looking.database}
          onValue={(id) => look(id)}
          options={[
            { value: '', text: 'All databases' },
            ...databases.map((one) => ({ value: one.id, text: `Keyspaces of ${one.name}` })),
          ]}
        />
        {looking.database && map.value && (
          <SelectField
            label="Keyspace"
            value={looking.keyspace}
            onValue={(keyspace) => look(looking.database, keyspace)}
            options={[
              { value: '', text: 'All keyspaces' },
              ...keyspacesOf(map.value, looking.database).map((name) => ({
                value: name,
                text: `Tables of ${name}`,
              })),
            ]}
          />
        )}
      </div>
      <Answer of={map} what="who reaches what">
        {(value) => <Shown map={value} looking={looking} databases={databases} />}
      </Answer>
    </section>
  );
}

function keyspacesOf(map: AccessMap, database: string): string[] {
  const names = map.reach.flatMap((one) =>
    one.databaseId === database && one.keyspace ? [one.keyspace] : [],
  );
  return [...new Set(names)].sort();
}

function Shown({ map, looking, databases }: { map: AccessMap; looking: Looking; databases: Known[] }) {
  const [asTable, setAsTable] = useState(false);
  const databaseName = (id: string | undefined) => databases.find((one) => one.id === id)?.name ?? id ?? '';
  const nameOf = (one: Reach) => one.table ?? one.keyspace ?? databaseName(one.databaseId);
  const whole = flowOf(map, looking, nameOf);
  const flow = cutFlow(whole);
  const left = whole.groups.length - flow.groups.length + whole.places.length - flow.places.length;
  return (
    <figure class="picture-around">
      <figcaption>{flowSummary(map, whole)}</figcaption>
      {flow.groups.length > 0 &&
        (asTable ? (
          <Twin map={map} looking={looking} nameOf={nameOf} />
        ) : (
          <FlowPicture flow={flow} caption="Who reaches what, through which roles" />
        ))}
      {!asTable && left > 0 && (
        <p class="hint">
          The picture shows the first {drawnAtMost} on each side; the table has the others, too.
        </p>
      )}
      {map.truncated && (
        <p class="note warn">There is more than the API tells at once. Choose a database to see all of it.</p>
      )}
      <div class="picture-legend">
        {!asTable && <Legend flow={flow} />}
        {flow.groups.length > 0 && (
          <Button kind="quiet" onClick={() => setAsTable(!asTable)}>
            {asTable ? 'Show as a picture' : 'Show as a table'}
          </Button>
        )}
      </div>
    </figure>
  );
}

function cutFlow(flow: Flow): Flow {
  return { ...flow, groups: flow.groups.slice(0, drawnAtMost), places: flow.places.slice(0, drawnAtMost) };
}

function Legend({ flow }: { flow: Flow }) {
  const used = new Set(flow.links.map((one) => one.strength));
  return (
    <>
      {(Object.keys(strengthWords) as Strength[])
        .filter((one) => used.has(one))
        .map((one) => (
          <span key={one}>
            <span class={`flow-key ${one}`} aria-hidden="true" />
            {strengthWords[one]}
          </span>
        ))}
    </>
  );
}

function Twin({
  map,
  looking,
  nameOf,
}: {
  map: AccessMap;
  looking: Looking;
  nameOf: (one: Reach) => string;
}) {
  return (
    <DataTable
      caption="Who reaches what"
      rows={reachShown(map, looking)}
      rowKey={(one) => `${one.group} ${one.resource}`}
      columns={[
        {
          key: 'who',
          head: 'Who',
          main: true,
          cell: (one) => {
            const group = map.groups[one.group];
            return group ? <GroupWho group={group} title={whoWords(group)} /> : '';
          },
        },
        {
          key: 'roles',
          head: 'Roles',
          cell: (one) => {
            const group = map.groups[one.group];
            return group ? <GroupRoles group={group} fallback={rolesWords(group)} /> : '';
          },
        },
        { key: 'where', head: 'Where', cell: nameOf },
        { key: 'may', head: 'May', cell: (one) => strengthWords[strengthOf(one)] },
      ]}
    />
  );
}
