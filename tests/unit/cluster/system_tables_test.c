/* What drivers are told: the gateway's own row, no peers, and of the schema what a token sees. */
#include "picture_of.h"

#include <stdio.h>

#include "cluster/system_tables.h"

struct eyes {
    const char *keyspace;
    const char *table; /* NULL: all of it */
};

static bool sees(void *owner, bytes keyspace, bytes table)
{
    const struct eyes *e = owner;
    if (!bytes_eq_text(keyspace, e->keyspace)) return false;
    return table.n == 0 || !e->table || bytes_eq_text(table, e->table);
}

static struct picture *picture;
static struct arena arena;
static struct wr out;
static struct note note;
static struct eyes eyes;

static int setup(void **state)
{
    (void)state;
    picture = picture_of_cluster();
    arena_init(&arena, 1 << 20);
    out = wr_growing(1 << 20);
    eyes = (struct eyes){"app", "open"};
    return 0;
}
static int teardown(void **state)
{
    (void)state;
    picture_free(picture);
    arena_drop(&arena);
    wr_drop(&out);
    return 0;
}

static struct system_view view(void)
{
    return (struct system_view){
        .picture = picture,
        .database = {{7}},
        .advertised = {.family = ADDRESS_V4, .ip = {192, 0, 2, 9}, .port = 9999},
        .eyes = {sees, &eyes}};
}

static struct statement select_from(const char *keyspace, const char *table)
{
    return (struct statement){.route = strcmp(keyspace, "system") == 0
                                           ? STATEMENT_ROUTE_LOCAL_SYSTEM
                                           : STATEMENT_ROUTE_SCHEMA,
                              .keyspace = bytes_of_text(keyspace),
                              .table = bytes_of_text(table),
                              .select = {.simple = true}};
}

static const struct request_params plain = {.consistency = 1};

static struct response_rows read_rows(void)
{
    struct frame_header h;
    struct response_rows rows;
    enum response_kind kind;
    bytes rest;
    assert_ok(frame_read_header(wr_view(&out), FRAME_REPLY_MAX, &h));
    assert_int_equal(h.version, 0x84);
    assert_int_equal(h.body_len, out.n - FRAME_HEADER_SIZE);
    assert_ok(
        response_read_kind(bytes_part(wr_view(&out), FRAME_HEADER_SIZE, out.n), &kind, &rest));
    assert_int_equal(kind, RESPONSE_ROWS);
    assert_ok(response_read_rows(rest, &rows));
    return rows;
}

static struct response_rows run(const struct statement *what, const struct request_params *params)
{
    const struct system_view v = view();
    out.n = 0;
    assert_ok(
        system_tables_answer(&v, what, params, (struct response_to){4, 3}, &arena, &out, &note));
    return read_rows();
}

/* The value of a column in a row. */
static bytes cell(const struct response_rows *rows, size_t row, const char *name)
{
    struct rd columns = rd_over(rows->meta.columns);
    struct rd cells = rd_over(rows->cells);
    struct response_column c;
    size_t at = 0;
    bytes got = {0};
    bool null;
    while (response_next_column(&columns, &rows->meta, &c) && !bytes_eq_text(c.name, name))
        at++;
    assert_true(at < rows->meta.columns_n);
    for (size_t i = 0; i <= row * rows->meta.columns_n + at; i++) {
        assert_ok(response_next_cell(&cells, &got, &null));
    }
    return got;
}

static void the_local_row_is_the_gateways(void **state)
{
    (void)state;
    const struct statement what = select_from("system", "local");
    const struct response_rows rows = run(&what, &plain);
    assert_int_equal(rows.rows_n, 1);
    assert_bytes(cell(&rows, 0, "cluster_name"), "demo");
    assert_bytes(cell(&rows, 0, "release_version"), "4.1.10");
    assert_memory_equal(cell(&rows, 0, "rpc_address").p, "\xc0\x00\x02\x09", 4);
    assert_memory_equal(cell(&rows, 0, "rpc_port").p, "\x00\x00\x27\x0f", 4);
    assert_memory_not_equal(cell(&rows, 0, "host_id").p, picture->nodes[0].host_id.b, 16);
    assert_memory_equal(cell(&rows, 0, "tokens").p,
                        "\0\0\0\1\0\0\0\1"
                        "0",
                        9);
}

