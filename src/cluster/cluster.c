/* The control connection of a cluster: dialled again whenever it is lost, and read anew whenever
 * something is said to have changed. */
#include "cluster/cluster_own.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/random.h"
#include "cql/request.h"

#include <stdio.h>
#include <stdlib.h>

enum { TICK_MS = 250, BACKOFF_MIN_MS = 200, BACKOFF_MAX_MS = 5000, RETRY_MS = 2000, VERSION = 4 };

/* Of all clusters, so that no two pictures of a process share a schema version. */
static _Atomic uint64_t versions;

static void explain(struct cluster *c, const char *words)
{
    (void)pthread_mutex_lock(&c->why_lock);
    (void)snprintf(c->why, sizeof c->why, "%s", words);
    (void)pthread_mutex_unlock(&c->why_lock);
}

void cluster_explain(struct cluster *c, struct note *out)
{
    (void)pthread_mutex_lock(&c->why_lock);
    (void)snprintf(out->text, sizeof out->text, "%s", c->why);
    (void)pthread_mutex_unlock(&c->why_lock);
}

bool cluster_is_connected(const struct cluster *c)
{
    return atomic_load_explicit(&c->connected, memory_order_acquire);
}

int64_t cluster_read_ms(const struct cluster *c)
{
    return atomic_load_explicit(&c->read_ms, memory_order_relaxed);
}

const struct picture *cluster_picture(const struct cluster *c)
{
    return atomic_load_explicit(&c->picture, memory_order_acquire);
}

const struct uuid *cluster_id(const struct cluster *c)
{
    return &c->set.id;
}

const char *cluster_name(const struct cluster *c)
{
    return c->set.name;
}

const struct upstream_credentials *cluster_credentials(const struct cluster *c)
{
    return c->set.credentials;
}

/* --- dialling --- */

/* Contact points first, then the nodes of the last picture, over and over. */
static err dial_next(struct cluster *c)
{
    const struct picture *p = atomic_load_explicit(&c->picture, memory_order_relaxed);
    const size_t nodes_n = p ? p->nodes_n : 0;
    const size_t at = c->contact++ % (c->set.contacts_n + nodes_n);
    if (at < c->set.contacts_n) {
        const struct cluster_contact *contact = &c->set.contacts[at];
        return upstream_dial_host(&c->up, bytes_of_text(contact->host), contact->port);
    }
    const struct picture_node *n = &p->nodes[at - c->set.contacts_n];
    struct address to = {.family = n->address_n == 4 ? ADDRESS_V4 : ADDRESS_V6, .port = n->port};
    memcpy(to.ip, n->address, n->address_n);
    return upstream_dial(&c->up, &to);
}

static void dial_later(struct cluster *c)
{
    const uint32_t half = c->backoff_ms / 2;
    loop_start_timer(c->set.loop, &c->again,
                     loop_now_ms(c->set.loop) + half + random_below(half + 1));
    c->backoff_ms = c->backoff_ms * 2 < BACKOFF_MAX_MS ? c->backoff_ms * 2 : BACKOFF_MAX_MS;
}

static void on_again(struct loop *l, struct loop_timer *t)
{
    struct cluster *c = LOOP_OF(t, struct cluster, again);
    (void)l;
    if (!err_is_ok(dial_next(c))) dial_later(c);
}

/* --- reading --- */

static void publish(struct cluster *c, struct picture *p)
{
    struct picture *old = atomic_load_explicit(&c->picture, memory_order_relaxed);
    const bool same_schema = old && picture_is_same(old, p, true);
    p->version = same_schema ? old->version : atomic_fetch_add(&versions, 1) + 1;
    if (same_schema && picture_is_same(old, p, false)) {
        picture_free(p);
        return;
    }
    atomic_store_explicit(&c->picture, p, memory_order_release);
    picture_retire(old);
    log_line(LOG_INFO, "cluster_picture",
             "cluster=\"%s\" version=%llu nodes=%zu release=%.*s agreed=%d", c->set.name,
             (unsigned long long)p->version, p->nodes_n, BYTES_FMT(p->release_version), p->agreed);
    cluster_listen_tell_picture(c, p->version);
}

