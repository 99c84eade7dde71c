/* Rows of DESCRIBE name what they are about in their first three columns; those that the token may
 * not see are left out of the node's answer. */
#include "gateway/describing.h"

#include "gateway/place.h"
#include "gateway/reply.h"
#include "statement/schema.h"

/* The keyspace, type and name that a row begins with. */
struct described {
    bytes keyspace;
    bytes type;
    bytes name;
};

/* --- DESCRIBE CLUSTER: without token ranges, so the gateway knows all of it --- */

/* As nodes say it: their own partitioners without the package. */
static bytes partitioner_of(const struct picture *picture)
{
    const bytes package = BYTES("org.apache.cassandra.dht.");
    const struct picture_table *local = picture_table(picture, BYTES("system"), BYTES("local"));
    const bytes name = local ? picture_cell(local, 0, "partitioner") : (bytes){0};
    const bool own = bytes_eq(bytes_part(name, 0, package.n), package);
    return own ? bytes_part(name, package.n, name.n - package.n) : name;
}

static enum envelope_fate answer_cluster(struct envelope *e, const struct picture *picture)
{
    static const uint8_t text_type[] = {0x00, RESPONSE_TYPE_VARCHAR};
    const bytes type = bytes_of(text_type, sizeof text_type);
    const struct response_column columns[] = {
        {.name = BYTES("cluster"), .type = type},
        {.name = BYTES("partitioner"), .type = type},
        {.name = BYTES("snitch"), .type = type},
    };
    const struct response_spec spec = {.keyspace = BYTES("system"),
                                       .table = BYTES("describe"),
                                       .columns = columns,
                                       .columns_n = 3};
    struct wr *out = session_out(e->session);
    struct response_rows_writer rows = response_begin_rows(out, envelope_to(e), &spec);
    response_add_row(&rows);
    response_add_cell(out, picture->cluster_name);
    response_add_cell(out, partitioner_of(picture));
    response_add_cell(out, BYTES("not shown"));
    response_end_rows(out, &rows);
    return ENVELOPE_DONE;
}

enum envelope_fate describing_handle(struct envelope *e, const struct picture *picture,
                                     const struct statement *what,
                                     const struct request_params *params,
                                     const struct permit *permit, uint64_t number)
{
    struct session *s = e->session;
    if (what->describe == STATEMENT_DESCRIBE_CLUSTER) return answer_cluster(e, picture);
    struct upstream *up;
    const enum place place = place_choose(s->lane, NODE_ORDINARY, e->pinned, &up);
    if (place == PLACE_FULL) return ENVELOPE_WAITS;
    if (place == PLACE_NONE) {
        session_refuse(s, e->head.stream, FAIL(NO_NODE), NULL);
        return ENVELOPE_DONE;
    }
    struct request_params own = *params;
    own.flags &= REQUEST_FLAG_PAGE_SIZE | REQUEST_FLAG_PAGING_STATE;
    struct wr *body = &session_worker(s)->scratch;
    body->n = 0;
    request_write_query(body, what->text, &own);
    const struct forward f = {.permit = permit,
                              .number = number,
                              .kind = FORWARD_READ,
                              .consistency = params->consistency,
                              .filtered = true,
                              .as_query = true};
    const err bad = body->bad ? FAIL(NO_MEMORY) : forward_send(e, up, &f, wr_view(body));
    if (!err_is_ok(bad)) session_refuse(s, e->head.stream, bad, NULL);
    return ENVELOPE_DONE;
}

/* --- what comes back --- */

/* An index or a view is seen with the table that it is on. */
static bytes table_of(const struct picture *picture, const struct described *d)
{
    const struct schema_entry *at = NULL;
    if (bytes_eq_text(d->type, "table")) return d->name;
    if (bytes_eq_text(d->type, "index")) {
        at = schema_find(picture->schema, SCHEMA_INDEX, d->keyspace, d->name);
    } else {
        at = schema_find(picture->schema, SCHEMA_TABLE, d->keyspace, d->name);
    }
    return at && at->owner ? at->owner->name : d->name;
}

