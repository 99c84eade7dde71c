/* Gathers the rows of one reading of a cluster, and draws nodes, facts and schema out of them. */
#include "cluster/picture.h"

#include "base/hash.h"
#include "base/list.h"
#include "cluster/release.h"
#include "statement/schema.h"

#include <stdlib.h>

enum { TABLES_MAX = 64, NODES_MAX = 4096, INT_BYTES = 4, UUID_BYTES = 16 };

static struct picture_table *find_table(const struct picture *p, bytes keyspace, bytes name)
{
    for (size_t i = 0; i < p->tables_n; i++) {
        struct picture_table *t = &p->tables[i];
        if (bytes_eq(t->name, name) && bytes_eq(t->keyspace, keyspace)) return t;
    }
    return NULL;
}

const struct picture_table *picture_table(const struct picture *p, bytes keyspace, bytes name)
{
    return find_table(p, keyspace, name);
}

size_t picture_column(const struct picture_table *t, const char *name)
{
    size_t i = 0;
    while (i < t->columns_n && !bytes_eq_text(t->columns[i].name, name))
        i++;
    return i;
}

bytes picture_cell(const struct picture_table *t, size_t row, const char *column)
{
    const size_t at = picture_column(t, column);
    return at < t->columns_n && row < t->rows_n ? t->cells[row * t->columns_n + at] : (bytes){0};
}

/* --- rows --- */

err picture_new(struct picture **out)
{
    struct picture *p = calloc(1, sizeof *p);
    if (!p) return FAIL(NO_MEMORY);
    arena_init(&p->arena, PICTURE_BYTES_MAX);
    p->tables = arena_take_array(&p->arena, TABLES_MAX, sizeof *p->tables);
    if (!p->tables) {
        picture_free(p);
        return FAIL(NO_MEMORY);
    }
    *out = p;
    return DONE;
}

void picture_free(struct picture *p)
{
    if (!p) return;
    for (size_t i = 0; i < p->tables_n; i++)
        free(p->tables[i].cells);
    arena_drop(&p->arena);
    free(p);
}

static void free_retired(struct grace *g)
{
    picture_free(LIST_OF(g, struct picture, grace));
}

void picture_retire(struct picture *p)
{
    if (p) grace_call(&p->grace, free_retired);
}

static err add_table(struct picture *p, bytes keyspace, bytes name,
                     const struct response_metadata *meta, struct picture_table **out)
{
    if (p->tables_n == TABLES_MAX) return FAIL(NO_MEMORY);
    struct picture_table t = {.keyspace = arena_copy(&p->arena, keyspace),
                              .name = arena_copy(&p->arena, name),
                              .columns_n = meta->columns_n};
    struct response_column *columns = arena_take_array(&p->arena, t.columns_n, sizeof *columns);
    struct rd r = rd_over(arena_copy(&p->arena, meta->columns));
    if (p->arena.bad) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < t.columns_n; i++) {
        if (!response_next_column(&r, meta, &columns[i])) return FAIL(FRAME_BAD);
        columns[i].keyspace = t.keyspace;
        columns[i].table = t.name;
    }
    t.columns = columns;
    *out = &p->tables[p->tables_n++];
    **out = t;
    return DONE;
}

/* Room for more rows; doubles. */
static err reserve(struct picture_table *t, size_t rows)
{
    const size_t need = t->rows_n + rows;
    if (need <= t->rows_size) return DONE;
    size_t size = t->rows_size ? t->rows_size : 16;
    while (size < need)
        size *= 2;
    if (size > SIZE_MAX / sizeof(bytes) / (t->columns_n + 1)) return FAIL(NO_MEMORY);
    bytes *cells = realloc(t->cells, size * t->columns_n * sizeof *cells);
    if (!cells) return FAIL(NO_MEMORY);
    t->cells = cells;
    t->rows_size = size;
    return DONE;
}