static void warn_of_check(struct cluster *c, const struct picture_check *check)
{
    if (check->superuser) {
        log_line(LOG_WARN, "service_role",
                 "cluster=\"%s\" problem=\"the service role is a superuser\"",
                 c->set.name);
    }
    if (check->root_grants) {
        log_line(LOG_WARN, "service_role", "cluster=\"%s\" problem=\"the service role has %s\"",
                 c->set.name, check->root_grant);
    }
    if (check->old_server) {
        log_line(LOG_WARN, "old_server", "cluster=\"%s\" problem=\"older than 4.1.8 or 5.0.3\"",
                 c->set.name);
    }
}

/* A datacenter without a node serves nobody: said when it comes to that, and counted. */
static void watch_datacenter(struct cluster *c, const struct picture *p)
{
    char there[160];
    const bool astray = p->local_n == 0;
    if (astray == c->astray) return;
    c->astray = astray;
    metric_add(METRIC_CLUSTERS_ASTRAY, astray ? 1 : -1);
    if (!astray) return;
    struct wr w = wr_fixed(there, sizeof there);
    picture_write_datacenters(p, &w);
    log_line(LOG_ERROR, "datacenter_empty", "cluster=\"%s\" datacenter=\"%.*s\" there=\"%.*s\"",
             c->set.name, BYTES_FMT(p->dc), BYTES_FMT(wr_view(&w)));
}

static bool is_connected(struct cluster *c)
{
    return upstream_is_ready(&c->up);
}

static err begin_reading(struct cluster *c)
{
    const bytes user = secret_view(&c->set.credentials->user);
    (void)snprintf(c->reading.role, sizeof c->reading.role, "%.*s", BYTES_FMT(user));
    return reading_start(&c->reading, &c->up, CLUSTER_ASK_READ);
}

static void move_all(struct list *from, struct list *to)
{
    while (list_first(from)) {
        struct list *item = list_first(from);
        list_remove(item);
        list_add_last(to, item);
    }
}

void cluster_read_now(struct cluster *c)
{
    if (!is_connected(c)) return;
    if (c->reading.running) {
        c->wanted = true;
        return;
    }
    c->wanted = false;
    c->reading_since_ms = loop_now_ms(c->set.loop);
    loop_stop_timer(c->set.loop, &c->soon);
    move_all(&c->asking, &c->served);
    move_all(&c->heard, &c->shown);
    const err e = begin_reading(c);
    if (err_is_ok(e)) return;
    cluster_wait_end(&c->served, e);
    cluster_listen_keep_events(c);
}

static void read_soon(struct cluster *c)
{
    if (loop_timer_is_on(&c->soon)) return;
    loop_start_timer(c->set.loop, &c->soon, loop_now_ms(c->set.loop) + CLUSTER_DEBOUNCE_MS);
}

static void on_soon(struct loop *l, struct loop_timer *t)
{
    (void)l;
    cluster_read_now(LOOP_OF(t, struct cluster, soon));
}

static err finish_picture(struct cluster *c, struct picture *p)
{
    const struct address *a = &c->up.address;
    const size_t n = a->family == ADDRESS_V4 ? 4 : 16;
    return picture_finish(p, bytes_of_text(c->set.local_dc), bytes_of(a->ip, n), a->port);
}

static void on_read(struct reading *r, err e, struct picture *p)
{
    struct cluster *c = LOOP_OF(r, struct cluster, reading);
    const bool first = atomic_load_explicit(&c->picture, memory_order_relaxed) == NULL;
    if (err_is_ok(e)) e = finish_picture(c, p);
    if (err_is_ok(e)) {
        if (first) warn_of_check(c, &p->check);
        watch_datacenter(c, p);
        publish(c, p);
        atomic_store_explicit(&c->read_ms, clock_utc_ns() / 1000000, memory_order_relaxed);
        explain(c, "");
        cluster_listen_tell_events(c, cluster_picture(c)->version);
    } else {
        picture_free(p);
        explain(c, "the node's system tables could not be read");
        log_line(LOG_ERROR, "cluster_unreadable", "cluster=\"%s\" reason=\"%s\"", c->set.name,
                 err_row(e)->name);
        cluster_listen_keep_events(c);
    }
    c->next_reading_ms = loop_now_ms(c->set.loop) +
                         (err_is_ok(e) ? (uint64_t)CLUSTER_REFRESH_MS : (uint64_t)RETRY_MS);
    cluster_wait_end(&c->served, e);
    if (c->wanted) cluster_read_now(c);
}

/* --- the connection's events --- */

