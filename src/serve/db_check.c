#include "serve/db_check.h"

#include "base/utf8.h"
#include "gateway/gateway.h"
#include "cluster/picture.h"
#include "index/index.h"
#include "index/snapshot.h"
#include "serve/grants.h"
#include "serve/ports.h"
#include "serve/reach.h"
#include "statement/statement.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <urcu/urcu-memb.h>

enum { TEXT_MAX = 512, ROLE_MAX = 256, NAMED_MAX = 20, READ_WAIT_S = 5 };

struct checking {
    struct json_out *j;
    char role[2 * ROLE_MAX]; /* of the gateway, quotes doubled */
    bool ok;
    bool connecting; /* what is missing may come by itself in a moment */
};

/* --- reading anew --- */

/* Shared by who waits and by the reading; whoever comes last frees it. */
struct fresh {
    pthread_mutex_t lock;
    pthread_cond_t came;
    bool done;
    bool left;
};

static void drop_fresh(struct fresh *f)
{
    (void)pthread_cond_destroy(&f->came);
    (void)pthread_mutex_destroy(&f->lock);
    free(f);
}

static void on_read(void *owner, err e)
{
    struct fresh *f = owner;
    (void)e; /* what is known is shown, with the reason why it is not newer */
    (void)pthread_mutex_lock(&f->lock);
    const bool left = f->left;
    f->done = true;
    (void)pthread_cond_signal(&f->came);
    (void)pthread_mutex_unlock(&f->lock);
    if (left) drop_fresh(f);
}

/* Grants are no news that nodes announce, so they are read when somebody asks. */
static void read_anew(const struct ports *p, const struct uuid *database)
{
    struct fresh *f = calloc(1, sizeof *f);
    struct timespec until;
    if (!f) return;
    (void)pthread_mutex_init(&f->lock, NULL);
    (void)pthread_cond_init(&f->came, NULL);
    if (!err_is_ok(gateway_reload(p->gateway, database, f, on_read))) {
        drop_fresh(f);
        return;
    }
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += READ_WAIT_S;
    (void)pthread_mutex_lock(&f->lock);
    while (!f->done && pthread_cond_timedwait(&f->came, &f->lock, &until) == 0) {
    }
    const bool done = f->done;
    f->left = true;
    (void)pthread_mutex_unlock(&f->lock);
    if (done) drop_fresh(f);
}

/* --- findings --- */

static void finding(struct checking *c, const char *level, const char *text)
{
    json_out_object(c->j);
    json_out_pair(c->j, "level", bytes_of_text(level));
    json_out_pair(c->j, "text", bytes_of_text(text));
    json_out_end(c->j);
    if (strcmp(level, "error") == 0) c->ok = false;
}

/* The first of this kind; a long list says no more than a short one. */
static void find_dangers(struct checking *c, const struct picture *p, enum grant_danger danger,
                         const char *level, const char *advice)
{
    char text[TEXT_MAX];
    size_t n = 0;
    for (const struct picture_grant *g = p->grants; g && n < NAMED_MAX; g = g->next) {
        if (grants_danger(g->resource, g->permission) != danger) continue;
        (void)snprintf(text, sizeof text, "the gateway's role has %.*s on %.*s: %s",
                       BYTES_FMT(g->permission), BYTES_FMT(bytes_part(g->resource, 0, 200)),
                       advice);
        utf8_mend(text, strlen(text));
        finding(c, level, text);
        n++;
    }
}

static void find_grants(struct checking *c, const struct picture *p)
{
    if (!p->grants_known) {
        finding(c, "error",
                "the node does not list the rights of the gateway's role: is its authorizer "
                "CassandraAuthorizer? without one everybody who reaches a node may do everything");
        return;
    }
    find_dangers(c, p, GRANT_DANGEROUS, "error",
                 "that reaches roles and passwords (system_auth); revoke it and grant per keyspace");
    find_dangers(c, p, GRANT_NEEDLESS, "warn", "it has no use for that; revoke it");
}

static void find_in_picture(void *owner, const struct picture *p)
{
    struct checking *c = owner;
    char text[TEXT_MAX];
    (void)snprintf(text, sizeof text,
                   "the schema is read; %zu nodes are known in all datacenters, %.*s is used",
                   p->nodes_n, BYTES_FMT(bytes_part(p->dc, 0, 100)));
    utf8_mend(text, strlen(text));
    finding(c, "ok", text);
    if (p->check.superuser) {
        finding(
            c, "error",
            "the gateway's role is a superuser; make one that is not, with grants per keyspace");
    }
    find_grants(c, p);
    if (p->check.old_server) {
        finding(c, "warn",
                "a node is older than 4.1.8 or 5.0.3, which have known holes in roles and memory "
                "limits");
    }
}

/* --- nodes --- */

struct nodes {
    struct reach list[REACH_MAX];
    size_t n;
};

static void take_nodes(void *owner, const struct picture *p)
{
    struct nodes *all = owner;
    for (size_t i = 0; i < p->nodes_n && all->n < REACH_MAX; i++) {
        const struct picture_node *node = &p->nodes[i];
        if (!node->is_local) continue;
        struct address *to = &all->list[all->n++].to;
        *to = (struct address){.family = node->address_n == 4 ? ADDRESS_V4 : ADDRESS_V6,
                               .port = node->port};
        memcpy(to->ip, node->address, node->address_n);
    }
}