/* An empty cell is not a null one: it points somewhere. */
static bytes kept_cell(bytes cell, bool null)
{
    static const uint8_t nothing;
    if (null) return (bytes){0};
    return cell.n ? cell : (bytes){&nothing, 0};
}

err picture_add_rows(struct picture *p, bytes keyspace, bytes name,
                     const struct response_rows *rows)
{
    struct picture_table *t = find_table(p, keyspace, name);
    if (!t) TRY(add_table(p, keyspace, name, &rows->meta, &t));
    if (t->columns_n != rows->meta.columns_n) return FAIL(FRAME_BAD);
    if (rows->rows_n > rows->cells.n) return FAIL(FRAME_SHORT); /* a cell has four bytes at least */
    TRY(reserve(t, rows->rows_n));
    struct rd r = rd_over(arena_copy(&p->arena, rows->cells));
    if (p->arena.bad) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < rows->rows_n * t->columns_n; i++) {
        bytes cell;
        bool null;
        TRY(response_next_cell(&r, &cell, &null));
        t->cells[t->rows_n * t->columns_n + i] = kept_cell(cell, null);
    }
    t->rows_n += rows->rows_n;
    return DONE;
}

err picture_add_grant(struct picture *p, bytes resource, bytes permission)
{
    struct picture_grant *g = arena_take(&p->arena, sizeof *g);
    if (!g) return FAIL(NO_MEMORY);
    g->next = p->grants;
    g->resource = arena_copy(&p->arena, resource);
    g->permission = arena_copy(&p->arena, permission);
    if (p->arena.bad) return FAIL(NO_MEMORY);
    p->grants = g;
    return DONE;
}

/* --- nodes --- */

static bool read_uuid(bytes cell, struct uuid *out)
{
    if (cell.n != UUID_BYTES) return false;
    memcpy(out->b, cell.p, UUID_BYTES);
    return true;
}

static bool is_any_address(bytes a)
{
    for (size_t i = 0; i < a.n; i++) {
        if (a.p[i]) return false;
    }
    return true;
}

static bool set_address(struct picture_node *n, bytes address, uint32_t port)
{
    if ((address.n != 4 && address.n != 16) || port == 0 || port > UINT16_MAX) return false;
    memcpy(n->address, address.p, address.n);
    n->address_n = address.n;
    n->port = (uint16_t)port;
    return true;
}

/* What a row of local and of both peers tables has alike; false: a row that nobody can use. */
static bool read_node(const struct picture_table *t, size_t row, struct picture_node *n)
{
    n->dc = picture_cell(t, row, "data_center");
    n->rack = picture_cell(t, row, "rack");
    n->release_version = picture_cell(t, row, "release_version");
    (void)read_uuid(picture_cell(t, row, "schema_version"), &n->schema_version);
    return read_uuid(picture_cell(t, row, "host_id"), &n->host_id) && n->dc.n;
}

static uint32_t read_port(bytes cell, uint16_t otherwise)
{
    struct rd r = rd_over(cell);
    const uint32_t port = rd_u32be(&r);
    return r.bad ? otherwise : port;
}

static bool read_peer(const struct picture_table *t, size_t row, uint16_t port,
                      struct picture_node *n)
{
    bytes address = picture_cell(t, row, "native_address");
    if (!address.n) address = picture_cell(t, row, "rpc_address");
    if (!address.n || is_any_address(address)) address = picture_cell(t, row, "peer");
    return read_node(t, row, n) &&
           set_address(n, address, read_port(picture_cell(t, row, "native_port"), port));
}

/* NULL: a cluster of one. */
static const struct picture_table *peers_of(const struct picture *p)
{
    const struct picture_table *t = picture_table(p, BYTES("system"), BYTES("peers_v2"));
    return t ? t : picture_table(p, BYTES("system"), BYTES("peers"));
}

static void add_peers(struct picture *p, uint16_t port)
{
    const struct picture_table *t = peers_of(p);
    for (size_t row = 0; t && row < t->rows_n && p->nodes_n < NODES_MAX; row++) {
        struct picture_node n = {0};
        if (read_peer(t, row, port, &n)) p->nodes[p->nodes_n++] = n;
    }
}

