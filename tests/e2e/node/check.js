// The unmodified Node.js driver through the gateway: one JSON line for each check.
'use strict';
const assert = require('assert');
const cassandra = require('cassandra-driver');

const [host, port, username, password] = process.argv[2].split(' ');
const client = (user, word, keyspace) => new cassandra.Client({
  contactPoints: [`${host}:${port}`], localDataCenter: 'datacenter1', keyspace,
  authProvider: new cassandra.auth.PlainTextAuthProvider(user, word),
  protocolOptions: { maxVersion: 4 }, pooling: { coreConnectionsPerHost: { 0: 1, 1: 1 } },
  socketOptions: { readTimeout: 60000 },
});
const prepared = { prepare: true };
const db = client(username, password);

const checks = {
  async 'speaks version 4'() {
    await db.connect();
    assert.strictEqual(db.controlConnection.protocolVersion, 4);
  },
  async 'a wrong token is refused'() {
    const wrong = client(username, password.slice(0, -1) + '!');
    await assert.rejects(wrong.connect(), (e) =>
      Object.values(e.innerErrors).some((inner) => inner instanceof cassandra.errors.AuthenticationError));
    await wrong.shutdown();
  },
  async 'schema metadata'() {
    const table = await db.metadata.getTable('nodelab', 'plain');
    assert.deepStrictEqual(table.partitionKeys.map((c) => c.name), ['id']);
    assert.ok(db.metadata.keyspaces.nodelab);
    const type = await db.metadata.getUdt('nodelab', 'address');
    assert.deepStrictEqual(type.fields.map((f) => f.name), ['street', 'number']);
  },
  async 'insert and select with prepare'() {
    for (let id = 0; id < 50; id++) {
      await db.execute('INSERT INTO nodelab.plain (id, a, l, m) VALUES (?, ?, ?, ?)', [id, `row ${id}`, [id], { k: id }], prepared);
    }
    const row = (await db.execute('SELECT * FROM nodelab.plain WHERE id = ?', [7], prepared)).first();
    assert.strictEqual(row.a, 'row 7');
    assert.deepStrictEqual(row.l, [7]);
  },
  async 'user types'() {
    await db.execute('INSERT INTO nodelab.people (id, home) VALUES (?, ?)', [1, { street: 'Long', number: 3 }], prepared);
    const row = (await db.execute('SELECT home FROM nodelab.people WHERE id = 1')).first();
    assert.strictEqual(row.home.street, 'Long');
  },
  async 'batches'() {
    const query = 'INSERT INTO nodelab.plain (id, a) VALUES (?, ?)';
    await db.batch([{ query, params: [100, 'x'] }, { query, params: [101, 'y'] }], prepared);
    await db.batch(['INSERT INTO nodelab.plain (id, a) VALUES (102, \'z\')']);
    const rows = (await db.execute('SELECT a FROM nodelab.plain WHERE id IN (100, 101, 102)')).rows;
    assert.deepStrictEqual(rows.map((r) => r.a).sort(), ['x', 'y', 'z']);
  },
  async 'counters'() {
    await db.execute('UPDATE nodelab.counts SET n = n + ? WHERE id = ?', [cassandra.types.Long.fromNumber(5), 1], prepared);
    assert.ok((await db.execute('SELECT n FROM nodelab.counts WHERE id = 1')).first().n.toNumber() >= 5);
  },
  async 'light-weight transactions'() {
    await db.execute('DELETE FROM nodelab.plain WHERE id = 200');
    const insert = 'INSERT INTO nodelab.plain (id, a) VALUES (200, ?) IF NOT EXISTS';
    assert.ok((await db.execute(insert, ['a'], prepared)).wasApplied());
    assert.ok(!(await db.execute(insert, ['b'], prepared)).wasApplied());
  },
  async 'paging'() {
    const insert = 'INSERT INTO nodelab.wide (part, row) VALUES (1, ?)';
    await cassandra.concurrent.executeConcurrent(db, insert, Array.from({ length: 3000 }, (_, n) => [n]));
    let seen = 0;
    for await (const row of db.stream('SELECT row FROM nodelab.wide WHERE part = 1', [], { prepare: true, fetchSize: 500, autoPage: true })) {
      assert.strictEqual(row.row, seen++);
    }
    assert.strictEqual(seen, 3000);
  },
  async 'two thousand in flight'() {
    const all = Array.from({ length: 2000 }, (_, n) =>
      db.execute('SELECT row FROM nodelab.wide WHERE part = 1 AND row = ?', [n], prepared));
    (await Promise.all(all)).forEach((result, n) => assert.strictEqual(result.first().row, n));
  },
  async 'a blob of five megabytes'() {
    const blob = require('crypto').randomBytes(5 << 20);
    await db.execute('INSERT INTO nodelab.plain (id, c) VALUES (300, ?)', [blob], prepared);
    assert.ok((await db.execute('SELECT c FROM nodelab.plain WHERE id = 300')).first().c.equals(blob));
  },
  async 'a keyspace in the options'() {
    const inside = client(username, password, 'nodelab');
    await inside.connect();
    assert.strictEqual((await inside.execute('SELECT a FROM plain WHERE id = ?', [7], prepared)).first().a, 'row 7');
    await inside.shutdown();
  },
  async 'a vector'() {
    await db.execute('INSERT INTO nodelab.vectors (id, v) VALUES (1, [1, 2, 3])');
    const row = (await db.execute('SELECT v FROM nodelab.vectors WHERE id = 1')).first();
    assert.deepStrictEqual(Array.from(row.v), [1, 2, 3]);
  },
  async 'errors keep their codes'() {
    await assert.rejects(db.execute('SELEC'), { code: 0x2000 });
    await assert.rejects(db.execute('SELECT nothing FROM nodelab.plain'), { code: 0x2200 });
    await assert.rejects(db.execute('CREATE ROLE intruder'), { code: 0x2100 });
  },
};

(async () => {
  for (const [name, check] of Object.entries(checks)) {
    let error = null;
    try {
      await check();
    } catch (e) {
      error = String(e && e.stack || e) + (e && e.innerErrors ? ' ' + JSON.stringify(Object.values(e.innerErrors).map(String)) : '');
    }
    console.log(JSON.stringify({ name, error }));
  }
  await db.shutdown();
})();
