/* A worker's life: its thread, its doors, its clients' turns. */
#include "gateway/worker.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "gateway/announce.h"
#include "gateway/gateway_own.h"
#include "gateway/nodes.h"
#include "gateway/park.h"
#include "gateway/reload.h"
#include "gateway/revoke.h"
#include "gateway/session.h"

#include <stdio.h>
#include <stdlib.h>

enum { SCRATCH_MAX = 3 * FRAME_BODY_MAX, ARENA_MAX = 1 << 30 };

/* --- turns of the clients that wait --- */

/* True when one of them must wait on. */
static bool serve_parked(struct lane *lane)
{
    struct list mine;
    struct parked *p;
    list_init(&mine);
    while ((p = park_first(&lane->parked))) {
        list_remove(&p->link);
        list_add_last(&mine, &p->link);
    }
    while ((p = park_first(&mine))) {
        park_resume(p, NULL);
        if (!list_is_empty(&lane->parked)) break;
    }
    while ((p = park_first(&mine))) {
        list_remove(&p->link);
        list_add_last(&lane->parked, &p->link);
    }
    return !list_is_empty(&lane->parked);
}

static void serve(struct loop *l, struct loop_flush *f)
{
    (void)l;
    struct lane *lane = LOOP_OF(f, struct lane, serve);
    if (serve_parked(lane)) return;
    struct fair_client *c;
    int64_t allowance;
    while ((c = fair_next(&lane->waiting, &allowance))) {
        struct session *s = LIST_OF(c, struct session, fair);
        const size_t used = session_resume(s, allowance);
        if (s->state.state != SESSION_READY) continue;
        fair_used(&lane->waiting, c, (int64_t)used, s->waits);
        if (s->waits && (int64_t)used < allowance) return; /* no room any more */
    }
}

/* --- slow readers --- */

static void drop_stalled(struct gateway_worker *w)
{
    const uint64_t now_ms = loop_now_ms(worker_loop(w));
    struct list *at = w->owing.next;
    while (at != &w->owing) {
        struct session *s = LIST_OF(at, struct session, owing);
        at = at->next;
        if (now_ms - s->took_ms < LIMIT_STALLED_MS) continue;
        metric_add(METRIC_SLOW_READERS, 1);
        session_close(s, "does not read its replies");
    }
}

/* Over the budget of all replies, the client that owes most goes. */
static void drop_greediest(struct gateway_worker *w)
{
    while (w->unsent_bytes > LIMIT_REPLIES) {
        struct session *most = NULL;
        for (struct list *at = w->owing.next; at != &w->owing; at = at->next) {
            struct session *s = LIST_OF(at, struct session, owing);
            if (!most || s->unsent > most->unsent) most = s;
        }
        if (!most) return;
        metric_add(METRIC_SLOW_READERS, 1);
        session_close(most, "owes most of the replies that are not read");
    }
}

void worker_check_replies(struct gateway_worker *w)
{
    if (w->unsent_bytes > LIMIT_REPLIES) drop_greediest(w);
}

static struct session *keeps_most(const struct gateway_worker *w)
{
    struct session *most = NULL;
    for (struct list *d = w->doors.next; d != &w->doors; d = d->next) {
        const struct list *sessions = &LIST_OF(d, struct worker_door, link)->sessions;
        for (struct list *at = sessions->next; at != sessions; at = at->next) {
            struct session *s = LIST_OF(at, struct session, link);
            if (s->held_counted > 0 && (!most || s->held_counted > most->held_counted)) most = s;
        }
    }
    return most;
}

void worker_check_held(struct gateway_worker *w)
{
    struct session *most;
    while (w->held_bytes > LIMIT_HELD && (most = keeps_most(w))) {
        session_close(most, "keeps most of the requests that are not finished");
    }
}

static void tick(struct loop *l, struct loop_timer *t)
{
    struct gateway_worker *w = LOOP_OF(t, struct gateway_worker, tick);
    drop_stalled(w);
    drop_greediest(w);
    loop_start_timer(l, t, loop_now_ms(l) + WORKER_TICK_MS);
}

static void hand(struct loop *l, struct loop_timer *t)
{
    struct gateway_worker *w = LOOP_OF(t, struct gateway_worker, hand);
    const bool more = usage_worker_hand(w->usage, loop_now_utc_ms(l));
    loop_start_timer(l, t, loop_now_ms(l) + (more ? USAGE_HAND_AGAIN_MS : USAGE_HAND_MS));
}

/* --- buffers --- */

struct wr worker_take_buffer(struct gateway_worker *w, size_t max)
{
    struct wr buffer = {.max = max, .owned = true};
    if (w->spares_n > 0) {
        buffer = w->spares[--w->spares_n];
        buffer.max = max;
    } else {
        buffer.p = malloc(WORKER_SPARE_SIZE);
        buffer.size = buffer.p ? WORKER_SPARE_SIZE : 0;
    }
    return buffer;
}

