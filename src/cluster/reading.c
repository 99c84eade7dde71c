/* All tables are asked for at once, page by page; what an older server lacks is left out. */
#include "cluster/reading.h"

#include "cql/request.h"

#include <assert.h>
#include <stdio.h>

enum { QUERY_MAX = 2048 };

/* What is read. Without `table` it is about the gateway's own role and only looked through. */
static const struct {
    const char *keyspace;
    const char *table;
    const char *text; /* of the others: %s is the role, quoted */
    bool needed;
} queries[] = {
    {"system", "local", NULL, true},
    {"system", "peers", NULL, false},
    {"system", "peers_v2", NULL, false},
    {"system_schema", "keyspaces", NULL, true},
    {"system_schema", "tables", NULL, true},
    {"system_schema", "columns", NULL, true},
    {"system_schema", "types", NULL, false},
    {"system_schema", "functions", NULL, false},
    {"system_schema", "aggregates", NULL, false},
    {"system_schema", "triggers", NULL, false},
    {"system_schema", "indexes", NULL, false},
    {"system_schema", "views", NULL, false},
    {"system_schema", "dropped_columns", NULL, false},
    {"system_schema", "column_masks", NULL, false},
    {"system_virtual_schema", "keyspaces", NULL, false},
    {"system_virtual_schema", "tables", NULL, false},
    {"system_virtual_schema", "columns", NULL, false},
    {NULL, NULL, "LIST ROLES OF %s", false},
    {NULL, NULL, "LIST ALL PERMISSIONS OF %s", false},
};
enum { QUERIES_N = sizeof queries / sizeof queries[0], ROLES_ROW = 17, GRANTS_ROW = 18 };

static void end(struct reading *r)
{
    struct picture *p = r->picture;
    r->running = false;
    r->picture = NULL;
    if (!err_is_ok(r->failed)) {
        picture_free(p);
        p = NULL;
    }
    r->done(r, r->failed, p);
}

/* The role as an identifier of CQL, quotes doubled. */
static void quote_role(const char *role, char *out, size_t size)
{
    struct wr w = wr_fixed(out, size - 1);
    wr_u8(&w, '"');
    for (; *role; role++) {
        if (*role == '"') wr_u8(&w, '"');
        wr_u8(&w, (uint8_t)*role);
    }
    wr_u8(&w, '"');
    out[w.n] = 0;
}

static void write_text(const struct reading *r, unsigned row, struct wr *w)
{
    char role[2 * sizeof r->role + 3];
    if (queries[row].table) {
        wr_format(w, "SELECT * FROM %s.%s", queries[row].keyspace, queries[row].table);
        return;
    }
    quote_role(r->role, role, sizeof role);
    const char *text = queries[row].text;
    const char *at = strstr(text, "%s");
    wr_bytes(w, bytes_of(text, (size_t)(at - text)));
    wr_text(w, role);
    wr_text(w, at + 2);
}

static err ask(struct reading *r, struct reading_part *part, uint32_t kind, bytes paging_state)
{
    char room[QUERY_MAX];
    int16_t stream;
    size_t begun;
    struct wr text = wr_fixed(room, sizeof room);
    struct upstream_slot *slot = upstream_take(r->up, &stream);
    if (!slot) return FAIL(NOT_READY);
    slot->owner = part;
    slot->generation = r->number;
    slot->statement = kind;
    write_text(r, part->row, &text);
    const struct request_params params = {
        .consistency = REQUEST_CONSISTENCY_ONE,
        .flags = REQUEST_FLAG_PAGE_SIZE | REQUEST_FLAG_PAGING_STATE,
        .page_size = READING_PAGE,
        .paging_state = paging_state,
    };
    struct wr *w = upstream_begin(r->up, stream, 0, OPCODE_QUERY, &begun);
    request_write_query(w, wr_view(&text), &params);
    return upstream_end(r->up, stream, begun);
}

err reading_start(struct reading *r, struct upstream *up, uint32_t kind)
{
    static_assert((int)QUERIES_N <= (int)READING_PARTS_MAX, "a part for every query");
    reading_cancel(r);
    TRY(picture_new(&r->picture));
    r->up = up;
    r->number++;
    r->failed = DONE;
    r->outstanding = 0;
    for (unsigned row = 0; row < QUERIES_N; row++) {
        r->parts[row] = (struct reading_part){r, row};
        const err e = ask(r, &r->parts[row], kind, (bytes){0});
        if (!err_is_ok(e)) {
            reading_cancel(r);
            return e;
        }
        r->outstanding++;
    }
    r->running = true;
    return DONE;
}

