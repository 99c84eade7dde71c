/* Reading: what arrived is cut into requests where it lies, in the worker's own buffer; only an
 * unfinished rest is kept. Writing: once a turn, whatever has gathered. */
#include "gateway/session_io.h"

#include "base/check.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/secret.h"
#include "cql/compression.h"
#include "cql/request.h"

#include <errno.h>
#include <stdio.h>
#include <urcu/urcu-memb.h>

/* --- cutting --- */

/* A version that we do not speak is told so in words by which drivers step down. */
static void refuse_version(struct session *s, bytes in)
{
    uint8_t version;
    int16_t stream;
    if (!frame_read_stranger(in, &version, &stream)) return;
    response_write_wrong_version(session_out(s), version, stream);
    session_finish(s);
}

static void refuse_frame(struct session *s, const struct frame_header *h, err e, const char *detail)
{
    struct note note;
    session_refuse(s, h->stream, note_fail(&note, e, "%s: %s", err_text(e), detail), &note);
    session_finish(s);
}

static uint32_t body_max(const struct session *s)
{
    if (s->state.state < SESSION_READY) return FRAME_LOGIN_MAX;
    return worker_limits(session_worker(s))->message_max;
}

/* As nodes do it: one request is refused, its bytes are thrown away as they come, and the
 * connection goes on, for others wait for their answers on it. */
static void refuse_big(struct session *s, const struct frame_header *h)
{
    char text[96];
    if (s->state.state < SESSION_READY || h->body_len > FRAME_REPLY_MAX) {
        refuse_frame(s, h, FAIL(FRAME_TOO_BIG), frame_opcode_name(h->opcode));
        return;
    }
    (void)snprintf(text, sizeof text, "Request is too big: more than %u bytes", body_max(s));
    session_error(s, h->stream, RESPONSE_INVALID, text);
    s->skip = FRAME_HEADER_SIZE + (size_t)h->body_len;
}

/* What came compressed is opened into the worker's buffer, for the turn; a token is then in two places, and
 * the one that nobody reads on is wiped here. */
static err open_compressed(struct session *s, const struct frame_header *h, bytes body, bool is_login, bytes *message)
{
    struct wr *opened = &session_worker(s)->opened;
    err e = compression_open((enum compression)s->compression, body, body_max(s), opened);
    if (is_login) secret_wipe((void *)(uintptr_t)body.p, body.n);
    if (err_is_ok(e)) e = request_open(s->version, h->flags, wr_view(opened), message);
    if (is_login && !err_is_ok(e) && opened->p) secret_wipe(opened->p, opened->size);
    return e;
}

/* The message in a body. Of a login that cannot be read nothing stays either. */
static err open_body(struct session *s, const struct frame_header *h, bytes body, bytes *message)
{
    const bool is_login = s->state.state < SESSION_READY;
    if (h->flags & FRAME_FLAG_COMPRESSED) return open_compressed(s, h, body, is_login, message);
    const err e = request_open(s->version, h->flags, body, message);
    if (is_login && !err_is_ok(e)) secret_wipe((void *)(uintptr_t)body.p, body.n);
    return e;
}

/* The next whole request of `in`; its size, or 0: wait for more, or it was refused and is to be
 * skipped, or the session is at its end. */
static size_t cut(struct session *s, bytes in, struct envelope *e)
{
    if (s->version == 0 && !frame_is_spoken(in.p[0])) {
        refuse_version(s, in);
        return 0;
    }
    struct frame_header *h = &e->head;
    const err too_big = frame_read_header(in, body_max(s), h);
    if (too_big.code == ERR_FRAME_SHORT) return 0;
    if (s->version == 0) s->version = h->version;
    if (!err_is_ok(frame_check_request(h, s->version))) {
        refuse_frame(s, h, FAIL(FRAME_BAD),
                     h->version == s->version ? "header" : "version changed");
        return 0;
    }
    if (!err_is_ok(too_big)) {
        refuse_big(s, h);
        return 0;
    }
    if (in.n - FRAME_HEADER_SIZE < h->body_len) return 0;
    const bytes body = bytes_part(in, FRAME_HEADER_SIZE, h->body_len);
    const err opened = open_body(s, h, body, &e->message);
    if (opened.code == ERR_FRAME_TOO_BIG) {
        refuse_big(s, h);
        return 0;
    }
    if (!err_is_ok(opened)) {
        refuse_frame(s, h, opened, frame_opcode_name(h->opcode));
        return 0;
    }
    e->session = s;
    e->keyspace = session_keyspace(s);
    return FRAME_HEADER_SIZE + (size_t)h->body_len;
}

