/* A client's connection: bytes in, cut into requests, handed to the handler of its state; bytes
 * out. */
#include "gateway/session.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "gateway/batch.h"
#include "gateway/announce.h"
#include "gateway/execute.h"
#include "gateway/login.h"
#include "gateway/prepare.h"
#include "gateway/query.h"
#include "gateway/session_io.h"
#include "gateway/ledger.h"
#include "gateway/witness.h"

#include <stdlib.h>
#include <unistd.h>

static const struct sm_state states[SESSION_STATES] = {
    [SESSION_HELLO] = {"hello",
                       SM_BIT(SESSION_SASL) | SM_BIT(SESSION_DRAIN) | SM_BIT(SESSION_GONE)},
    [SESSION_SASL] = {"sasl", SM_BIT(SESSION_READY) | SM_BIT(SESSION_DRAIN) | SM_BIT(SESSION_GONE)},
    [SESSION_READY] = {"ready", SM_BIT(SESSION_DRAIN) | SM_BIT(SESSION_GONE)},
    [SESSION_DRAIN] = {"drain", SM_BIT(SESSION_LINGER) | SM_BIT(SESSION_GONE)},
    [SESSION_LINGER] = {"linger", SM_BIT(SESSION_GONE)},
    [SESSION_GONE] = {"gone", 0},
};

enum { OPCODES = OPCODE_AUTH_SUCCESS + 1, EXPIRY_STEP_MS = 3600 * 1000 };

/* Empty slots are protocol errors: what is not listed for a state cannot be reached in it. */
static enum envelope_fate (*const handlers[SESSION_STATES][OPCODES])(struct envelope *e) = {
    [SESSION_HELLO] = {[OPCODE_OPTIONS] = login_options, [OPCODE_STARTUP] = login_startup},
    [SESSION_SASL] = {[OPCODE_OPTIONS] = login_options, [OPCODE_AUTH_RESPONSE] = login_response},
    [SESSION_READY] = {[OPCODE_OPTIONS] = login_options,
                       [OPCODE_QUERY] = query_handle,
                       [OPCODE_PREPARE] = prepare_handle,
                       [OPCODE_EXECUTE] = execute_handle,
                       [OPCODE_BATCH] = batch_handle,
                       [OPCODE_REGISTER] = announce_register},
};

static void expire(struct loop *l, struct loop_timer *t)
{
    (void)l;
    struct session *s = LOOP_OF(t, struct session, timer);
    if (s->state.state == SESSION_READY) {
        session_watch_expiry(s);
    } else {
        session_close(s, s->state.state <= SESSION_SASL ? "login took too long" : "lingered");
    }
}

static void bury(struct loop_grave *g)
{
    free(LOOP_OF(g, struct session, grave));
}

static struct session *make(struct worker_door *door, int fd, const struct address *peer)
{
    struct session *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->io = (struct loop_io){.fd = fd, .want = LOOP_READ, .ready = session_io_ready};
    s->flush.run = session_io_flush;
    s->timer.fire = expire;
    s->grave.free = bury;
    s->state = (struct sm){states, SESSION_HELLO};
    s->door = door;
    s->peer = *peer;
    s->generation = ++door->worker->generation;
    list_init(&s->link);
    list_init(&s->of_holder);
    list_init(&s->registered);
    list_init(&s->owing);
    list_init(&s->greeting);
    return s;
}

/* Who says nothing makes room for who has just come: half-open logins shut nobody out. */
static void drop_oldest_greeting(struct gateway_worker *w)
{
    struct list *oldest = list_first(&w->greeting);
    if (oldest) session_close(LIST_OF(oldest, struct session, greeting), "others want to log in");
}

void session_accept(struct worker_door *door, int fd, const struct address *peer)
{
    struct gateway_worker *w = door->worker;
    if (w->handshakes >= LIMIT_HANDSHAKES) drop_oldest_greeting(w);
    if (w->draining || door->stopping || !err_is_ok(worker_enter_client(w, peer))) {
        (void)close(fd);
        return;
    }
    struct session *s = make(door, fd, peer);
    if (!s || !err_is_ok(loop_watch(worker_loop(w), &s->io))) {
        worker_leave_client(w, peer);
        free(s);
        (void)close(fd);
        return;
    }
    w->handshakes++;
    list_add_last(&w->greeting, &s->greeting);
    w->sessions++;
    metric_add(METRIC_CLIENTS, 1);
    list_add_last(&door->sessions, &s->link);
    loop_start_timer(worker_loop(w), &s->timer,
                     loop_now_ms(worker_loop(w)) + worker_limits(w)->login_ms);
}

/* Every request of a session that logged in asks first whether its token still lives; an EXECUTE
 * asks in gate_admit, once is enough. */
enum envelope_fate session_handle(struct envelope *e)
{
    struct session *s = e->session;
    struct gateway_worker *w = session_worker(s);
    if (w->arena.used > 0) arena_reset(&w->arena);
    if (s->state.state == SESSION_READY && e->head.opcode != OPCODE_EXECUTE &&
        !gate_session_is_live(w->gate, &s->gate, loop_now_utc_ms(worker_loop(w)))) {
        session_end(s);
        return ENVELOPE_DONE;
    }
    enum envelope_fate (*handle)(struct envelope *) =
        e->head.opcode < OPCODES ? handlers[s->state.state][e->head.opcode] : NULL;
    if (!handle) {
        struct note note;
        session_refuse(s, e->head.stream,
                       note_fail(&note, FAIL(FRAME_BAD), "Unexpected %s message in state %s",
                                 frame_opcode_name(e->head.opcode), sm_name(&s->state)),
                       &note);
        session_finish(s);
        return ENVELOPE_DONE;
    }
    return handle(e);
}