static void send_register(struct cluster *c)
{
    int16_t stream;
    size_t begun;
    struct upstream_slot *slot = upstream_take(&c->up, &stream);
    if (!slot) return;
    slot->statement = CLUSTER_ASK_REGISTER;
    struct wr *w = upstream_begin(&c->up, stream, 0, OPCODE_REGISTER, &begun);
    request_write_register(w, REQUEST_EVENT_TOPOLOGY | REQUEST_EVENT_STATUS | REQUEST_EVENT_SCHEMA);
    if (!err_is_ok(upstream_end(&c->up, stream, begun))) upstream_close(&c->up, FAIL(NO_MEMORY));
}

static void on_ready(struct upstream *u)
{
    struct cluster *c = cluster_of(u);
    c->backoff_ms = BACKOFF_MIN_MS;
    c->contact--; /* the one that answers is the one to go back to */
    c->down_n = 0;
    atomic_store_explicit(&c->connected, true, memory_order_release);
    metric_add(METRIC_CLUSTERS_CONNECTED, 1);
    log_line(LOG_INFO, "cluster_connected", "cluster=\"%s\"", c->set.name);
    send_register(c);
    cluster_read_now(c);
    cluster_wait_poll(c);
}

static void on_reply(struct upstream *u, struct upstream_slot *slot, const struct frame_header *h,
                     bytes body)
{
    struct cluster *c = cluster_of(u);
    const enum cluster_ask ask = (enum cluster_ask)slot->statement;
    switch (ask) {
    case CLUSTER_ASK_REGISTER:
        if (h->opcode == OPCODE_READY) break;
        explain(c, "the node does not register for events");
        upstream_close(u, FAIL(NOT_READY));
        break;
    case CLUSTER_ASK_READ:
        reading_reply(&c->reading, slot, h, body);
        break;
    case CLUSTER_ASK_LOCAL:
    case CLUSTER_ASK_PEERS:
        cluster_wait_poll_answer(c, ask, h, body);
        break;
    case CLUSTER_ASK_ORDER:
        cluster_order_answer(c, h, body);
        break;
    }
}

static void on_lost(struct upstream *u, struct upstream_slot *slot, int how)
{
    (void)u;
    (void)slot;
    (void)how;
}

static void on_expired(struct upstream *u, struct upstream_slot *slot)
{
    (void)slot;
    upstream_close(u, FAIL(TIMED_OUT));
}

static void on_event(struct upstream *u, bytes message)
{
    struct cluster *c = cluster_of(u);
    struct response_event e;
    if (!err_is_ok(response_read_event(message, &e))) return;
    if (e.type == RESPONSE_EVENT_STATUS) {
        cluster_wait_node_status(c, e.address, bytes_eq(e.change, BYTES("UP")));
    }
    cluster_listen_hear(c, &e);
    read_soon(c);
}

static void on_gone(struct upstream *u, err why)
{
    struct cluster *c = cluster_of(u);
    if (atomic_exchange(&c->connected, false)) {
        metric_add(METRIC_CLUSTERS_CONNECTED, -1);
        if (!c->closing) {
            log_line(LOG_WARN, "cluster_lost", "cluster=\"%s\" reason=\"%s\"", c->set.name, u->why);
        }
    }
    reading_cancel(&c->reading);
    cluster_order_lost(c);
    c->polls = 0;
    loop_stop_timer(c->set.loop, &c->soon);
    loop_stop_timer(c->set.loop, &c->step);
    cluster_wait_end(&c->served, FAIL(PEER_GONE));
    cluster_wait_end(&c->asking, FAIL(PEER_GONE));
    cluster_listen_keep_events(c);
    if (c->closing) return;
    if (u->why[0]) explain(c, u->why);
    if (why.code == ERR_NODE_REFUSED) {
        log_line(LOG_ERROR, "cluster_login", "cluster=\"%s\" reason=\"%s\"", c->set.name, u->why);
        if (c->set.renew_credentials) c->set.renew_credentials(c);
    }
    dial_later(c);
}

/* --- a few times a second --- */