/* Reply bytes that the client has not taken. */
static size_t owed(const struct session *s)
{
    return s->out.n - s->out_from + s->aside.n;
}

static bool is_over(const struct session *s, uint32_t share)
{
    return s->outstanding >= LIMIT_OUTSTANDING / share ||
           s->outstanding_bytes >= LIMIT_OUTSTANDING_BYTES / share ||
           owed(s) >= LIMIT_UNREAD_REPLIES / share;
}

/* What comes next and is of a request that was refused. */
static size_t skip(struct session *s, size_t n)
{
    if (n > s->skip) n = s->skip;
    s->skip -= n;
    return n;
}

/* What a request counts of a token's share: what it is when it is opened. */
static size_t weight(const struct envelope *e, size_t n)
{
    return e->message.n > n ? e->message.n : n;
}

/* A large body was opened; the buffer for it is not kept. */
static void tidy_opened(struct gateway_worker *w)
{
    if (w->opened.size > WORKER_SPARE_MAX) wr_drop(&w->opened);
}

/* Handles whole requests from the front of `in`, until `allowance` bytes have gone; in one RCU read
 * section, for entering one is not free. Adds to `spent` what they count. */
static size_t feed(struct session *s, bytes in, int64_t allowance, size_t *spent)
{
    size_t at = 0;
    urcu_memb_read_lock();
    while (s->state.state <= SESSION_READY && at < in.n && (int64_t)*spent < allowance) {
        if (s->skip > 0) {
            at += skip(s, in.n - at);
            continue;
        }
        if (is_over(s, 1)) {
            s->paused = true;
            break;
        }
        struct envelope e = {0};
        const size_t n = cut(s, bytes_part(in, at, in.n), &e);
        if (n == 0 && s->skip > 0) continue;
        if (n == 0) break;
        if (session_handle(&e) == ENVELOPE_WAITS) {
            s->waits = true;
            fair_wait(&s->lane->waiting, &s->fair);
            break;
        }
        at += n;
        *spent += weight(&e, n);
    }
    urcu_memb_read_unlock();
    tidy_opened(session_worker(s));
    return at;
}

/* What came compressed may be 250 times as much when it is opened. A turn ends LIMIT_READ beyond
 * what came; the rest of it goes on with the next flush, after others were read. */
static size_t feed_turn(struct session *s, bytes in)
{
    size_t spent = 0;
    const size_t turn = in.n + LIMIT_READ;
    const size_t at = feed(s, in, (int64_t)turn, &spent);
    if (s->state.state > SESSION_READY || at == in.n || spent < turn) return at;
    s->paused = true;
    loop_flush_later(worker_loop(session_worker(s)), &s->flush);
    return at;
}

/* --- what is kept --- */

static void count_held(struct session *s)
{
    struct gateway_worker *w = session_worker(s);
    w->held_bytes = w->held_bytes - s->held_counted + s->held.size;
    s->held_counted = s->held.size;
}

void session_io_forget(struct session *s)
{
    if (s->held.p) worker_give_buffer(session_worker(s), &s->held);
    count_held(s);
}

static void keep(struct session *s, bytes rest)
{
    if (rest.n == 0) return;
    if (!s->held.p) s->held = worker_take_buffer(session_worker(s), SIZE_MAX);
    wr_bytes(&s->held, rest);
}