static void peers_are_none_and_what_is_missing_is_said(void **state)
{
    (void)state;
    struct statement what = select_from("system", "peers_v2");
    const struct response_rows rows = run(&what, &plain);
    assert_int_equal(rows.rows_n, 0);
    assert_int_equal(rows.meta.columns_n, 9);
    const struct system_view v = view();
    what = select_from("system", "peers");
    assert_err(
        system_tables_answer(&v, &what, &plain, (struct response_to){4, 3}, &arena, &out, &note),
        CQL_INVALID);
    assert_string_equal(note.text, "table system.peers does not exist");
}

static size_t count_rows(const char *table)
{
    const struct statement what = select_from("system_schema", table);
    return run(&what, &plain).rows_n;
}

static void only_what_is_seen_is_shown(void **state)
{
    (void)state;
    /* app, system, system_schema */
    assert_int_equal(count_rows("keyspaces"), 3);
    /* app.open, system.local, system_schema.tables */
    assert_int_equal(count_rows("tables"), 3);
    /* two of open, one of its view */
    assert_int_equal(count_rows("columns"), 3);
    assert_int_equal(count_rows("views"), 1);
    assert_int_equal(count_rows("indexes"), 1);
    /* Outer, and inner within it; neither hidden nor unused nor the other keyspace's */
    assert_int_equal(count_rows("types"), 2);
    const struct statement what = select_from("system_schema", "types");
    const struct response_rows rows = run(&what, &plain);
    assert_bytes(cell(&rows, 0, "type_name"), "Outer");
    assert_bytes(cell(&rows, 1, "type_name"), "inner");
    assert_bytes(cell(&rows, 1, "keyspace_name"), "app");
    assert_null(memmem(out.p, out.n, "hidden", 6));
}

static void who_sees_a_keyspace_sees_its_unused_types(void **state)
{
    (void)state;
    eyes = (struct eyes){"app", NULL};
    assert_int_equal(count_rows("types"), 4);
    assert_int_equal(count_rows("columns"), 5);
    eyes = (struct eyes){"nowhere", NULL};
    assert_int_equal(count_rows("types"), 0);
    assert_int_equal(count_rows("keyspaces"), 2);
    assert_int_equal(count_rows("columns"), 0);
}

static void columns_aliases_and_conditions(void **state)
{
    (void)state;
    const struct statement_selector selectors[] = {{BYTES("column_name"), BYTES("c"), false},
                                                   {BYTES("keyspace_name"), {0}, false}};
    const struct statement_value app = {STATEMENT_VALUE_TEXT, BYTES("app"), 0};
    const struct statement_value names[] = {{STATEMENT_VALUE_TEXT, BYTES("b"), 0},
                                            {STATEMENT_VALUE_TEXT, BYTES("zzz"), 0}};
    const struct statement_value position = {STATEMENT_VALUE_INTEGER, BYTES("-1"), 0};
    const struct statement_restriction where[] = {
        {.column = BYTES("keyspace_name"), .values = &app, .values_n = 1},
        {.column = BYTES("column_name"), .in = true, .values = names, .values_n = 2},
        {.column = BYTES("position"), .values = &position, .values_n = 1},
    };
    struct statement what = select_from("system_schema", "columns");
    what.select.selectors = selectors;
    what.select.selectors_n = 2;
    what.select.where = where;
    what.select.where_n = 3;
    const struct response_rows rows = run(&what, &plain);
    assert_int_equal(rows.rows_n, 1);
    assert_int_equal(rows.meta.columns_n, 2);
    assert_bytes(cell(&rows, 0, "c"), "b");
    assert_bytes(cell(&rows, 0, "keyspace_name"), "app");
}

