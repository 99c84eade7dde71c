/* What other threads ask of the clusters behind the doors. */
#include "gateway/gateway.h"

#include "base/utf8.h"
#include "gateway/gateway_inside.h"

#include <stdlib.h>
#include <urcu/urcu-memb.h>

/* What the picture says of the cluster's state; NULL: it was not read yet. */
static void read_picture(const struct picture *p, struct gateway_status *out)
{
    out->schema_known = p != NULL;
    out->cluster = p && out->nodes_up ? GATEWAY_CLUSTER_READY : GATEWAY_CLUSTER_CONNECTING;
    if (!p || p->local_n) return;
    struct wr w = wr_fixed(out->problem, sizeof out->problem - 1);
    out->cluster = GATEWAY_CLUSTER_ASTRAY;
    wr_format(&w, "the datacenter \"%.*s\" has no node; there are: ",
              BYTES_FMT(bytes_part(p->dc, 0, CLUSTER_NAME_MAX)));
    picture_write_datacenters(p, &w);
    utf8_mend(out->problem, strlen(out->problem));
}

static void read_door(const struct door *d, struct gateway_status *out)
{
    *out = (struct gateway_status){.database = d->database, .port = d->listen.port};
    out->clients = atomic_load_explicit(&d->clients, memory_order_relaxed);
    out->nodes_known = atomic_load_explicit(&d->nodes_known, memory_order_relaxed);
    out->nodes_up = atomic_load_explicit(&d->nodes_up, memory_order_relaxed);
    out->schema_read_ms = cluster_read_ms(d->cluster);
    urcu_memb_read_lock();
    read_picture(cluster_picture(d->cluster), out);
    urcu_memb_read_unlock();
    if (out->cluster == GATEWAY_CLUSTER_ASTRAY) return;
    struct note note = {{0}};
    cluster_explain(d->cluster, &note);
    memcpy(out->problem, note.text, sizeof out->problem - 1);
    utf8_mend(out->problem, strlen(out->problem));
    if (out->nodes_up == 0 && out->problem[0]) out->cluster = GATEWAY_CLUSTER_UNREACHABLE;
}

bool gateway_read_status(struct gateway *g, const struct uuid *database, struct gateway_status *out)
{
    pthread_mutex_lock(&g->doors_lock);
    const struct door *d = gateway_find_door(g, database);
    if (d) read_door(d, out);
    pthread_mutex_unlock(&g->doors_lock);
    return d != NULL;
}

bool gateway_reaches(struct gateway *g, const struct uuid *database, const struct uuid *host_id)
{
    pthread_mutex_lock(&g->doors_lock);
    struct door *d = gateway_find_door(g, database);
    const bool up = d && reached_has(&d->reached, host_id->b);
    pthread_mutex_unlock(&g->doors_lock);
    return up;
}

/* One who waits for a reading. */
struct reloading {
    struct cluster_waiter waiter;
    void *owner;
    void (*done)(void *owner, err e);
};

static void reloaded(struct cluster_waiter *w, err e)
{
    struct reloading *r = LIST_OF(w, struct reloading, waiter);
    r->done(r->owner, e);
    free(r);
}

err gateway_reload(struct gateway *g, const struct uuid *database, void *owner,
                   void (*done)(void *owner, err e))
{
    struct reloading *r = calloc(1, sizeof *r);
    if (!r) return FAIL(NO_MEMORY);
    *r = (struct reloading){{.loop = g->set.control, .done = reloaded}, owner, done};
    pthread_mutex_lock(&g->doors_lock);
    const struct door *d = gateway_find_door(g, database);
    if (d) cluster_reload(d->cluster, &r->waiter); /* the note comes before any end of the door */
    pthread_mutex_unlock(&g->doors_lock);
    if (d) return DONE;
    free(r);
    return FAIL(NOT_FOUND);
}

err gateway_order(struct gateway *g, const struct uuid *database, struct cluster_order *o)
{
    pthread_mutex_lock(&g->doors_lock);
    const struct door *d = gateway_find_door(g, database);
    if (d) cluster_order(d->cluster, o); /* the note comes before any end of the door */
    pthread_mutex_unlock(&g->doors_lock);
    return d ? DONE : FAIL(NOT_FOUND);
}

bool gateway_show_picture(struct gateway *g, const struct uuid *database,
                          void (*show)(void *owner, const struct picture *p), void *owner)
{
    const struct picture *p = NULL;
    urcu_memb_read_lock();
    pthread_mutex_lock(&g->doors_lock);
    const struct door *d = gateway_find_door(g, database);
    if (d && d->cluster) p = cluster_picture(d->cluster);
    pthread_mutex_unlock(&g->doors_lock);
    if (p) show(owner, p);
    urcu_memb_read_unlock();
    return p != NULL;
}
