// astra-db-ts as it comes: databases and keyspaces, told as one JSON object.
import { DataAPIClient, FetchNative } from '@datastax/astra-db-ts';

const api = process.env.LATCHKEY_API;
const database = process.env.LATCHKEY_DATABASE;
// Its database administrator knows the hosted service's address only; a fetcher of one's own is its documented way out.
const native = new FetchNative();
const fetcher = {
    fetch: (info) => native.fetch({ ...info, url: info.url.replace('https://api.astra.datastax.com', api) }),
};
const client = new DataAPIClient(process.env.LATCHKEY_TOKEN, { httpOptions: { client: 'custom', fetcher } });
const admin = client.admin({ endpointUrl: api + '/v2' });
const seen = {};
seen.databases = (await admin.listDatabases()).map((d) => d.name);
seen.database = (await admin.dbInfo(database)).name;
const own = admin.dbAdmin(database, 'datacenter1');
await own.createKeyspace('astra_db_ts');
seen.keyspaces = await own.listKeyspaces();
await own.dropKeyspace('astra_db_ts');
seen.keyspacesAfter = await own.listKeyspaces();
try {
    await admin.dbInfo('11111111-1111-4111-8111-111111111111');
    seen.absent = 'found';
} catch (error) {
    seen.absent = String(error.status ?? error.message);
}
await admin.dropDatabase(process.env.LATCHKEY_SPARE, { pollInterval: 100 });    // until it is TERMINATED
seen.databasesAfter = (await admin.listDatabases()).map((d) => d.name);
console.log(JSON.stringify(seen));
