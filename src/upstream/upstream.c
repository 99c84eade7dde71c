/* The life of one connection to a node, and its sending half. */
#include "upstream/upstream.h"

#include "base/check.h"
#include "base/metric.h"
#include "upstream/upstream_login.h"
#include "upstream/upstream_read.h"
#include "upstream/upstream_slot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TICK_MS = 1000,
    PREPARED_FIRST = 256
};

static const struct sm_state states[UPSTREAM_STATES] = {
    [UPSTREAM_IDLE] = {"idle", SM_BIT(UPSTREAM_DIAL)},
    [UPSTREAM_DIAL] = {"dial", SM_BIT(UPSTREAM_STARTUP) | SM_BIT(UPSTREAM_GONE)},
    [UPSTREAM_STARTUP] = {"startup",
                          SM_BIT(UPSTREAM_LOGIN) | SM_BIT(UPSTREAM_READY) | SM_BIT(UPSTREAM_GONE)},
    [UPSTREAM_LOGIN] = {"login", SM_BIT(UPSTREAM_READY) | SM_BIT(UPSTREAM_GONE)},
    [UPSTREAM_READY] = {"ready", SM_BIT(UPSTREAM_DRAIN) | SM_BIT(UPSTREAM_GONE)},
    [UPSTREAM_DRAIN] = {"drain", SM_BIT(UPSTREAM_GONE)},
    [UPSTREAM_GONE] = {"gone", SM_BIT(UPSTREAM_DIAL)},
};

static struct upstream *of_io(struct loop_io *io)
{
    return LOOP_OF(io, struct upstream, io);
}

void upstream_init(struct upstream *u, const struct upstream_options *options)
{
    CHECK(frame_is_spoken(options->version));
    *u = (struct upstream){.set = *options, .state = {states, UPSTREAM_IDLE}};
    if (!u->set.deadline_ms) u->set.deadline_ms = UPSTREAM_DEADLINE_MS;
    if (!u->set.long_deadline_ms) u->set.long_deadline_ms = UPSTREAM_LONG_DEADLINE_MS;
    u->io.fd = -1;
    outbox_init(&u->out);
    u->held = wr_growing(UPSTREAM_SHARED_SIZE);
    u->gathered = wr_growing(UPSTREAM_GATHER_MAX);
}

void upstream_drop(struct upstream *u)
{
    CHECK(u->state.state == UPSTREAM_IDLE || u->state.state == UPSTREAM_GONE);
    upstream_slot_drop(u);
    outbox_drop(&u->out);
    wr_drop(&u->held);
    wr_drop(&u->gathered);
    free(u->prepared);
    u->prepared = NULL;
    u->prepared_size = 0;
}

/* --- sending --- */

static void give_room(struct upstream *u)
{
    if (!u->wants_room || outbox_unsent(&u->out).n > UPSTREAM_UNSENT_MAX / 2) return;
    u->wants_room = false;
    if (u->set.events->on_room && upstream_is_ready(u)) u->set.events->on_room(u);
}

static void flush(struct upstream *u)
{
    bytes left;
    while ((left = outbox_unsent(&u->out)).n > 0) {
        const ssize_t n = send(u->io.fd, left.p, left.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) break;
        if (n < 0) {
            (void)snprintf(u->why, sizeof u->why, "the connection to the node broke");
            upstream_close(u, FAIL(PEER_GONE));
            return;
        }
        outbox_took(&u->out, (size_t)n);
    }
    loop_want(u->set.loop, &u->io, left.n == 0 ? LOOP_READ : LOOP_READ | LOOP_WRITE);
    give_room(u);
}

static void on_flush(struct loop *l, struct loop_flush *f)
{
    struct upstream *u = LOOP_OF(f, struct upstream, flush);
    (void)l;
    if (u->io.fd >= 0) flush(u);
}

struct wr *upstream_begin(struct upstream *u, int16_t stream, uint8_t flags, enum opcode opcode,
                          size_t *begun)
{
    u->slots[stream].opcode = (uint8_t)opcode;
    *begun = frame_begin(&u->out.now, u->set.version, flags, stream, opcode);
    return &u->out.now;
}

err upstream_end(struct upstream *u, int16_t stream, size_t begun)
{
    const size_t from = begun + 4 - FRAME_HEADER_SIZE;
    frame_end(&u->out.now, begun);
    if (u->out.now.bad) {
        u->out.now.bad = false;
        u->out.now.n = from;
        upstream_slot_free(u, &u->slots[stream]);
        return FAIL(NO_MEMORY);
    }
    upstream_slot_sent(u, &u->slots[stream]);
    loop_flush_later(u->set.loop, &u->flush);
    return DONE;
}