void session_error(struct session *s, int16_t stream, uint32_t code, const char *text)
{
    if (!session_is_open(s)) return;
    response_write_plain_error(session_out(s), session_to(s, stream), code, bytes_of_text(text));
}

/* The sentence for people reaches the peer only where it is about the peer's own words. */
static bool is_for_peer(err e)
{
    const enum err_class class = err_row(e)->class;
    return class == ERR_CLASS_INVALID || class == ERR_CLASS_FORBIDDEN ||
           class == ERR_CLASS_NOT_FOUND || class == ERR_CLASS_CONFLICT;
}

void session_refuse(struct session *s, int16_t stream, err e, const struct note *note)
{
    const bool told = note && note->text[0] && is_for_peer(e);
    session_error(s, stream, err_row(e)->cql, told ? note->text : err_text(e));
}

void session_took(struct session *s, uint32_t bytes_n)
{
    s->outstanding++;
    s->outstanding_bytes += bytes_n;
}

void session_gave(struct session *s, uint32_t bytes_n)
{
    CHECK(s->outstanding > 0 && s->outstanding_bytes >= bytes_n);
    s->outstanding--;
    s->outstanding_bytes -= bytes_n;
    if (s->state.state == SESSION_GONE) {
        if (s->outstanding == 0) loop_bury(worker_loop(session_worker(s)), &s->grave);
    } else if (s->paused || s->state.state == SESSION_DRAIN) {
        loop_flush_later(worker_loop(session_worker(s)), &s->flush);
    }
}

err session_ready(struct session *s)
{
    struct gateway_worker *w = session_worker(s);
    TRY(holder_enter(&s->lane->holders, s->gate.who.live, &s->of_holder, &s->holder));
    fair_client_init(&s->fair, &s->holder->fair);
    sm_move(&s->state, SESSION_READY);
    w->handshakes--;
    list_remove(&s->greeting);
    s->door->ready_clients++;
    atomic_fetch_add(&s->door->door->clients, 1);
    session_watch_expiry(s);
    return DONE;
}

/* At the token's last second the session ends by itself. The clocks may step: look again hourly. */
void session_watch_expiry(struct session *s)
{
    struct loop *l = worker_loop(session_worker(s));
    const int64_t left = s->gate.who.valid_until_ms - loop_now_utc_ms(l);
    if (s->gate.who.valid_until_ms == CLOCK_NEVER_MS) return;
    if (left <= 0) {
        session_end(s);
        return;
    }
    const uint64_t wait = left < EXPIRY_STEP_MS ? (uint64_t)left : EXPIRY_STEP_MS;
    loop_start_timer(l, &s->timer, loop_now_ms(l) + wait);
}

/* Leaves what only a session in use belongs to. */
static void leave(struct session *s)
{
    struct gateway_worker *w = session_worker(s);
    if (s->state.state <= SESSION_SASL) w->handshakes--;
    list_remove(&s->registered);
    list_remove(&s->greeting);
    ledger_left(s);
    if (!s->holder) return;
    witness_left(s);
    fair_leave(&s->lane->waiting, &s->fair);
    holder_leave(&s->lane->holders, s->holder, &s->of_holder);
    s->holder = NULL;
    s->door->ready_clients--;
    atomic_fetch_sub(&s->door->door->clients, 1);
    gate_close_session(w->gate, &s->gate);
}

void session_drain(struct session *s)
{
    if (s->state.state >= SESSION_DRAIN) return;
    struct loop *l = worker_loop(session_worker(s));
    leave(s);
    sm_move(&s->state, SESSION_DRAIN);
    session_io_forget(s);
    loop_want(l, &s->io, s->io.want & ~(uint32_t)LOOP_READ);
    loop_stop_timer(l, &s->timer);
    loop_flush_later(l, &s->flush);
}

void session_finish(struct session *s)
{
    session_drain(s);
    if (s->state.state != SESSION_DRAIN || s->hurried) return;
    struct loop *l = worker_loop(session_worker(s));
    s->hurried = true;
    loop_start_timer(l, &s->timer, loop_now_ms(l) + LIMIT_LINGER_MS);
    loop_flush_later(l, &s->flush);
}

void session_end(struct session *s)
{
    if (s->state.state >= SESSION_DRAIN) return;
    metric_add(METRIC_REVOKED_SESSIONS, 1);
    witness_revoked(s);
    log_line(LOG_DEBUG, "session_ended", "client=%s", s->gate.who.name);
    session_finish(s);
}

void session_close(struct session *s, const char *why)
{
    if (s->state.state == SESSION_GONE) return;
    struct gateway_worker *w = session_worker(s);
    struct loop *l = worker_loop(w);
    log_line(LOG_DEBUG, "session_closed", "state=%s reason=\"%s\"", sm_name(&s->state), why);
    if (s->state.state < SESSION_DRAIN) leave(s);
    sm_move(&s->state, SESSION_GONE);
    session_io_forget(s);
    session_io_drop(s);
    loop_unwatch(l, &s->io);
    (void)close(s->io.fd);
    loop_stop_timer(l, &s->timer);
    loop_flush_cancel(l, &s->flush);
    list_remove(&s->link);
    worker_leave_client(w, &s->peer);
    w->sessions--;
    metric_add(METRIC_CLIENTS, -1);
    if (s->outstanding > 0) {
        metric_add(METRIC_ORPHANS, s->outstanding);
    } else {
        loop_bury(l, &s->grave);
    }
}
