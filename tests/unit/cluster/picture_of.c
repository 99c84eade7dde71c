/* Rows are written as a node writes them, and read back by the code under test. */
#include "picture_of.h"

#define HOST_ID BYTES("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10")
#define PEER_ID BYTES("\x21\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10")
#define FAR_ID BYTES("\x31\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10")
#define VERSION_ID BYTES("\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20")

void picture_of_add(struct picture *p, const char *keyspace, const char *table,
                    const struct response_column *columns, size_t columns_n,
                    const struct picture_of_row *rows, size_t rows_n)
{
    struct wr w = wr_growing(1 << 20);
    const struct response_spec spec = {.keyspace = bytes_of_text(keyspace),
                                       .table = bytes_of_text(table),
                                       .columns = columns,
                                       .columns_n = columns_n};
    struct response_rows_writer writer = response_begin_rows(&w, (struct response_to){4, 1}, &spec);
    for (size_t i = 0; i < rows_n; i++) {
        response_add_row(&writer);
        for (size_t c = 0; c < columns_n; c++) {
            if (rows[i].cells[c].p) {
                response_add_cell(&w, rows[i].cells[c]);
            } else {
                response_add_null(&w);
            }
        }
    }
    response_end_rows(&w, &writer);
    enum response_kind kind;
    bytes rest;
    struct response_rows read;
    assert_ok(response_read_kind(bytes_part(wr_view(&w), FRAME_HEADER_SIZE, w.n), &kind, &rest));
    assert_ok(response_read_rows(rest, &read));
    assert_ok(picture_add_rows(p, bytes_of_text(keyspace), bytes_of_text(table), &read));
    wr_drop(&w);
}

#define ADD(p, keyspace, table, columns, rows)                                                \
    picture_of_add(p, keyspace, table, columns, sizeof(columns) / sizeof((columns)[0]), rows, \
                   sizeof(rows) / sizeof((rows)[0]))

static void add_nodes(struct picture *p)
{
    const struct response_column local[] = {
        {.name = BYTES("key"), .type = TEXT_TYPE},
        {.name = BYTES("cluster_name"), .type = TEXT_TYPE},
        {.name = BYTES("data_center"), .type = TEXT_TYPE},
        {.name = BYTES("host_id"), .type = UUID_TYPE},
        {.name = BYTES("rpc_address"), .type = INET_TYPE},
        {.name = BYTES("rpc_port"), .type = INT_TYPE},
        {.name = BYTES("release_version"), .type = TEXT_TYPE},
        {.name = BYTES("tokens"), .type = SET_TYPE},
        {.name = BYTES("rack"), .type = TEXT_TYPE},
        {.name = BYTES("schema_version"), .type = UUID_TYPE},
    };
    const struct picture_of_row row[] = {
        {{BYTES("local"), BYTES("demo"), BYTES("dc1"), HOST_ID, BYTES("\x0a\x00\x00\x01"),
          BYTES("\x00\x00\x23\x52"), BYTES("5.0.9"),
          BYTES("\0\0\0\2\0\0\0\1"
                "1\0\0\0\1"
                "2"),
          BYTES("rack1"), HOST_ID}}};
    const struct response_column peers[] = {
        {.name = BYTES("peer"), .type = INET_TYPE},
        {.name = BYTES("data_center"), .type = TEXT_TYPE},
        {.name = BYTES("host_id"), .type = UUID_TYPE},
        {.name = BYTES("native_address"), .type = INET_TYPE},
        {.name = BYTES("native_port"), .type = INT_TYPE},
        {.name = BYTES("release_version"), .type = TEXT_TYPE},
        {.name = BYTES("schema_version"), .type = UUID_TYPE},
        {.name = BYTES("peer_port"), .type = INT_TYPE},
        {.name = BYTES("rack"), .type = TEXT_TYPE},
    };
    const struct picture_of_row peer[] = {
        {{BYTES("\x0a\0\0\2"), BYTES("dc1"), PEER_ID, BYTES("\x0a\0\1\2"), BYTES("\0\0\x23\x53"),
          BYTES("4.1.10"), VERSION_ID, BYTES("\0\0\x1b\x58"), BYTES("r1")}},
        {{BYTES("\x0a\0\0\3"),
          BYTES("dc2"),
          FAR_ID,
          BYTES("\0\0\0\0"),
          {0},
          BYTES("5.0.10"),
          VERSION_ID,
          BYTES("\0\0\x1b\x58"),
          BYTES("r1")}},
        {{BYTES("\x0a\0\0\4"), {0}, {0}, BYTES("\x0a\0\1\4"), {0}, {0}, {0}, {0}, {0}}}, /* not
                                                                                            ready
                                                                                            yet */
    };
    ADD(p, "system", "local", local, row);
    ADD(p, "system", "peers_v2", peers, peer);
}