static void on_tick(struct loop *l, struct loop_timer *t)
{
    struct cluster *c = LOOP_OF(t, struct cluster, tick);
    const uint64_t now_ms = loop_now_ms(l);
    loop_start_timer(l, t, now_ms + TICK_MS);
    cluster_wait_sweep(c, now_ms);
    if (!is_connected(c)) return;
    if (!loop_timer_is_on(&c->step)) cluster_wait_poll(c);
    if (c->reading.running && now_ms >= c->reading_since_ms + CLUSTER_RELOAD_MS) {
        (void)snprintf(c->up.why, sizeof c->up.why,
                       "the node did not answer about its tables in time");
        upstream_close(&c->up, FAIL(TIMED_OUT));
    } else if (!c->reading.running && now_ms >= c->next_reading_ms) {
        cluster_read_now(c);
    }
}

static void on_step(struct loop *l, struct loop_timer *t)
{
    (void)l;
    cluster_wait_poll(LOOP_OF(t, struct cluster, step));
}

/* --- beginning and end --- */

static const struct upstream_events events = {
    .on_ready = on_ready,
    .on_reply = on_reply,
    .on_expired = on_expired,
    .on_lost = on_lost,
    .on_event = on_event,
    .on_gone = on_gone,
};

static void init(struct cluster *c, const struct cluster_options *options)
{
    const struct upstream_options up = {.loop = options->loop,
                                        .resolver = c->resolver,
                                        .shared = options->shared,
                                        .events = &events,
                                        .credentials = options->credentials,
                                        .version = VERSION};
    c->set = *options;
    upstream_init(&c->up, &up);
    c->reading.done = on_read;
    c->backoff_ms = BACKOFF_MIN_MS;
    (void)pthread_mutex_init(&c->why_lock, NULL);
    struct list *lists[] = {&c->listeners, &c->asking, &c->served, &c->agreeing,
                            &c->polled,    &c->heard,  &c->shown};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        list_init(lists[i]);
    c->again.fire = on_again;
    c->soon.fire = on_soon;
    c->step.fire = on_step;
    c->tick.fire = on_tick;
}

err cluster_new(const struct cluster_options *options, struct cluster **out)
{
    if (options->contacts_n == 0 || options->contacts_n > CLUSTER_CONTACTS_MAX)
        return FAIL(BAD_INPUT);
    struct cluster *c = calloc(1, sizeof *c);
    if (!c) return FAIL(NO_MEMORY);
    const err e = resolver_new(options->loop, &c->resolver);
    if (!err_is_ok(e)) {
        free(c);
        return e;
    }
    init(c, options);
    metric_add(METRIC_CLUSTERS, 1);
    loop_start_timer(options->loop, &c->again, 0);
    loop_start_timer(options->loop, &c->tick, loop_now_ms(options->loop) + TICK_MS);
    *out = c;
    return DONE;
}

void cluster_reconnect(struct cluster *c)
{
    const unsigned state = c->up.state.state;
    c->backoff_ms = BACKOFF_MIN_MS;
    if (state == UPSTREAM_IDLE || state == UPSTREAM_GONE) {
        loop_start_timer(c->set.loop, &c->again, 0);
    } else {
        upstream_close(&c->up, DONE);
    }
}

static void free_later(struct grace *g)
{
    struct cluster *c = LIST_OF(g, struct cluster, grace);
    picture_free(atomic_load(&c->picture));
    (void)pthread_mutex_destroy(&c->why_lock);
    free(c);
}

static void on_buried(struct loop_grave *g)
{
    struct cluster *c = LOOP_OF(g, struct cluster, grave);
    upstream_drop(&c->up);
    resolver_free(c->resolver);
    grace_call(&c->grace, free_later);
}

void cluster_close(struct cluster *c)
{
    c->closing = true;
    metric_add(METRIC_CLUSTERS, -1);
    if (c->astray) metric_add(METRIC_CLUSTERS_ASTRAY, -1);
    upstream_close(&c->up, DONE);
    struct loop_timer *timers[] = {&c->again, &c->soon, &c->step, &c->tick};
    for (size_t i = 0; i < sizeof timers / sizeof timers[0]; i++) {
        loop_stop_timer(c->set.loop, timers[i]);
    }
    cluster_order_let_go(c);
    cluster_wait_end(&c->asking, FAIL(PEER_GONE));
    cluster_wait_end(&c->agreeing, FAIL(PEER_GONE));
    cluster_wait_end(&c->polled, FAIL(PEER_GONE));
    cluster_listen_forget_events(c);
    c->grave.free = on_buried;
    loop_bury(c->set.loop, &c->grave);
}