/* Types and functions are for those who may describe the keyspace, or who see all its tables: no
 * table and no rule is named ":". */
static bool is_seen(struct session *s, const struct picture *picture, const struct described *d)
{
    const struct gate_worker *w = session_worker(s)->gate;
    const bool on_table = bytes_eq_text(d->type, "table") || bytes_eq_text(d->type, "index") ||
                          bytes_eq_text(d->type, "view") ||
                          bytes_eq_text(d->type, "materialized_view");
    if (statement_is_system_keyspace(d->keyspace)) return false;
    if (on_table) return gate_session_sees(w, &s->gate, d->keyspace, table_of(picture, d));
    if (bytes_eq_text(d->type, "keyspace")) {
        return gate_session_sees(w, &s->gate, d->keyspace, (bytes){0});
    }
    return gate_session_describes(w, &s->gate, d->keyspace) ||
           gate_session_sees(w, &s->gate, d->keyspace, BYTES(":"));
}

/* Nodes quote names that need it; within the quotes of names that exist there are none. */
static bytes unquoted(bytes name)
{
    const bool quoted = name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"';
    return quoted ? bytes_part(name, 1, name.n - 2) : name;
}

/* One row, and what its first three columns say. */
static err read_row(struct rd *r, uint32_t columns_n, bytes *row, struct described *d)
{
    bytes *const first[] = {&d->keyspace, &d->type, &d->name};
    const uint8_t *from = r->left.p;
    for (uint32_t i = 0; i < columns_n; i++) {
        bytes cell;
        bool null;
        TRY(response_next_cell(r, &cell, &null));
        if (i < 3) *first[i] = unquoted(cell);
    }
    *row = bytes_of(from, (size_t)(r->left.p - from));
    return DONE;
}

/* The message with only the rows that are seen. */
static err filter(struct session *s, const struct picture *picture, bytes message,
                  const struct response_rows *rows, struct wr *w)
{
    struct rd r = rd_over(rows->cells);
    const size_t head_n = (size_t)(rows->cells.p - message.p) - 4;
    wr_bytes(w, bytes_part(message, 0, head_n));
    const size_t count_at = w->n;
    uint32_t kept = 0;
    wr_u32be(w, 0);
    for (uint32_t i = 0; i < rows->rows_n; i++) {
        struct described d = {0};
        bytes row;
        TRY(read_row(&r, rows->meta.columns_n, &row, &d));
        if (!is_seen(s, picture, &d)) continue;
        wr_bytes(w, row);
        kept++;
    }
    if (w->bad) return FAIL(NO_MEMORY);
    w->p[count_at] = (uint8_t)(kept >> 24);
    w->p[count_at + 1] = (uint8_t)(kept >> 16);
    w->p[count_at + 2] = (uint8_t)(kept >> 8);
    w->p[count_at + 3] = (uint8_t)kept;
    return DONE;
}

static err rewrite(struct session *s, const struct frame_header *h, bytes body, struct wr *w)
{
    struct response_prefix prefix;
    struct response_rows rows;
    enum response_kind kind;
    bytes rest;
    const struct picture *picture = cluster_picture(s->door->door->cluster);
    if (!picture) return FAIL(NOT_READY);
    TRY(response_open(h->flags, body, &prefix));
    TRY(response_read_kind(prefix.message, &kind, &rest));
    if (kind != RESPONSE_ROWS) return FAIL(FRAME_BAD);
    TRY(response_read_rows(rest, &rows));
    if (rows.meta.columns_n < 3) return FAIL(FRAME_BAD);
    return filter(s, picture, prefix.message, &rows, w);
}

void describing_pass(struct session *s, int16_t stream, const struct frame_header *h, bytes body)
{
    struct wr *w = &session_worker(s)->scratch;
    w->n = 0;
    if (!err_is_ok(rewrite(s, h, body, w))) {
        session_error(s, stream, RESPONSE_SERVER_ERROR, "The description could not be filtered");
        return;
    }
    struct frame_header own = *h;
    own.flags = 0;
    own.body_len = (uint32_t)w->n;
    reply_write(s, stream, &own, wr_view(w));
}