static err read_nodes(struct picture *p, bytes address, uint16_t port)
{
    const struct picture_table *local = picture_table(p, BYTES("system"), BYTES("local"));
    if (!local || local->rows_n == 0) return FAIL(FRAME_BAD);
    const struct picture_table *peers = peers_of(p);
    struct picture_node *nodes =
        arena_take_array(&p->arena, 1 + (peers ? peers->rows_n : 0), sizeof *nodes);
    if (!nodes) return FAIL(NO_MEMORY);
    if (!read_node(local, 0, &nodes[0]) || !set_address(&nodes[0], address, port)) {
        return FAIL(FRAME_BAD);
    }
    p->nodes = nodes;
    p->nodes_n = 1;
    p->schema_version = nodes[0].schema_version;
    p->cluster_name = picture_cell(local, 0, "cluster_name");
    p->cql_version = picture_cell(local, 0, "cql_version");
    add_peers(p, port);
    return DONE;
}

/* The local datacenter, the lowest release, and whether all have the same schema. */
static void read_facts(struct picture *p, bytes dc)
{
    struct picture_node *nodes = p->nodes;
    p->dc = dc.n ? arena_copy(&p->arena, dc) : nodes[0].dc;
    p->release_version = nodes[0].release_version;
    p->agreed = true;
    for (size_t i = 0; i < p->nodes_n; i++) {
        nodes[i].is_local = bytes_eq(nodes[i].dc, p->dc);
        p->local_n += nodes[i].is_local;
        if (!uuid_eq(&nodes[i].schema_version, &p->schema_version)) p->agreed = false;
        if (release_compare(nodes[i].release_version, p->release_version) < 0) {
            p->release_version = nodes[i].release_version;
        }
    }
    p->check.old_server = release_is_old(p->release_version);
}

void picture_write_datacenters(const struct picture *p, struct wr *w)
{
    for (size_t i = 0; i < p->nodes_n; i++) {
        size_t before = 0;
        while (before < i && !bytes_eq(p->nodes[before].dc, p->nodes[i].dc))
            before++;
        if (before < i) continue;
        if (i > 0) wr_text(w, ", ");
        wr_bytes(w, p->nodes[i].dc);
    }
}

/* --- schema --- */

static enum schema_column_kind column_kind(bytes kind)
{
    if (bytes_eq_text(kind, "partition_key")) return SCHEMA_COLUMN_PARTITION_KEY;
    if (bytes_eq_text(kind, "clustering")) return SCHEMA_COLUMN_CLUSTERING;
    if (bytes_eq_text(kind, "static")) return SCHEMA_COLUMN_STATIC;
    return SCHEMA_COLUMN_REGULAR;
}

static err add_keyspace(struct schema *s, const struct picture_table *t, size_t row)
{
    return schema_add_keyspace(s, picture_cell(t, row, "keyspace_name"));
}

static err add_a_table(struct schema *s, const struct picture_table *t, size_t row)
{
    return schema_add_table(s, picture_cell(t, row, "keyspace_name"),
                            picture_cell(t, row, "table_name"));
}

static err add_column(struct schema *s, const struct picture_table *t, size_t row)
{
    return schema_add_column(
        s, picture_cell(t, row, "keyspace_name"), picture_cell(t, row, "table_name"),
        picture_cell(t, row, "column_name"), column_kind(picture_cell(t, row, "kind")),
        picture_cell(t, row, "type"));
}

static err add_view(struct schema *s, const struct picture_table *t, size_t row)
{
    return schema_add_view(s, picture_cell(t, row, "keyspace_name"),
                           picture_cell(t, row, "view_name"),
                           picture_cell(t, row, "base_table_name"));
}

static err add_index(struct schema *s, const struct picture_table *t, size_t row)
{
    return schema_add_index(s, picture_cell(t, row, "keyspace_name"),
                            picture_cell(t, row, "table_name"), picture_cell(t, row, "index_name"));
}