/* Which of them it is that cannot be reached. */
static void find_unreached(struct checking *c, const struct ports *p, const struct uuid *database)
{
    struct nodes all = {.n = 0};
    (void)gateway_show_picture(p->gateway, database, take_nodes, &all);
    reach_try(all.list, all.n);
    for (size_t i = 0; i < all.n; i++) {
        char address[ADDRESS_TEXT_SIZE];
        char text[TEXT_MAX];
        if (all.list[i].error == 0) continue;
        address_write(&all.list[i].to, address);
        (void)snprintf(text, sizeof text, "%s cannot be reached from here: %s", address,
                       strerrordesc_np(all.list[i].error));
        finding(c, "warn", text);
    }
}

static void find_at_door(struct checking *c, const struct ports *p, const struct uuid *database)
{
    struct gateway_status g;
    char text[TEXT_MAX];
    if (!gateway_read_status(p->gateway, database, &g)) {
        finding(c, "error", "the database's door is not open; the daemon's log says why");
        return;
    }
    c->connecting = g.cluster == GATEWAY_CLUSTER_CONNECTING;
    (void)snprintf(text, sizeof text, "%u of %u usable nodes are connected", g.nodes_up,
                   g.nodes_known);
    finding(c, g.nodes_up == 0 ? "error" : g.nodes_up < g.nodes_known ? "warn" : "ok", text);
    if (g.problem[0]) finding(c, "error", g.problem);
    if (g.nodes_up < g.nodes_known) find_unreached(c, p, database);
}

/* --- keyspaces --- */

static void write_names(struct checking *c, const char *key, unsigned set)
{
    json_out_key(c->j, key);
    json_out_array(c->j);
    for (unsigned i = 0; i < GRANT_COUNT; i++) {
        if (set & 1u << i) json_out_text(c->j, bytes_of_text(grant_rows[i].name));
    }
    json_out_end(c->j);
}

/* Calls `show` for every keyspace of applications. */
static void each_keyspace(struct checking *c, const struct picture *p,
                          void (*show)(struct checking *c, bytes keyspace, const struct grants *g))
{
    const struct picture_table *t = picture_table(p, BYTES("system_schema"), BYTES("keyspaces"));
    for (size_t i = 0; t && p->grants_known && i < t->rows_n; i++) {
        struct grants g;
        const bytes keyspace = picture_cell(t, i, "keyspace_name");
        if (statement_is_system_keyspace(keyspace)) continue;
        grants_of_keyspace(p, keyspace, &g);
        show(c, keyspace, &g);
    }
}

static void show_keyspace(struct checking *c, bytes keyspace, const struct grants *g)
{
    json_out_object(c->j);
    json_out_pair(c->j, "name", keyspace);
    write_names(c, "held", g->held);
    write_names(c, "missing", g->missing);
    write_names(c, "withoutSchemaChanges", g->left_out);
    json_out_end(c->j);
    if (g->missing) c->ok = false;
}

static void show_lines(struct checking *c, bytes keyspace, const struct grants *g)
{
    for (unsigned i = 0; i < GRANT_COUNT; i++) {
        char text[2 * TEXT_MAX];
        if (!(g->missing & 1u << i)) continue;
        const int n = snprintf(text, sizeof text, "GRANT %s ON %s \"%.*s\" TO \"%s\";",
                               grant_rows[i].name, grant_rows[i].on, BYTES_FMT(keyspace), c->role);
        if (n > 0 && (size_t)n < sizeof text) json_out_text(c->j, bytes_of(text, (size_t)n));
    }
}

static void write_keyspaces(void *owner, const struct picture *p)
{
    each_keyspace(owner, p, show_keyspace);
}

static void write_lines(void *owner, const struct picture *p)
{
    each_keyspace(owner, p, show_lines);
}

static void read_role(struct checking *c, const struct ports *p, const struct uuid *database)
{
    struct wr w = wr_fixed(c->role, sizeof c->role - 1);
    urcu_memb_read_lock();
    const struct record_database *d = snapshot_database(index_snapshot(p->index), database);
    for (size_t i = 0; d && i < d->username.n; i++) {
        if (d->username.p[i] == '"') wr_u8(&w, '"');
        wr_u8(&w, d->username.p[i]);
    }
    urcu_memb_read_unlock();
}

void db_check_write(const struct ports *p, const struct uuid *database, struct json_out *j)
{
    struct checking c = {.j = j, .ok = true};
    read_anew(p, database);
    read_role(&c, p, database);
    json_out_key(j, "findings");
    json_out_array(j);
    find_at_door(&c, p, database);
    const bool read = gateway_show_picture(p->gateway, database, find_in_picture, &c);
    if (!read) finding(&c, "error", "the schema has not been read");
    finding(
        &c, "warn",
        "make sure that clients cannot reach the nodes themselves: this cannot be seen from here");
    json_out_end(j);
    json_out_key(j, "keyspaces");
    json_out_array(j);
    (void)gateway_show_picture(p->gateway, database, write_keyspaces, &c);
    json_out_end(j);
    json_out_key(j, "grants");
    json_out_array(j);
    (void)gateway_show_picture(p->gateway, database, write_lines, &c);
    json_out_end(j);
    json_out_key(j, "read");
    json_out_bool(j, read);
    json_out_key(j, "connecting");
    json_out_bool(j, c.connecting);
    json_out_key(j, "ok");
    json_out_bool(j, c.ok);
}
