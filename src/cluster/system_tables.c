/* The node's own row with the gateway's addresses in it, and no peers. */
#include "cluster/system_tables.h"

#include "cluster/table_select.h"

/* A source of rows out of the picture. `own` replaces the cells of the only row, where they are
 * set. */
struct picture_source {
    struct table_source base;
    const struct picture_table *table;
    struct schema_tables schema;
    bytes *own;
};

static const struct picture_source *of(const struct table_source *s)
{
    return (const struct picture_source *)(const void *)s;
}

static bytes cell_of_table(const struct table_source *s, size_t row, size_t column)
{
    return of(s)->table->cells[row * of(s)->table->columns_n + column];
}

static bytes cell_of_own_row(const struct table_source *s, size_t row, size_t column)
{
    (void)row;
    return of(s)->own[column];
}

static bool shows_row(const struct table_source *s, size_t row)
{
    return schema_tables_shows(&of(s)->schema, row);
}

/* --- the row of system.local --- */

static err set(struct picture_source *s, const char *column, bytes value, struct arena *arena)
{
    const size_t at = picture_column(s->table, column);
    if (at == s->table->columns_n) return DONE;
    s->own[at] = arena_copy(arena, value);
    return arena->bad ? FAIL(NO_MEMORY) : DONE;
}

static err set_address(struct picture_source *s, const struct address *a, struct arena *arena)
{
    static const char *const addresses[] = {"broadcast_address", "listen_address", "rpc_address"};
    static const char *const ports[] = {"broadcast_port", "listen_port", "rpc_port"};
    const uint8_t port[] = {0, 0, (uint8_t)(a->port >> 8), (uint8_t)a->port};
    const bytes ip = bytes_of(a->ip, a->family == ADDRESS_V6 ? 16 : 4);
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        TRY(set(s, addresses[i], ip, arena));
        TRY(set(s, ports[i], bytes_of(port, sizeof port), arena));
    }
    return DONE;
}

/* One token, so that whoever is aware of tokens finds all of the ring here. */
static err set_tokens(struct picture_source *s, struct arena *arena)
{
    uint8_t room[32];
    struct wr w = wr_fixed(room, sizeof room);
    wr_u32be(&w, 1);
    wr_bytes32(&w, BYTES("0"));
    return set(s, "tokens", wr_view(&w), arena);
}

static err set_identity(struct picture_source *s, const struct system_view *view,
                        struct arena *arena)
{
    char text[ADDRESS_TEXT_SIZE];
    address_write(&view->advertised, text);
    const struct uuid id = uuid_from_name(&view->database, bytes_of_text(text));
    TRY(set(s, "host_id", bytes_of(id.b, sizeof id.b), arena));
    TRY(set(s, "native_protocol_version", BYTES("4"), arena));
    TRY(set(s, "data_center", view->picture->dc, arena));
    return set(s, "release_version", view->picture->release_version, arena);
}

static err open_local(struct picture_source *s, const struct system_view *view, struct arena *arena)
{
    s->own = arena_take_array(arena, s->table->columns_n, sizeof *s->own);
    if (!s->own) return FAIL(NO_MEMORY);
    memcpy(s->own, s->table->cells, s->table->columns_n * sizeof *s->own);
    s->base.rows_n = 1;
    s->base.cell = cell_of_own_row;
    TRY(set_address(s, &view->advertised, arena));
    TRY(set_tokens(s, arena));
    return set_identity(s, view, arena);
}

/* --- which table --- */

static err no_such_table(const struct statement *what, struct note *note)
{
    return note_fail(note, FAIL(CQL_INVALID), "table %.*s.%.*s does not exist",
                     BYTES_FMT(what->keyspace), BYTES_FMT(what->table));
}

static err open_source(const struct system_view *view, const struct statement *what,
                       struct arena *arena, struct picture_source *s, struct note *note)
{
    const struct picture_table *t = picture_table(view->picture, what->keyspace, what->table);
    if (!t) return no_such_table(what, note);
    *s = (struct picture_source){.table = t};
    s->base = (struct table_source){.keyspace = t->keyspace,
                                    .table = t->name,
                                    .columns = t->columns,
                                    .columns_n = t->columns_n,
                                    .cell = cell_of_table};
    if (what->route == STATEMENT_ROUTE_LOCAL_SYSTEM) {
        const bool local = bytes_eq(t->name, BYTES("local")) && t->rows_n > 0;
        return local ? open_local(s, view, arena) : DONE; /* peers: none */
    }
    if (what->route != STATEMENT_ROUTE_SCHEMA) return no_such_table(what, note);
    const err e = schema_tables_open(view->picture, t, &view->eyes, arena, &s->schema);
    if (e.code == ERR_CQL_INVALID) return no_such_table(what, note);
    s->base.rows_n = t->rows_n;
    s->base.shows = shows_row;
    return e;
}

err system_tables_answer(const struct system_view *view, const struct statement *what,
                         const struct request_params *params, struct response_to to,
                         struct arena *arena, struct wr *w, struct note *note)
{
    struct picture_source source;
    TRY(open_source(view, what, arena, &source, note));
    return table_select_run(&source.base, what, params, to, arena, w, note);
}

err system_tables_prepare(const struct system_view *view, const struct statement *what,
                          struct response_to to, bytes id, struct arena *arena, struct wr *w,
                          struct note *note)
{
    struct picture_source source;
    TRY(open_source(view, what, arena, &source, note));
    return table_select_prepare(&source.base, what, to, id, arena, w, note);
}