static err add_type(struct schema *s, const struct picture_table *t, size_t row)
{
    return schema_add_type(s, picture_cell(t, row, "keyspace_name"),
                           picture_cell(t, row, "type_name"));
}

static err add_function(struct schema *s, const struct picture_table *t, size_t row)
{
    return schema_add_function(s, picture_cell(t, row, "keyspace_name"),
                               picture_cell(t, row, "function_name"));
}

static err add_aggregate(struct schema *s, const struct picture_table *t, size_t row)
{
    return schema_add_aggregate(
        s, picture_cell(t, row, "keyspace_name"), picture_cell(t, row, "aggregate_name"),
        picture_cell(t, row, "state_func"), picture_cell(t, row, "final_func"));
}

static err add_all(struct picture *p, const char *keyspace, const char *name,
                   err (*add)(struct schema *, const struct picture_table *, size_t))
{
    const struct picture_table *t = picture_table(p, bytes_of_text(keyspace), bytes_of_text(name));
    for (size_t row = 0; t && row < t->rows_n; row++)
        TRY(add(p->schema, t, row));
    return DONE;
}

static err build_schema(struct picture *p)
{
    static const struct {
        const char *name;
        err (*add)(struct schema *, const struct picture_table *, size_t);
    } parts[] = {
        {"keyspaces", add_keyspace}, {"tables", add_a_table},       {"views", add_view},
        {"columns", add_column},     {"indexes", add_index},        {"types", add_type},
        {"functions", add_function}, {"aggregates", add_aggregate},
    };
    TRY(schema_new(&p->arena, hash_seed_new(), &p->schema));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        TRY(add_all(p, "system_schema", parts[i].name, parts[i].add));
    }
    TRY(add_all(p, "system_virtual_schema", "keyspaces", add_keyspace));
    TRY(add_all(p, "system_virtual_schema", "tables", add_a_table));
    return add_all(p, "system_virtual_schema", "columns", add_column);
}

err picture_finish(struct picture *p, bytes dc, bytes local_address, uint16_t local_port)
{
    TRY(read_nodes(p, local_address, local_port));
    read_facts(p, dc);
    return build_schema(p);
}

/* --- comparing --- */

static bool same_cell(bytes a, bytes b)
{
    return (a.p == NULL) == (b.p == NULL) && bytes_eq(a, b);
}

static bool same_table(const struct picture_table *a, const struct picture_table *b)
{
    if (a->columns_n != b->columns_n || a->rows_n != b->rows_n) return false;
    for (size_t i = 0; i < a->columns_n; i++) {
        if (!bytes_eq(a->columns[i].name, b->columns[i].name)) return false;
        if (!bytes_eq(a->columns[i].type, b->columns[i].type)) return false;
    }
    for (size_t i = 0; i < a->rows_n * a->columns_n; i++) {
        if (!same_cell(a->cells[i], b->cells[i])) return false;
    }
    return true;
}

static bool same_grants(const struct picture *a, const struct picture *b)
{
    const struct picture_grant *g = a->grants;
    const struct picture_grant *h = b->grants;
    while (g && h && bytes_eq(g->resource, h->resource) && bytes_eq(g->permission, h->permission)) {
        g = g->next;
        h = h->next;
    }
    return !g && !h && a->grants_known == b->grants_known;
}

bool picture_is_same(const struct picture *a, const struct picture *b, bool schema_only)
{
    if (a->tables_n != b->tables_n) return false;
    for (size_t i = 0; i < a->tables_n; i++) {
        const struct picture_table *t = &a->tables[i];
        const struct picture_table *u = picture_table(b, t->keyspace, t->name);
        if (!u) return false;
        if (schema_only && bytes_eq(t->keyspace, BYTES("system"))) continue;
        if (!same_table(t, u)) return false;
    }
    if (schema_only) return true;
    return memcmp(&a->check, &b->check, sizeof a->check) == 0 && same_grants(a, b);
}