void worker_give_buffer(struct gateway_worker *w, struct wr *buffer)
{
    if (buffer->size <= WORKER_SPARE_MAX && w->spares_n < WORKER_SPARES) {
        buffer->n = 0;
        buffer->bad = false;
        w->spares[w->spares_n++] = *buffer;
    } else {
        wr_drop(buffer);
    }
    *buffer = (struct wr){0};
}

/* --- doors --- */

static void accepted(struct loop *l, struct listener *from, int fd, const struct address *peer)
{
    (void)l;
    session_accept(LOOP_OF(from, struct worker_door, listener), fd, peer);
}

static void on_picture(struct cluster_listener *ear, uint64_t version)
{
    (void)version;
    struct worker_door *door = LOOP_OF(ear, struct worker_door, ear);
    if (!door->stopping) nodes_follow(door);
}

static void on_event(struct cluster_listener *ear, const struct cluster_event *e)
{
    struct worker_door *door = LOOP_OF(ear, struct worker_door, ear);
    if (!door->stopping) announce_tell(door, &e->event);
}

static void on_removed(struct cluster_listener *ear)
{
    struct worker_door *door = LOOP_OF(ear, struct worker_door, ear);
    gateway_own_door_left(door->worker->gateway, door->door);
}

static void bury_door(struct loop_grave *g)
{
    free(LOOP_OF(g, struct worker_door, grave));
}

static err lane_init(struct worker_door *door, uint8_t version)
{
    struct lane *lane = &door->lanes[version - FRAME_VERSION_MIN];
    lane->door = door;
    lane->version = version;
    lane->serve.run = serve;
    fair_init(&lane->waiting, LIMIT_QUANTUM);
    list_init(&lane->parked);
    return holder_table_init(&lane->holders);
}

static struct worker_door *door_make(struct gateway_worker *w, struct door *door)
{
    struct worker_door *d = calloc(1, sizeof *d);
    CHECK(d);
    d->worker = w;
    d->door = door;
    d->listener.accepted = accepted;
    d->ear = (struct cluster_listener){.loop = worker_loop(w),
                                       .on_picture = on_picture,
                                       .on_event = on_event,
                                       .on_removed = on_removed};
    list_init(&d->nodes);
    list_init(&d->sessions);
    list_init(&d->registered);
    list_init(&d->jobs);
    reload_init(d);
    for (uint8_t v = FRAME_VERSION_MIN; v <= FRAME_VERSION_MAX; v++) {
        const err e = lane_init(d, v);
        CHECK(err_is_ok(e));
    }
    list_add_last(&w->doors, &d->link);
    return d;
}

void worker_open_door(struct gateway_worker *w, struct door *door, int fd)
{
    struct worker_door *d = door_make(w, door);
    if (!err_is_ok(listen_start(worker_loop(w), &d->listener, fd))) {
        log_line(LOG_ERROR, "door_not_watched", "worker=%u", w->number);
    }
    cluster_listen(door->cluster, &d->ear);
}

static struct worker_door *find_door(const struct gateway_worker *w, const struct door *door)
{
    for (struct list *at = w->doors.next; at != &w->doors; at = at->next) {
        struct worker_door *d = LIST_OF(at, struct worker_door, link);
        if (d->door == door) return d;
    }
    return NULL;
}

void worker_close_door(struct gateway_worker *w, struct door *door)
{
    struct worker_door *d = find_door(w, door);
    struct list *first;
    struct parked *p;
    CHECK(d);
    d->stopping = true;
    listen_stop(worker_loop(w), &d->listener);
    while ((first = list_first(&d->sessions))) {
        session_close(LIST_OF(first, struct session, link), "the door is closed");
    }
    nodes_close(d);
    reload_stop(d);
    for (size_t i = 0; i < WORKER_VERSIONS; i++) {
        while ((p = park_first(&d->lanes[i].parked)))
            park_drop(p);
    }
    text_cache_forget(&w->texts, door);
    cluster_unlisten(door->cluster, &d->ear);
}

void worker_forget_door(struct gateway_worker *w, struct door *door)
{
    struct worker_door *d = find_door(w, door);
    CHECK(d && list_is_empty(&d->jobs) && !d->reload.busy);
    list_remove(&d->link);
    for (size_t i = 0; i < WORKER_VERSIONS; i++) {
        loop_flush_cancel(worker_loop(w), &d->lanes[i].serve);
        holder_table_drop(&d->lanes[i].holders);
    }
    d->grave.free = bury_door;
    loop_bury(worker_loop(w), &d->grave);
    gateway_own_door_forgotten(w->gateway, door);
}