/* Whether reading goes on, after some requests were handled. */
static void settle(struct session *s)
{
    if (s->state.state > SESSION_READY) return;
    if (s->held.n == 0 && s->held.p) worker_give_buffer(session_worker(s), &s->held);
    count_held(s);
    const bool stranger = s->state.state < SESSION_READY && s->held.n > 0;
    if (s->held.bad || (stranger && session_worker(s)->held_bytes > LIMIT_HELD / 2)) {
        session_close(s, "too much unfinished");
        return;
    }
    worker_check_held(session_worker(s));
    if (s->state.state > SESSION_READY) return;
    const uint32_t reads = s->waits || s->paused ? 0 : LOOP_READ;
    loop_want(worker_loop(session_worker(s)), &s->io, (s->io.want & LOOP_WRITE) | reads);
}

static void consume_held(struct session *s, size_t used)
{
    if (s->state.state <= SESSION_READY && used > 0) wr_consume(&s->held, used);
}

static void feed_held(struct session *s)
{
    consume_held(s, feed_turn(s, wr_view(&s->held)));
}

size_t session_resume(struct session *s, int64_t allowance)
{
    size_t spent = 0;
    s->waits = false;
    consume_held(s, feed(s, wr_view(&s->held), allowance, &spent));
    if (s->state.state > SESSION_READY) return spent;
    if (!s->waits && !s->paused && s->held.n > 0 && (int64_t)spent >= allowance) {
        s->waits = true; /* its share is used up: once more round */
        fair_wait(&s->lane->waiting, &s->fair);
    }
    settle(s);
    return spent;
}

/* --- reading --- */

static ssize_t receive(struct session *s, void *p, size_t n)
{
    const ssize_t got = recv(s->io.fd, p, n, MSG_DONTWAIT);
    if (got > 0) return got;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    session_close(s, got == 0 ? "end of stream" : "connection lost");
    return 0;
}

static void throw_away(struct session *s)
{
    const ssize_t got = receive(s, session_worker(s)->input, WORKER_INPUT);
    s->lingered += (uint32_t)got;
    if (s->lingered > LIMIT_LINGER_BYTES) session_close(s, "sent on after the end");
}

static void read_fresh(struct session *s)
{
    struct gateway_worker *w = session_worker(s);
    const ssize_t got = receive(s, w->input, WORKER_INPUT);
    if (got <= 0) return;
    const bytes in = bytes_of(w->input, (size_t)got);
    const size_t used = feed_turn(s, in);
    if (s->state.state > SESSION_READY) return;
    keep(s, bytes_part(in, used, in.n));
    settle(s);
}

static void read_more(struct session *s)
{
    const size_t before = s->held.n;
    uint8_t *room = wr_room(&s->held, LIMIT_READ);
    const ssize_t got = room ? receive(s, room, LIMIT_READ) : 0;
    if (s->state.state > SESSION_READY) return;
    if (room) s->held.n = before + (size_t)got;
    feed_held(s);
    settle(s);
}

void session_io_ready(struct loop *l, struct loop_io *io, uint32_t got)
{
    (void)l;
    struct session *s = LOOP_OF(io, struct session, io);
    if (got & LOOP_READ) {
        if (s->state.state == SESSION_LINGER)
            throw_away(s);
        else if (s->state.state > SESSION_READY)
            (void)0;
        else if (s->held.n > 0)
            read_more(s);
        else
            read_fresh(s);
    } else if (got & LOOP_GONE) {
        session_close(s, "connection lost");
    }
    if ((got & LOOP_WRITE) && s->state.state != SESSION_GONE) session_io_flush(l, &s->flush);
}

/* --- writing --- */

static struct wr *to_write(struct session *s, struct wr *w)
{
    if (!w->p && !w->bad) *w = worker_take_buffer(session_worker(s), LIMIT_SLOW_READER);
    loop_flush_later(worker_loop(session_worker(s)), &s->flush);
    return w;
}

