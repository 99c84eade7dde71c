/* Rows of system_schema, copied and put in order. What is beyond a cap is left out and said. */
#include "serve/port_schema.h"

#include "base/rd.h"
#include "cluster/picture.h"
#include "gateway/gateway.h"
#include "net/address.h"
#include "serve/ports.h"
#include "statement/statement.h"

#include <stdlib.h>

enum { REPLICATION_MAX = 512, OPTIONS_MAX = 64 };

/* --- keyspaces --- */

struct looking {
    struct arena *arena;
    bool system;
    size_t most; /* tables */
    struct api_keyspace *keyspaces;
    size_t keyspaces_n;
    bool cut;
};

static int compare(bytes x, bytes y)
{
    const size_t n = x.n < y.n ? x.n : y.n;
    const int order = n ? memcmp(x.p, y.p, n) : 0;
    return order ? order : (x.n > y.n) - (x.n < y.n);
}

static int by_keyspace(const void *a, const void *b)
{
    const struct api_keyspace *x = a;
    const struct api_keyspace *y = b;
    return compare(x->name, y->name);
}

static int by_table(const void *a, const void *b)
{
    const struct api_table *x = a;
    const struct api_table *y = b;
    return compare(x->name, y->name);
}

/* "SimpleStrategy, replication_factor: 1" of a map's bytes. */
static bytes replication(struct arena *a, bytes cell)
{
    char room[REPLICATION_MAX];
    char rest_room[REPLICATION_MAX];
    struct wr w = wr_fixed(room, sizeof room);
    struct wr rest = wr_fixed(rest_room, sizeof rest_room);
    struct rd r = rd_over(cell);
    bytes class = {0};
    const uint32_t n = rd_u32be(&r);
    for (uint32_t i = 0; i < n && i < OPTIONS_MAX && !r.bad; i++) {
        const bytes key = rd_bytes32(&r);
        const bytes value = rd_bytes32(&r);
        if (r.bad) break;
        if (bytes_eq_text(key, "class")) {
            class = value;
        } else {
            wr_format(&rest, ", %.*s: %.*s", BYTES_FMT(key), BYTES_FMT(value));
        }
    }
    for (size_t i = class.n; i > 0; i--) {
        if (class.p[i - 1] != '.') continue;
        class = bytes_part(class, i, class.n);
        break;
    }
    wr_bytes(&w, class);
    wr_bytes(&w, wr_view(&rest));
    return w.bad || rest.bad || r.bad ? (bytes){0} : arena_copy(a, wr_view(&w));
}

static void take_keyspaces(struct looking *k, const struct picture *p)
{
    const struct picture_table *t = picture_table(p, BYTES("system_schema"), BYTES("keyspaces"));
    if (!t) return;
    const size_t most = t->rows_n < API_KEYSPACES_MAX ? t->rows_n : API_KEYSPACES_MAX;
    k->keyspaces = arena_take_array(k->arena, most + 1, sizeof *k->keyspaces);
    for (size_t i = 0; k->keyspaces && i < most; i++) {
        const bytes name = picture_cell(t, i, "keyspace_name");
        if (!k->system && statement_is_system_keyspace(name)) continue;
        k->keyspaces[k->keyspaces_n++] =
            (struct api_keyspace){.name = arena_copy(k->arena, name),
                                  .system = statement_is_system_keyspace(name),
                                  .replication =
                                      replication(k->arena, picture_cell(t, i, "replication"))};
    }
    k->cut = most < t->rows_n;
    if (k->keyspaces_n) qsort(k->keyspaces, k->keyspaces_n, sizeof *k->keyspaces, by_keyspace);
}

/* The rows of one keyspace stand together: from `row` on; returns where the next one begins. */
static size_t end_of(const struct picture_table *t, size_t row)
{
    const bytes keyspace = picture_cell(t, row, "keyspace_name");
    size_t end = row + 1;
    while (end < t->rows_n && bytes_eq(picture_cell(t, end, "keyspace_name"), keyspace)) end++;
    return end;
}

static struct api_keyspace *find(struct looking *k, bytes name)
{
    const struct api_keyspace key = {.name = name};
    if (k->keyspaces_n == 0) return NULL;
    return bsearch(&key, k->keyspaces, k->keyspaces_n, sizeof key, by_keyspace);
}