err upstream_send(struct upstream *u, int16_t stream, uint8_t flags, enum opcode opcode, bytes body,
                  bool keep)
{
    struct upstream_slot *slot = &u->slots[stream];
    uint8_t *at = wr_room(&u->out.now, FRAME_HEADER_SIZE + body.n);
    if (!at) {
        u->out.now.bad = false;
        upstream_slot_free(u, slot);
        return FAIL(NO_MEMORY);
    }
    const struct frame_header h = {u->set.version, flags, stream, (uint8_t)opcode,
                                   (uint32_t)body.n};
    frame_write_header(at, &h);
    if (body.n) memcpy(at + FRAME_HEADER_SIZE, body.p, body.n);
    slot->opcode = (uint8_t)opcode;
    if (keep && body.n <= UPSTREAM_KEEP_MAX) slot->kept_n = (uint32_t)body.n;
    upstream_slot_sent(u, slot);
    loop_flush_later(u->set.loop, &u->flush);
    return DONE;
}

bytes upstream_kept_body(const struct upstream *u, const struct upstream_slot *slot)
{
    return outbox_recall(&u->out, slot->end_at, slot->kept_n);
}

/* --- once a second --- */

static void send_heartbeat(struct upstream *u)
{
    int16_t stream;
    struct upstream_slot *slot = upstream_take(u, &stream);
    if (!slot) return;
    slot->flags |= UPSTREAM_SLOT_OURS;
    u->heartbeat_out = true;
    u->begun_ms = loop_now_ms(u->set.loop);
    if (!err_is_ok(upstream_send(u, stream, 0, OPCODE_OPTIONS, (bytes){0}, false))) {
        u->heartbeat_out = false;
    }
}

/* False when it has ended the connection. */
static bool check_life(struct upstream *u, uint64_t now_ms)
{
    const uint64_t since_ms = u->heard_ms > u->begun_ms ? u->heard_ms : u->begun_ms;
    const bool entering = u->state.state == UPSTREAM_STARTUP || u->state.state == UPSTREAM_LOGIN;
    if (entering && now_ms >= u->begun_ms + UPSTREAM_LOGIN_MS) {
        (void)snprintf(u->why, sizeof u->why, "the node did not answer the login in time");
        upstream_close(u, FAIL(TIMED_OUT));
        return false;
    }
    if (u->heartbeat_out && now_ms >= since_ms + UPSTREAM_HEARTBEAT_MS) {
        (void)snprintf(u->why, sizeof u->why, "the node stopped answering");
        upstream_close(u, FAIL(TIMED_OUT));
        return false;
    }
    return true;
}

static void on_tick(struct loop *l, struct loop_timer *t)
{
    struct upstream *u = LOOP_OF(t, struct upstream, timer);
    const uint64_t now_ms = loop_now_ms(l);
    loop_start_timer(l, t, now_ms + TICK_MS);
    if (!check_life(u, now_ms)) return;
    const bool clogged = upstream_slot_sweep(u, now_ms);
    if (!upstream_is_ready(u)) return;
    if (clogged) {
        (void)snprintf(u->why, sizeof u->why, "too many requests whose clients have left");
        upstream_drain(u);
        return;
    }
    if (!u->heartbeat_out && now_ms >= u->heard_ms + UPSTREAM_IDLE_MS) send_heartbeat(u);
}

/* --- beginning and end --- */

static void on_ready(struct loop *l, struct loop_io *io, uint32_t got)
{
    struct upstream *u = of_io(io);
    (void)l;
    if (got & LOOP_WRITE) flush(u);
    if (u->io.fd >= 0 && (got & (LOOP_READ | LOOP_GONE))) upstream_read_all(u);
}

static void on_dialled(struct loop *l, struct dial *d, err e, int fd)
{
    struct upstream *u = LOOP_OF(d, struct upstream, dial);
    u->address = d->peer;
    if (!err_is_ok(e)) {
        (void)snprintf(u->why, sizeof u->why, "%s%s%s", err_text(e), d->last_errno ? ": " : "",
                       d->last_errno ? strerrordesc_np(d->last_errno) : "");
        upstream_close(u, e);
        return;
    }
    const int on = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    u->io = (struct loop_io){.fd = fd, .want = LOOP_READ, .ready = on_ready};
    u->heard_ms = loop_now_ms(l);
    u->begun_ms = u->heard_ms;
    const err watched = loop_watch(l, &u->io);
    if (!err_is_ok(watched)) {
        upstream_close(u, watched);
        return;
    }
    metric_add(METRIC_UPSTREAM_CONNECTIONS, 1);
    loop_start_timer(l, &u->timer, u->begun_ms + TICK_MS);
    upstream_login_begin(u);
}