static void add_schema(struct picture *p)
{
    const struct response_column keyspaces[] = {
        {.name = BYTES("keyspace_name"), .type = TEXT_TYPE},
        {.name = BYTES("replication"), .type = MAP_TYPE}};
    const struct response_column tables[] = {{.name = BYTES("keyspace_name"), .type = TEXT_TYPE},
                                             {.name = BYTES("table_name"), .type = TEXT_TYPE}};
    const struct response_column columns[] = {
        {.name = BYTES("keyspace_name"), .type = TEXT_TYPE},
        {.name = BYTES("table_name"), .type = TEXT_TYPE},
        {.name = BYTES("column_name"), .type = TEXT_TYPE},
        {.name = BYTES("kind"), .type = TEXT_TYPE},
        {.name = BYTES("position"), .type = INT_TYPE},
        {.name = BYTES("type"), .type = TEXT_TYPE},
    };
    const struct response_column views[] = {{.name = BYTES("keyspace_name"), .type = TEXT_TYPE},
                                            {.name = BYTES("view_name"), .type = TEXT_TYPE},
                                            {.name = BYTES("base_table_name"), .type = TEXT_TYPE}};
    const struct response_column indexes[] = {{.name = BYTES("keyspace_name"), .type = TEXT_TYPE},
                                              {.name = BYTES("table_name"), .type = TEXT_TYPE},
                                              {.name = BYTES("index_name"), .type = TEXT_TYPE}};
    const struct response_column types[] = {{.name = BYTES("keyspace_name"), .type = TEXT_TYPE},
                                            {.name = BYTES("type_name"), .type = TEXT_TYPE},
                                            {.name = BYTES("field_types"), .type = LIST_TYPE}};
    const struct picture_of_row keyspace_rows[] = {{{BYTES("app"), BYTES("\0\0\0\1\0\0\0\5class\0\0\0\1L")}},
                                                   {{BYTES("other")}},
                                                   {{BYTES("system")}},
                                                   {{BYTES("system_auth")}},
                                                   {{BYTES("system_schema")}}};
    const struct picture_of_row table_rows[] = {
        {{BYTES("app"), BYTES("open")}},
        {{BYTES("app"), BYTES("secret")}},
        {{BYTES("other"), BYTES("t")}},
        {{BYTES("system"), BYTES("local")}},
        {{BYTES("system"), BYTES("batches")}},
        {{BYTES("system_auth"), BYTES("roles")}},
        {{BYTES("system_schema"), BYTES("tables")}},
    };
    const struct picture_of_row column_rows[] = {
        {{BYTES("app"), BYTES("open"), BYTES("a"), BYTES("partition_key"), BYTES("\0\0\0\0"),
          BYTES("int")}},
        {{BYTES("app"), BYTES("open"), BYTES("b"), BYTES("regular"), BYTES("\xff\xff\xff\xff"),
          BYTES("map<text, frozen<\"Outer\">>")}},
        {{BYTES("app"), BYTES("secret"), BYTES("s"), BYTES("partition_key"), BYTES("\0\0\0\0"),
          BYTES("frozen<hidden>")}},
        {{BYTES("app"), BYTES("view_of_open"), BYTES("a"), BYTES("partition_key"),
          BYTES("\0\0\0\0"), BYTES("int")}},
        {{BYTES("app"), BYTES("view_of_secret"), BYTES("s"), BYTES("partition_key"),
          BYTES("\0\0\0\0"), BYTES("frozen<hidden>")}},
        {{BYTES("other"), BYTES("t"), BYTES("x"), BYTES("partition_key"), BYTES("\0\0\0\0"),
          BYTES("text")}},
    };
    const struct picture_of_row view_rows[] = {
        {{BYTES("app"), BYTES("view_of_open"), BYTES("open")}},
        {{BYTES("app"), BYTES("view_of_secret"), BYTES("secret")}}};
    const struct picture_of_row index_rows[] = {
        {{BYTES("app"), BYTES("open"), BYTES("open_b")}},
        {{BYTES("app"), BYTES("secret"), BYTES("secret_s")}}};
    const struct picture_of_row type_rows[] = {
        {{BYTES("app"), BYTES("Outer"), BYTES("\0\0\0\2\0\0\0\3int\0\0\0\x12list<frozen<inner>>")}},
        {{BYTES("app"), BYTES("hidden"), BYTES("\0\0\0\1\0\0\0\3int")}},
        {{BYTES("app"), BYTES("inner"), BYTES("\0\0\0\1\0\0\0\3int")}},
        {{BYTES("app"), BYTES("unused"), BYTES("\0\0\0\1\0\0\0\3int")}},
        {{BYTES("other"), BYTES("inner"), BYTES("\0\0\0\1\0\0\0\3int")}},
    };
    ADD(p, "system_schema", "keyspaces", keyspaces, keyspace_rows);
    ADD(p, "system_schema", "tables", tables, table_rows);
    ADD(p, "system_schema", "columns", columns, column_rows);
    ADD(p, "system_schema", "views", views, view_rows);
    ADD(p, "system_schema", "indexes", indexes, index_rows);
    ADD(p, "system_schema", "types", types, type_rows);
}

struct picture *picture_of_tables(void)
{
    struct picture *p;
    assert_ok(picture_new(&p));
    add_nodes(p);
    add_schema(p);
    return p;
}

struct picture *picture_of_cluster(void)
{
    struct picture *p = picture_of_tables();
    assert_ok(picture_finish(p, (bytes){0}, BYTES("\x7f\0\0\1"), 9042));
    p->version = 1;
    return p;
}
