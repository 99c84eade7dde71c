/* What drivers ask a cluster about itself, in their own words: every text is understood, and
 * answered. */
#include "picture_of.h"

#include <stdio.h>

#include "cluster/system_tables.h"

static const char *const texts[] = {
    /* Python 3.x and cqlsh */
    "SELECT * FROM system.local WHERE key='local'",
    "select * from system.local where key = 'local'",
    "SELECT host_id, cluster_name, data_center, rack, release_version FROM system.local WHERE "
    "key='local'",
    "SELECT rpc_address FROM system.local WHERE key='local'",
    "SELECT host_id FROM system.local WHERE key='local'",
    "SELECT schema_version FROM system.local WHERE key='local'",
    "SELECT * FROM system.peers_v2",
    "SELECT host_id, peer, peer_port, data_center, rack, native_address, native_port, "
    "release_version, "
    "schema_version FROM system.peers_v2",
    "SELECT * FROM system_schema.keyspaces",
    "SELECT * FROM system_schema.tables",
    "SELECT * FROM system_schema.columns",
    "SELECT * FROM system_schema.types",
    "SELECT * FROM system_schema.indexes",
    "SELECT * FROM system_schema.views",
    "SELECT * FROM system_schema.tables WHERE keyspace_name = 'app' AND table_name = 'open'",
    "SELECT * FROM system_schema.columns WHERE keyspace_name = 'app' AND table_name = 'open'",
    "SELECT * FROM system_schema.types WHERE keyspace_name = 'app' AND type_name = 'Outer'",
    /* Java 4.x */
    "SELECT cluster_name FROM system.local",
    "SELECT * FROM system.local",
    "SELECT * FROM system_schema.keyspaces WHERE keyspace_name IN ('app')",
    /* Node */
    "SELECT * FROM system_schema.keyspaces WHERE keyspace_name = 'app'",
    "SELECT * FROM system_schema.columns WHERE keyspace_name='app' AND table_name='open'",
    "SELECT keyspace_name FROM system_schema.tables",
    "SELECT key, data_center, rack, tokens FROM system.local",
    "SELECT schema_version FROM system.local",
    /* gocql */
    "SELECT * FROM system.local WHERE key='local';",
    "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = 'app'",
    "SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'app' AND table_name = "
    "'open'",
    "SELECT column_name, type, kind, position FROM system_schema.columns WHERE keyspace_name = "
    "'app'",
    /* Rust */
    "select host_id, rpc_address, data_center, rack, tokens from system.local WHERE key='local'",
    "select keyspace_name, table_name from system_schema.tables where keyspace_name in ('app', "
    "'other')",
    "select keyspace_name, type_name, field_types from system_schema.types",
    "select keyspace_name, view_name, base_table_name from system_schema.views",
    "SELECT keyspace_name, toJson(replication) AS replication FROM system_schema.keyspaces",
    /* People */
    "SELECT count(*) FROM system_schema.tables",
    "SELECT DISTINCT keyspace_name FROM system_schema.tables",
    "SELECT table_name AS t FROM system_schema.tables LIMIT 1",
    "SELECT release_version AS r FROM system.local LIMIT 1 ALLOW FILTERING",
};

static const char *const others[] = {
    "SELECT JSON * FROM system.local",
    "SELECT toJson(nothing) FROM system_schema.tables",
    "SELECT toJson(rpc_address) FROM system.local",
    "SELECT toJson(toJson(table_name)) FROM system_schema.tables",
    "SELECT max(table_name) FROM system_schema.tables",
    "SELECT writetime(rpc_address) FROM system.local",
    "SELECT * FROM system_schema.tables WHERE token(keyspace_name) > 5",
    "SELECT * FROM system_schema.tables WHERE keyspace_name > 'a' ALLOW FILTERING",
    "SELECT * FROM system_schema.tables ORDER BY table_name",
    "SELECT * FROM system_schema.tables GROUP BY keyspace_name",
    "SELECT * FROM system_schema.tables PER PARTITION LIMIT 1",
};

static bool sees(void *owner, bytes keyspace, bytes table)
{
    (void)owner;
    return bytes_eq(keyspace, BYTES("app")) && (table.n == 0 || bytes_eq(table, BYTES("open")));
}

static err answer(const struct picture *p, const char *text, struct arena *arena, struct wr *w,
                  struct note *note)
{
    struct statement what;
    const struct request_params params = {.consistency = 1};
    const struct system_view view = {
        .picture = p, .advertised = {.family = ADDRESS_V4, .port = 9042}, .eyes = {sees, NULL}};
    TRY(statement_understand(p->schema, (bytes){0}, bytes_of_text(text), arena, &what, note));
    assert_true(what.route == STATEMENT_ROUTE_LOCAL_SYSTEM || what.route == STATEMENT_ROUTE_SCHEMA);
    return system_tables_answer(&view, &what, &params, (struct response_to){4, 1}, arena, w, note);
}

static void what_drivers_ask_is_answered(void **state)
{
    (void)state;
    struct picture *p = picture_of_cluster();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena arena;
        struct wr w = wr_growing(1 << 20);
        struct note note = {{0}};
        arena_init(&arena, 8 << 20);
        const err e = answer(p, texts[i], &arena, &w, &note);
        if (!err_is_ok(e)) print_error("%s\n%s: %s\n", texts[i], err_row(e)->name, note.text);
        assert_ok(e);
        assert_null(memmem(w.p, w.n, "secret", 6));
        assert_null(memmem(w.p, w.n, "hidden", 6));
        arena_drop(&arena);
        wr_drop(&w);
    }
    picture_free(p);
}

static void what_is_asked_as_json_is_json(void **state)
{
    (void)state;
    static const char asked[] = "SELECT to_json(replication), keyspace_name FROM system_schema.keyspaces";
    struct picture *p = picture_of_cluster();
    struct arena arena;
    struct wr w = wr_growing(1 << 20);
    struct note note = {{0}};
    arena_init(&arena, 8 << 20);
    assert_ok(answer(p, asked, &arena, &w, &note));
    assert_non_null(memmem(w.p, w.n, "system.tojson(replication)\0\x0d", 28));
    assert_non_null(memmem(w.p, w.n, "\0\0\0\x0e{\"class\": \"L\"}\0\0\0\3app", 25));
    arena_drop(&arena);
    wr_drop(&w);
    picture_free(p);
}

static void other_shapes_are_refused_and_never_unfiltered(void **state)
{
    (void)state;
    struct picture *p = picture_of_cluster();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct arena arena;
        struct wr w = wr_growing(1 << 20);
        struct note note = {{0}};
        arena_init(&arena, 8 << 20);
        const err e = answer(p, others[i], &arena, &w, &note);
        if (err_is_ok(e)) print_error("answered: %s\n", others[i]);
        assert_false(err_is_ok(e));
        arena_drop(&arena);
        wr_drop(&w);
    }
    picture_free(p);
}

UNIT_MAIN(cmocka_unit_test(what_drivers_ask_is_answered),
          cmocka_unit_test(what_is_asked_as_json_is_json),
          cmocka_unit_test(other_shapes_are_refused_and_never_unfiltered))