static void bound_values_by_number_by_name_and_as_lists(void **state)
{
    (void)state;
    const struct statement_value keyspace = {STATEMENT_VALUE_BIND, BYTES("ks"), 0};
    const struct statement_value names = {STATEMENT_VALUE_BIND, BYTES("names"), 1};
    const struct statement_restriction where[] = {
        {.column = BYTES("keyspace_name"), .values = &keyspace, .values_n = 1},
        {.column = BYTES("column_name"),
         .in = true,
         .in_bind = true,
         .values = &names,
         .values_n = 1},
    };
    struct statement what = select_from("system_schema", "columns");
    what.select.where = where;
    what.select.where_n = 2;
    what.binds_n = 2;
    struct request_params p = {.consistency = 1,
                               .flags = REQUEST_FLAG_VALUES,
                               .values_n = 2,
                               .values = BYTES("\0\0\0\3app\0\0\0\x0e\0\0\0\2\0\0\0\1"
                                               "a\0\0\0\1"
                                               "b")};
    assert_int_equal(run(&what, &p).rows_n, 3);
    p.flags |= REQUEST_FLAG_NAMES;
    p.values = BYTES("\0\5names\0\0\0\x09\0\0\0\1\0\0\0\1"
                     "b"
                     "\0\2ks\0\0\0\3app");
    assert_int_equal(run(&what, &p).rows_n, 1);

    const struct system_view v = view();
    const struct response_to to = {4, 3};
    p.values = BYTES("\0\5names\0\0\0\x09\0\0\0\1\0\0\0\1"
                     "b"
                     "\0\2kx\0\0\0\3app");
    assert_err(system_tables_answer(&v, &what, &p, to, &arena, &out, &note), CQL_INVALID);
    assert_err(system_tables_answer(&v, &what, &plain, to, &arena, &out, &note), CQL_INVALID);
    p.flags = REQUEST_FLAG_VALUES;
    p.values = BYTES("\xff\xff\xff\xff\0\0\0\4\0\0\0\0");
    assert_err(system_tables_answer(&v, &what, &p, to, &arena, &out, &note), CQL_INVALID);
    p.values = BYTES("\0\0\0\3app\0\0\0\4\x7f\xff\xff\xff");
    assert_err(system_tables_answer(&v, &what, &p, to, &arena, &out, &note), CQL_INVALID);
}

static void pages_and_limits_join_to_the_whole(void **state)
{
    (void)state;
    eyes = (struct eyes){"app", NULL};
    for (int32_t size = 1; size < 7; size++) {
        for (unsigned limit = 1; limit < 8; limit++) {
            char text[8];
            (void)snprintf(text, sizeof text, "%u", limit);
            struct statement what = select_from("system_schema", "columns");
            what.select.limited = true;
            what.select.limit =
                (struct statement_value){STATEMENT_VALUE_INTEGER, bytes_of_text(text), 0};
            struct request_params p = {
                .consistency = 1, .flags = REQUEST_FLAG_PAGE_SIZE, .page_size = size};
            uint8_t state_room[64];
            size_t seen = 0;
            for (unsigned pages = 0;; pages++) {
                assert_true(pages < 10);
                const struct response_rows rows = run(&what, &p);
                assert_true(rows.rows_n <= (uint32_t)size);
                seen += rows.rows_n;
                if (!(rows.meta.flags & RESPONSE_META_MORE_PAGES)) break;
                memcpy(state_room, rows.meta.paging_state.p, rows.meta.paging_state.n);
                p.flags |= REQUEST_FLAG_PAGING_STATE;
                p.paging_state = bytes_of(state_room, rows.meta.paging_state.n);
                arena_reset(&arena);
            }
            assert_int_equal(seen, limit < 5 ? limit : 5);
        }
    }
}

static void strange_pages_and_limits_are_refused(void **state)
{
    (void)state;
    const struct system_view v = view();
    const struct response_to to = {4, 3};
    struct statement what = select_from("system_schema", "columns");
    struct request_params p = {
        .consistency = 1, .flags = REQUEST_FLAG_PAGING_STATE, .paging_state = BYTES("x")};
    assert_err(system_tables_answer(&v, &what, &p, to, &arena, &out, &note), CQL_INVALID);
    p.paging_state = BYTES("LKP1\xff\xff\xff\xff\xff\xff\xff\xff");
    assert_int_equal(run(&what, &p).rows_n, 0);
    what.select.limited = true;
    what.select.limit = (struct statement_value){STATEMENT_VALUE_INTEGER, BYTES("0"), 0};
    assert_err(system_tables_answer(&v, &what, &plain, to, &arena, &out, &note), CQL_INVALID);
}