struct wr *session_out(struct session *s)
{
    return to_write(s, s->pieces_from ? &s->aside : &s->out);
}

void session_io_begin_pieces(struct session *s, const struct upstream *from)
{
    CHECK(!s->pieces_from);
    s->pieces_from = from;
}

void session_io_piece(struct session *s, bytes piece)
{
    wr_bytes(to_write(s, &s->out), piece);
}

void session_io_end_pieces(struct session *s)
{
    s->pieces_from = NULL;
    if (!s->aside.p) return;
    wr_bytes(to_write(s, &s->out), wr_view(&s->aside));
    if (s->aside.bad) s->out.bad = true;
    worker_give_buffer(session_worker(s), &s->aside);
}

static void count_unsent(struct session *s)
{
    struct gateway_worker *w = session_worker(s);
    const size_t now = owed(s);
    w->unsent_bytes = w->unsent_bytes - s->unsent + now;
    s->unsent = now;
    if (now == 0)
        list_remove(&s->owing);
    else if (list_is_empty(&s->owing))
        list_add_last(&w->owing, &s->owing);
}

void session_io_drop(struct session *s)
{
    if (s->out.p) worker_give_buffer(session_worker(s), &s->out);
    if (s->aside.p) worker_give_buffer(session_worker(s), &s->aside);
    s->out = (struct wr){0};
    s->aside = (struct wr){0};
    s->pieces_from = NULL;
    s->out_from = 0;
    count_unsent(s);
}

/* One send. False when the session is closed by it. */
static bool write_out(struct session *s)
{
    struct loop *l = worker_loop(session_worker(s));
    if (s->out.bad || s->aside.bad) {
        metric_add(METRIC_SLOW_READERS, 1);
        session_close(s, "replies over the limit");
        return false;
    }
    const size_t n = s->out.n - s->out_from;
    if (n == 0) return true;
    const ssize_t sent = send(s->io.fd, s->out.p + s->out_from, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        session_close(s, "connection lost");
        return false;
    }
    if (sent > 0) {
        s->out_from += (size_t)sent;
        s->took_ms = loop_now_ms(l);
    } else if (s->unsent == 0) {
        s->took_ms = loop_now_ms(l);
    }
    return true;
}

/* Keeps what is left at the front of the buffer once that costs less than it frees. */
static void tidy(struct session *s)
{
    if (s->out_from == s->out.n) {
        if (s->out.p) worker_give_buffer(session_worker(s), &s->out);
        s->out_from = 0;
    } else if (s->out_from > s->out.n / 2) {
        wr_consume(&s->out, s->out_from);
        s->out_from = 0;
    }
}

/* A session that drains is closed once nothing is owed. */
static void drained(struct session *s)
{
    struct loop *l = worker_loop(session_worker(s));
    if (s->out.n > s->out_from || (s->outstanding > 0 && !s->hurried)) return;
    (void)shutdown(s->io.fd, SHUT_WR);
    sm_move(&s->state, SESSION_LINGER);
    loop_want(l, &s->io, LOOP_READ);
    loop_start_timer(l, &s->timer, loop_now_ms(l) + LIMIT_LINGER_MS);
}

void session_io_flush(struct loop *l, struct loop_flush *f)
{
    struct session *s = LOOP_OF(f, struct session, flush);
    if (s->state.state >= SESSION_LINGER) return;
    if (!write_out(s)) return;
    tidy(s);
    count_unsent(s);
    worker_check_replies(session_worker(s));
    if (s->state.state == SESSION_GONE) return;
    const bool owes = s->out.n > s->out_from;
    loop_want(l, &s->io, (s->io.want & LOOP_READ) | (owes ? LOOP_WRITE : 0));
    if (s->state.state == SESSION_DRAIN) {
        drained(s);
    } else if (s->paused && !is_over(s, 2)) {
        s->paused = false;
        feed_held(s);
        settle(s);
    }
}