/* Adds to what the keyspace has: views come after tables. */
static void add(struct looking *k, const struct picture_table *t, size_t from, size_t to,
                const char *column, bool view)
{
    struct api_keyspace *ks = find(k, picture_cell(t, from, "keyspace_name"));
    if (!ks) return;
    size_t n = to - from;
    if (n > k->most) {
        n = k->most;
        k->cut = true;
    }
    struct api_table *list = arena_take_array(k->arena, ks->tables_n + n + 1, sizeof *list);
    if (!list) return;
    if (ks->tables_n) memcpy(list, ks->tables, ks->tables_n * sizeof *list);
    for (size_t i = 0; i < n; i++) {
        list[ks->tables_n + i] = (struct api_table){
            .name = arena_copy(k->arena, picture_cell(t, from + i, column)), .view = view};
    }
    ks->tables = list;
    ks->tables_n += n;
    k->most -= n;
    if (ks->tables_n) qsort(list, ks->tables_n, sizeof *list, by_table);
}

static void take_tables(struct looking *k, const struct picture *p, const char *table,
                        const char *column, bool view)
{
    const struct picture_table *t =
        picture_table(p, BYTES("system_schema"), bytes_of_text(table));
    size_t row = 0;
    while (t && row < t->rows_n) {
        const size_t end = end_of(t, row);
        add(k, t, row, end, column, view);
        row = end;
    }
}

static void show_schema(void *owner, const struct picture *p)
{
    struct looking *k = owner;
    take_keyspaces(k, p);
    take_tables(k, p, "tables", "table_name", false);
    take_tables(k, p, "views", "view_name", true);
}

bool port_schema_read(void *owner, const struct uuid *database, bool system, size_t tables,
                      struct arena *a, struct api_schema *out)
{
    const struct ports *p = owner;
    struct looking k = {.arena = a,
                        .system = system,
                        .most = tables < API_TABLES_MAX ? tables : API_TABLES_MAX};
    if (!gateway_show_picture(p->gateway, database, show_schema, &k)) return false;
    *out = (struct api_schema){k.keyspaces, k.keyspaces_n, k.cut};
    return true;
}

/* --- nodes --- */

struct counting {
    struct gateway *gateway;
    const struct uuid *database;
    struct arena *arena;
    struct api_node *list;
    struct uuid *ids;
    size_t n;
    struct uuid schema_version;
};

static void show_nodes(void *owner, const struct picture *p)
{
    struct counting *c = owner;
    const size_t most = p->nodes_n < API_NODES_MAX ? p->nodes_n : API_NODES_MAX;
    c->schema_version = p->schema_version;
    c->list = arena_take_array(c->arena, most + 1, sizeof *c->list);
    c->ids = arena_take_array(c->arena, most + 1, sizeof *c->ids);
    for (size_t i = 0; !c->arena->bad && i < most; i++) {
        const struct picture_node *n = &p->nodes[i];
        struct address a = {.family = n->address_n == 4 ? ADDRESS_V4 : ADDRESS_V6,
                            .port = n->port};
        char text[ADDRESS_TEXT_SIZE];
        memcpy(a.ip, n->address, n->address_n);
        address_write(&a, text);
        c->ids[i] = n->host_id;
        c->list[i] = (struct api_node){.address = arena_copy(c->arena, bytes_of_text(text)),
                                       .used = n->is_local,
                                       .datacenter = arena_copy(c->arena, n->dc),
                                       .rack = arena_copy(c->arena, n->rack),
                                       .version = arena_copy(c->arena, n->release_version)};
        c->n++;
    }
}

bool port_schema_nodes(void *owner, const struct uuid *database, struct arena *a,
                       struct api_nodes *out)
{
    const struct ports *p = owner;
    struct gateway_status status;
    struct counting c = {.gateway = p->gateway, .database = database, .arena = a};
    if (!gateway_read_status(p->gateway, database, &status)) return false;
    (void)gateway_show_picture(p->gateway, database, show_nodes, &c);
    for (size_t i = 0; i < c.n; i++) {
        c.list[i].up = gateway_reaches(p->gateway, database, &c.ids[i]);
    }
    *out = (struct api_nodes){c.list, c.n, status.schema_read_ms, c.schema_version};
    return true;
}