static void rows_are_counted(void **state)
{
    (void)state;
    struct statement what = select_from("system_schema", "columns");
    what.select.count = true;
    const struct response_rows rows = run(&what, &plain);
    assert_int_equal(rows.rows_n, 1);
    assert_memory_equal(cell(&rows, 0, "count").p, "\0\0\0\0\0\0\0\3", 8);
}

static void distinct_partitions(void **state)
{
    (void)state;
    const struct statement_selector selector = {BYTES("keyspace_name"), {0}, false};
    struct statement what = select_from("system_schema", "columns");
    eyes = (struct eyes){"app", NULL};
    what.select.distinct = true;
    what.select.selectors = &selector;
    what.select.selectors_n = 1;
    assert_int_equal(run(&what, &plain).rows_n, 1);
}

static void other_shapes_are_refused(void **state)
{
    (void)state;
    const struct system_view v = view();
    const struct response_to to = {4, 3};
    struct statement what = select_from("system_schema", "tables");
    what.select.simple = false;
    assert_err(system_tables_answer(&v, &what, &plain, to, &arena, &out, &note), CQL_INVALID);
    what = select_from("system_schema", "tables");
    what.select.json = true;
    assert_err(system_tables_answer(&v, &what, &plain, to, &arena, &out, &note), CQL_INVALID);
    what = select_from("system_schema", "tables");
    const struct statement_selector selector = {BYTES("nothing"), {0}, false};
    what.select.selectors = &selector;
    what.select.selectors_n = 1;
    assert_err(system_tables_answer(&v, &what, &plain, to, &arena, &out, &note), CQL_INVALID);
    what = select_from("system_schema", "secrets");
    assert_err(system_tables_answer(&v, &what, &plain, to, &arena, &out, &note), CQL_INVALID);
}

static void prepared_tells_variables_and_columns(void **state)
{
    (void)state;
    const struct statement_value keyspace = {STATEMENT_VALUE_BIND, {0}, 0};
    const struct statement_value names = {STATEMENT_VALUE_BIND, {0}, 1};
    const struct statement_restriction where[] = {
        {.column = BYTES("keyspace_name"), .values = &keyspace, .values_n = 1},
        {.column = BYTES("column_name"),
         .in = true,
         .in_bind = true,
         .values = &names,
         .values_n = 1},
    };
    struct statement what = select_from("system_schema", "columns");
    what.select.where = where;
    what.select.where_n = 2;
    what.select.limited = true;
    what.select.limit = (struct statement_value){STATEMENT_VALUE_BIND, {0}, 2};
    what.binds_n = 3;
    const struct system_view v = view();
    assert_ok(system_tables_prepare(&v, &what, (struct response_to){4, 3}, BYTES("the id"), &arena,
                                    &out, &note));
    enum response_kind kind;
    bytes rest;
    struct response_prepared p;
    struct response_column c;
    assert_ok(
        response_read_kind(bytes_part(wr_view(&out), FRAME_HEADER_SIZE, out.n), &kind, &rest));
    assert_ok(response_read_prepared(4, rest, &p));
    assert_bytes(p.id, "the id");
    assert_int_equal(p.bind.columns_n, 3);
    assert_int_equal(p.result.columns_n, 6);
    struct rd r = rd_over(p.bind.columns);
    assert_true(response_next_column(&r, &p.bind, &c));
    assert_bytes(c.name, "keyspace_name");
    assert_true(response_next_column(&r, &p.bind, &c));
    assert_bytes(c.name, "in(column_name)");
    assert_true(bytes_eq(c.type, LIST_TYPE));
    assert_true(response_next_column(&r, &p.bind, &c));
    assert_bytes(c.name, "[limit]");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
UNIT_MAIN(T(the_local_row_is_the_gateways), T(peers_are_none_and_what_is_missing_is_said),
          T(only_what_is_seen_is_shown), T(who_sees_a_keyspace_sees_its_unused_types),
          T(columns_aliases_and_conditions), T(bound_values_by_number_by_name_and_as_lists),
          T(pages_and_limits_join_to_the_whole), T(strange_pages_and_limits_are_refused),
          T(rows_are_counted), T(distinct_partitions), T(other_shapes_are_refused),
          T(prepared_tells_variables_and_columns))