static err begin_dial(struct upstream *u)
{
    CHECK(u->state.state == UPSTREAM_IDLE || u->state.state == UPSTREAM_GONE);
    upstream_slot_drop(u);
    TRY(upstream_slot_init(u));
    if (u->prepared) memset(u->prepared, 0, u->prepared_size * sizeof *u->prepared);
    outbox_reset(&u->out);
    u->held.n = 0;
    u->in_part = false;
    u->heartbeat_out = false;
    u->wants_room = false;
    u->why[0] = 0;
    u->flush.run = on_flush;
    u->timer.fire = on_tick;
    u->dial.done = on_dialled;
    sm_move(&u->state, UPSTREAM_DIAL);
    return DONE;
}

err upstream_dial(struct upstream *u, const struct address *to)
{
    TRY(begin_dial(u));
    u->address = *to;
    dial_start_address(u->set.loop, &u->dial, to, UPSTREAM_LOGIN_MS);
    return DONE;
}

err upstream_dial_host(struct upstream *u, bytes host, uint16_t port)
{
    TRY(begin_dial(u));
    dial_start(u->set.resolver, u->set.loop, &u->dial, host, port, UPSTREAM_LOGIN_MS);
    return DONE;
}

void upstream_close(struct upstream *u, err why)
{
    if (u->state.state == UPSTREAM_IDLE || u->state.state == UPSTREAM_GONE) return;
    const bool in = u->state.state >= UPSTREAM_READY;
    sm_move(&u->state, UPSTREAM_GONE);
    dial_cancel(&u->dial);
    loop_stop_timer(u->set.loop, &u->timer);
    loop_flush_cancel(u->set.loop, &u->flush);
    if (u->io.fd >= 0) {
        loop_unwatch(u->set.loop, &u->io);
        (void)close(u->io.fd);
        u->io.fd = -1;
        metric_add(METRIC_UPSTREAM_CONNECTIONS, -1);
        if (in && !err_is_ok(why)) metric_add(METRIC_UPSTREAM_LOST, 1);
    }
    outbox_wipe(&u->out);
    upstream_slot_lose_all(u);
    u->in_part = false;
    if (u->set.events->on_gone) u->set.events->on_gone(u, why);
}

void upstream_drain(struct upstream *u)
{
    if (!upstream_is_ready(u)) {
        upstream_close(u, DONE);
        return;
    }
    sm_move(&u->state, UPSTREAM_DRAIN);
    if (u->taken_n == u->orphans_n) upstream_close(u, DONE);
}

/* --- what the node has prepared: a place holds the number that was put there last --- */

static uint32_t tag(uint32_t statement)
{
    return ~statement; /* 0: empty, and the number that nobody has */
}

bool upstream_has_prepared(const struct upstream *u, uint32_t statement)
{
    const uint32_t size = u->prepared_size;
    return size && tag(statement) && u->prepared[statement & (size - 1)] == tag(statement);
}

static bool grow_prepared(struct upstream *u, uint32_t statement)
{
    uint32_t size = u->prepared_size ? u->prepared_size : PREPARED_FIRST;
    while (size <= statement && size < UPSTREAM_PREPARED_MAX)
        size *= 2;
    if (size == u->prepared_size) return true;
    uint32_t *places = calloc(size, sizeof *places);
    if (!places) return u->prepared_size > 0;
    for (uint32_t i = 0; i < u->prepared_size; i++) {
        if (u->prepared[i]) places[~u->prepared[i] & (size - 1)] = u->prepared[i];
    }
    free(u->prepared);
    u->prepared = places;
    u->prepared_size = size;
    return true;
}

/* What had to make room is prepared again next time. */
void upstream_set_prepared(struct upstream *u, uint32_t statement, bool prepared)
{
    if (!tag(statement) || (prepared && !grow_prepared(u, statement))) return;
    if (!prepared && !upstream_has_prepared(u, statement)) return;
    u->prepared[statement & (u->prepared_size - 1)] = prepared ? tag(statement) : 0;
}