void worker_count_nodes(struct worker_door *door)
{
    uint8_t ids[REACHED_MAX][REACHED_ID];
    uint32_t up = 0;
    if (door->worker->number != 0) return;
    for (struct list *at = door->nodes.next; at != &door->nodes; at = at->next) {
        const struct node *n = LIST_OF(at, struct node, on);
        if (!node_is_ready(n, 3) && !node_is_ready(n, 4)) continue;
        if (up < REACHED_MAX) memcpy(ids[up], n->host_id, REACHED_ID);
        up++;
    }
    reached_set(&door->door->reached, ids[0], up < REACHED_MAX ? up : REACHED_MAX);
    atomic_store_explicit(&door->door->nodes_up, up, memory_order_relaxed);
    atomic_store_explicit(&door->door->nodes_known, door->nodes_n, memory_order_relaxed);
}

/* --- ends --- */

void worker_drain(struct gateway_worker *w)
{
    w->draining = true;
    for (struct list *d = w->doors.next; d != &w->doors; d = d->next) {
        struct worker_door *door = LIST_OF(d, struct worker_door, link);
        listen_stop(worker_loop(w), &door->listener);
        for (struct list *at = door->sessions.next; at != &door->sessions; at = at->next) {
            session_drain(LIST_OF(at, struct session, link));
        }
    }
}

/* --- the thread --- */

const struct gateway_limits *worker_limits(const struct gateway_worker *w)
{
    return gateway_own_limits(w->gateway);
}

struct gate *worker_gate(const struct gateway_worker *w)
{
    return gateway_own_gate(w->gateway);
}

bool worker_traces(const struct gateway_worker *w)
{
    return w->traces;
}

err worker_enter_client(struct gateway_worker *w, const struct address *peer)
{
    return limit_clients_enter(gateway_own_clients(w->gateway), peer);
}

void worker_leave_client(struct gateway_worker *w, const struct address *peer)
{
    limit_clients_leave(gateway_own_clients(w->gateway), peer);
}

static void look(struct loop *l, struct loop_flush *f)
{
    (void)l;
    revoke_look(LOOP_OF(f, struct gateway_worker, look));
}

static void look_again(struct loop *l, struct loop_timer *t)
{
    (void)l;
    revoke_look(LOOP_OF(t, struct gateway_worker, look_again));
}

static void begin(struct worker *thread)
{
    struct gateway_worker *w = worker_of_thread(thread);
    w->tick.fire = tick;
    w->hand.fire = hand;
    loop_start_timer(thread->loop, &w->tick, loop_now_ms(thread->loop) + WORKER_TICK_MS);
    loop_start_timer(thread->loop, &w->hand, loop_now_ms(thread->loop) + USAGE_HAND_MS);
}

static void end(struct worker *thread)
{
    struct gateway_worker *w = worker_of_thread(thread);
    loop_stop_timer(thread->loop, &w->tick);
    loop_stop_timer(thread->loop, &w->hand);
    loop_stop_timer(thread->loop, &w->look_again);
    loop_flush_cancel(thread->loop, &w->look);
}

static void drop(struct gateway_worker *w)
{
    usage_worker_free(w->usage, clock_utc_ms());
    if (w->gate) gate_worker_free(w->gate);
    if (w->shared) upstream_shared_free(w->shared);
    text_cache_drop(&w->texts);
    arena_drop(&w->arena);
    arena_drop(&w->call.arena);
    wr_drop(&w->scratch);
    wr_drop(&w->opened);
    while (w->spares_n > 0)
        wr_drop(&w->spares[--w->spares_n]);
    free(w->input);
    w->input = NULL;
}

static err prepare(struct gateway_worker *w)
{
    TRY(gate_worker_new(worker_gate(w), &w->gate));
    TRY(usage_worker_new(gateway_own_usage(w->gateway), &w->usage));
    TRY(upstream_shared_new(&w->shared));
    TRY(text_cache_init(&w->texts));
    w->input = malloc(WORKER_INPUT);
    return w->input ? DONE : FAIL(NO_MEMORY);
}

err worker_start(struct gateway_worker *w, struct gateway *g, unsigned number)
{
    char name[THREAD_NAME_SIZE];
    w->gateway = g;
    w->number = number;
    w->traces = gateway_own_traces(g);
    w->thread.begin = begin;
    w->thread.end = end;
    w->scratch = wr_growing(SCRATCH_MAX);
    w->opened = wr_growing(FRAME_REPLY_MAX);
    list_init(&w->doors);
    list_init(&w->owing);
    list_init(&w->greeting);
    list_init(&w->ends);
    w->look.run = look;
    w->look_again.fire = look_again;
    arena_init(&w->arena, ARENA_MAX);
    arena_init(&w->call.arena, CALL_ARENA_MAX);
    err e = prepare(w);
    (void)snprintf(name, sizeof name, "cql-%u", number);
    if (err_is_ok(e)) e = thread_start(&w->thread, name);
    if (!err_is_ok(e)) drop(w);
    return e;
}

void worker_end(struct gateway_worker *w)
{
    thread_stop(&w->thread);
    thread_join(&w->thread);
    drop(w);
}
