/* Keeps a node's connections: dials what is wanted, again and again with growing pauses, and
 * replaces what drains. */
#include "upstream/node.h"

#include "base/log.h"
#include "base/random.h"

#include <stdio.h>
#include <stdlib.h>

static struct node_link **place_of(struct node *n, uint8_t version, enum node_lane lane)
{
    return &n->links[version - FRAME_VERSION_MIN][lane];
}

static void free_link(struct loop_grave *g)
{
    struct node_link *k = LOOP_OF(g, struct node_link, grave);
    upstream_drop(&k->up);
    free(k);
}

/* Off the node and into the ground; its upstream is gone or was never dialled. */
static void bury_link(struct node_link *k)
{
    struct node_link **place = place_of(k->node, k->up.set.version, k->lane);
    if (*place == k) *place = NULL;
    list_remove(&k->on);
    loop_stop_timer(k->node->set.loop, &k->again);
    k->grave.free = free_link;
    loop_bury(k->node->set.loop, &k->grave);
}

/* Half of the pause is random, so that workers do not come back in step. */
static void dial_later(struct node_link *k)
{
    const uint32_t half = k->backoff_ms / 2;
    const uint64_t due_ms = loop_now_ms(k->node->set.loop) + half + random_below(half + 1);
    loop_start_timer(k->node->set.loop, &k->again, due_ms);
    k->backoff_ms =
        k->backoff_ms * 2 < NODE_BACKOFF_MAX_MS ? k->backoff_ms * 2 : NODE_BACKOFF_MAX_MS;
}

static void dial_now(struct node_link *k)
{
    if (!err_is_ok(upstream_dial(&k->up, &k->node->address))) dial_later(k);
}

static void on_again(struct loop *l, struct loop_timer *t)
{
    (void)l;
    dial_now(LOOP_OF(t, struct node_link, again));
}

static void on_ready(struct upstream *u)
{
    struct node_link *k = node_link_of(u);
    char where[ADDRESS_TEXT_SIZE];
    k->backoff_ms = NODE_BACKOFF_MIN_MS;
    address_write(&k->node->address, where);
    log_line(k->told ? LOG_INFO : LOG_DEBUG, "node_connected", "node=%s version=%u lane=%u", where,
             u->set.version, k->lane);
    k->told = false;
    if (k->node->set.events->on_ready) k->node->set.events->on_ready(u);
}

static void on_gone(struct upstream *u, err why)
{
    struct node_link *k = node_link_of(u);
    struct node *n = k->node;
    char where[ADDRESS_TEXT_SIZE];
    address_write(&n->address, where);
    (void)snprintf(n->why, sizeof n->why, "%s", u->why);
    if (!err_is_ok(why)) {
        log_line(k->told ? LOG_DEBUG : LOG_WARN, "node_lost", "node=%s version=%u reason=\"%s\"",
                 where, u->set.version, u->why);
        k->told = true;
    }
    if (k->retired) {
        bury_link(k);
    } else {
        dial_later(k);
    }
    if (n->set.events->on_gone) n->set.events->on_gone(u, why);
}

static struct node_link *new_link(struct node *n, uint8_t version, enum node_lane lane)
{
    struct node_link *k = calloc(1, sizeof *k);
    if (!k) return NULL;
    const struct upstream_options options = {.loop = n->set.loop,
                                             .shared = n->set.shared,
                                             .events = &n->events,
                                             .credentials = n->set.credentials,
                                             .deadline_ms = n->set.deadline_ms,
                                             .long_deadline_ms = n->set.long_deadline_ms,
                                             .version = version};
    upstream_init(&k->up, &options);
    k->node = n;
    k->lane = lane;
    k->backoff_ms = NODE_BACKOFF_MIN_MS;
    k->again.fire = on_again;
    list_add_last(&n->all, &k->on);
    *place_of(n, version, lane) = k;
    dial_now(k);
    return k;
}

void node_init(struct node *n, const struct node_options *options, const struct address *address,
               const uint8_t host_id[16])
{
    *n = (struct node){.set = *options, .address = *address, .events = *options->events};
    memcpy(n->host_id, host_id, sizeof n->host_id);
    n->events.on_ready = on_ready;
    n->events.on_gone = on_gone;
    list_init(&n->all);
    list_init(&n->on);
}

static struct upstream *ready_or_null(struct node *n, uint8_t version, enum node_lane lane)
{
    struct node_link **place = place_of(n, version, lane);
    struct node_link *k = *place;
    if (!k) k = new_link(n, version, lane);
    if (k && k->up.state.state == UPSTREAM_DRAIN) { /* it found itself clogged */
        k->retired = true;
        *place = NULL;
        k = new_link(n, version, lane);
    }
    return k && upstream_is_ready(&k->up) ? &k->up : NULL;
}

struct upstream *node_pick(struct node *n, uint8_t version, enum node_lane lane)
{
    struct upstream *u = ready_or_null(n, version, lane);
    if (!u && lane != NODE_ORDINARY) u = ready_or_null(n, version, NODE_ORDINARY);
    return u;
}

static const struct node_link *look(const struct node *n, uint8_t version)
{
    return n->links[version - FRAME_VERSION_MIN][NODE_ORDINARY];
}

bool node_is_ready(const struct node *n, uint8_t version)
{
    const struct node_link *k = look(n, version);
    return k && upstream_is_ready(&k->up);
}

bool node_is_coming(const struct node *n, uint8_t version)
{
    const struct node_link *k = look(n, version);
    return k && k->up.state.state >= UPSTREAM_DIAL && k->up.state.state < UPSTREAM_READY;
}

uint32_t node_load(const struct node *n, uint8_t version)
{
    uint32_t load = 0;
    for (unsigned lane = 0; lane < NODE_LANES; lane++) {
        const struct node_link *k = n->links[version - FRAME_VERSION_MIN][lane];
        if (k) load += upstream_load(&k->up);
    }
    return load;
}

void node_retire(struct upstream *u)
{
    struct node_link *k = node_link_of(u);
    if (k->retired) return;
    k->retired = true;
    *place_of(k->node, u->set.version, k->lane) = NULL;
    (void)new_link(k->node, u->set.version, k->lane);
    upstream_drain(u);
}

void node_hurry(struct node *n)
{
    for (struct list *i = n->all.next; i != &n->all; i = i->next) {
        struct node_link *k = LIST_OF(i, struct node_link, on);
        if (!loop_timer_is_on(&k->again)) continue;
        k->backoff_ms = NODE_BACKOFF_MIN_MS;
        loop_start_timer(n->set.loop, &k->again, 0);
    }
}

void node_close(struct node *n)
{
    while (list_first(&n->all)) {
        struct node_link *k = LIST_OF(list_first(&n->all), struct node_link, on);
        const bool open = k->up.state.state != UPSTREAM_IDLE && k->up.state.state != UPSTREAM_GONE;
        k->retired = true;
        if (open) {
            upstream_close(&k->up, DONE); /* on_gone buries it */
        } else {
            bury_link(k);
        }
    }
}
