/* Header flags, opcode and body of an answer: whatever is understood is stepped over to its end. */
#include "base/check.h"
#include "cql/response.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void walk_columns(const struct response_metadata *meta)
{
    struct rd r = rd_over(meta->columns);
    struct response_column c;
    uint32_t seen = 0;
    while (response_next_column(&r, meta, &c))
        seen++;
    CHECK(rd_at_end(&r));
    CHECK((meta->flags & RESPONSE_META_NONE) || seen == meta->columns_n);
}

static void walk_rows(bytes rest)
{
    struct response_rows rows;
    if (response_read_rows(rest, &rows).code != ERR_OK) return;
    walk_columns(&rows.meta);
    struct rd r = rd_over(rows.cells);
    bytes cell;
    bool null;
    while (response_next_cell(&r, &cell, &null).code == ERR_OK)
        CHECK(!null || cell.n == 0);
}

static void walk_prepared(uint8_t version, bytes rest)
{
    struct response_prepared p;
    if (response_read_prepared(version, rest, &p).code != ERR_OK) return;
    walk_columns(&p.bind);
    walk_columns(&p.result);
    for (uint32_t i = 0; i < p.bind.pk_n; i++)
        CHECK(p.bind.pk[i] < p.bind.columns_n);
}

static void walk_result(bytes message)
{
    enum response_kind kind;
    bytes rest;
    bytes keyspace;
    struct response_schema_change change;
    if (response_read_kind(message, &kind, &rest).code != ERR_OK) return;
    walk_rows(rest);
    walk_prepared(3, rest);
    walk_prepared(4, rest);
    (void)response_read_keyspace(rest, &keyspace).code;
    (void)response_read_schema_change(rest, &change).code;
}

static void walk_event(bytes message)
{
    struct response_event e;
    struct response_event same;
    if (response_read_event(message, &e).code != ERR_OK) return;
    struct wr w = wr_growing(1 << 24);
    response_write_event(&w, 4, &e);
    CHECK(!w.bad);
    CHECK(response_read_event(bytes_part(wr_view(&w), FRAME_HEADER_SIZE, w.n), &same).code ==
          ERR_OK);
    CHECK(bytes_eq(e.change, same.change) && bytes_eq(e.schema.name, same.schema.name));
    wr_drop(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct response_prefix p;
    struct response_error e;
    if (n < 1) return 0;
    if (response_open(data[0], bytes_of(data + 1, n - 1), &p).code != ERR_OK) return 0;
    struct rd r = rd_over(bytes_part(p.warnings, 2, p.warnings.n));
    bytes warning;
    while (response_next_string(&r, &warning))
        CHECK(warning.n <= p.warnings.n);
    walk_result(p.message);
    walk_event(p.message);
    if (response_read_error(p.message, &e).code != ERR_OK) return 0;
    struct wr w = wr_growing(1 << 24);
    response_write_error(&w, (struct response_to){4, 1}, &e);
    CHECK(!w.bad);
    wr_drop(&w);
    return 0;
}