void reading_cancel(struct reading *r)
{
    picture_free(r->picture);
    r->picture = NULL;
    r->number++;
    r->running = false;
}

/* --- the gateway's own role --- */

/* One cell of a row that is only looked through. */
static bytes cell_named(const struct response_rows *rows, const bytes *cells, const char *name)
{
    struct rd r = rd_over(rows->meta.columns);
    struct response_column c;
    for (size_t i = 0; response_next_column(&r, &rows->meta, &c); i++) {
        if (bytes_eq_text(c.name, name)) return cells[i];
    }
    return (bytes){0};
}

static void look_at_role(struct picture_check *check, bytes super)
{
    if (super.n == 1 && super.p[0]) check->superuser = true;
}

/* CREATE on all keyspaces is what creating keyspaces takes; everything else there reaches
 * system_auth. */
static void look_at_grant(struct picture_check *check, bytes resource, bytes permission)
{
    const bool keyspaces = bytes_eq_text(resource, "<all keyspaces>");
    const bool roles = bytes_eq_text(resource, "<all roles>");
    if (!roles && (!keyspaces || bytes_eq_text(permission, "CREATE"))) return;
    if (check->root_grants) return;
    check->root_grants = true;
    (void)snprintf(check->root_grant, sizeof check->root_grant, "%.*s on %.*s",
                   BYTES_FMT(permission), BYTES_FMT(resource));
}

static err look_through(struct picture *p, unsigned row, const struct response_rows *rows)
{
    enum { LOOK_COLUMNS_MAX = 32 };
    bytes cells[LOOK_COLUMNS_MAX];
    struct rd r = rd_over(rows->cells);
    if (rows->meta.columns_n > LOOK_COLUMNS_MAX) return FAIL(FRAME_BAD);
    for (uint32_t i = 0; i < rows->rows_n; i++) {
        for (uint32_t c = 0; c < rows->meta.columns_n; c++) {
            bool null;
            TRY(response_next_cell(&r, &cells[c], &null));
        }
        if (row == ROLES_ROW) look_at_role(&p->check, cell_named(rows, cells, "super"));
        if (row != GRANTS_ROW) continue;
        const bytes resource = cell_named(rows, cells, "resource");
        const bytes permission = cell_named(rows, cells, "permission");
        look_at_grant(&p->check, resource, permission);
        TRY(picture_add_grant(p, resource, permission));
    }
    return DONE;
}

/* --- answers --- */

static err take_rows(struct reading *r, struct reading_part *part, uint32_t kind,
                     const struct frame_header *h, bytes body)
{
    struct response_prefix prefix;
    struct response_rows rows;
    enum response_kind result;
    bytes rest;
    TRY(response_open(h->flags, body, &prefix));
    TRY(response_read_kind(prefix.message, &result, &rest));
    if (part->row == GRANTS_ROW) r->picture->grants_known = true;
    if (result == RESPONSE_VOID && !queries[part->row].table) return DONE; /* LIST of nothing */
    if (result != RESPONSE_ROWS) return FAIL(FRAME_BAD);
    TRY(response_read_rows(rest, &rows));
    if (queries[part->row].table) {
        TRY(picture_add_rows(r->picture, bytes_of_text(queries[part->row].keyspace),
                             bytes_of_text(queries[part->row].table), &rows));
    } else {
        TRY(look_through(r->picture, part->row, &rows));
    }
    if (!(rows.meta.flags & RESPONSE_META_MORE_PAGES)) return DONE;
    TRY(ask(r, part, kind, rows.meta.paging_state));
    r->outstanding++;
    return DONE;
}

void reading_reply(struct reading *r, const struct upstream_slot *slot,
                   const struct frame_header *h, bytes body)
{
    struct reading_part *part = slot->owner;
    if (!r->running || slot->generation != r->number) return;
    err e = FAIL(NOT_READY);
    if (h->opcode == OPCODE_RESULT) e = take_rows(r, part, slot->statement, h, body);
    const bool matters = h->opcode == OPCODE_RESULT || queries[part->row].needed;
    if (!err_is_ok(e) && matters && err_is_ok(r->failed)) r->failed = e;
    r->outstanding--;
    if (r->outstanding == 0) end(r);
}
