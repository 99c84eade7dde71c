/* A reply costs nine bytes of header and one copy; everything else here is about what goes wrong.
 */
#include "gateway/reply.h"

#include "base/log.h"
#include "base/metric.h"
#include "gateway/agree.h"
#include "gateway/describing.h"
#include "gateway/large.h"
#include "gateway/park.h"
#include "gateway/prepare.h"
#include "gateway/traces.h"

#include <urcu/urcu-memb.h>

void reply_write(struct session *s, int16_t stream, const struct frame_header *h, bytes body)
{
    struct wr *out = session_out(s);
    uint8_t *at = wr_room(out, FRAME_HEADER_SIZE + body.n);
    if (!at) return;
    struct frame_header own = *h;
    own.stream = stream;
    frame_write_header(at, &own);
    if (body.n) memcpy(at + FRAME_HEADER_SIZE, body.p, body.n);
    metric_add(METRIC_REPLIES, 1);
}

/* --- errors --- */

void reply_pass_error(struct session *s, int16_t stream, const struct frame_header *h, bytes body)
{
    static _Thread_local struct log_limit limit;
    struct response_prefix prefix;
    struct response_error error;
    err bad = response_open(h->flags, body, &prefix);
    if (err_is_ok(bad)) bad = response_read_error(prefix.message, &error);
    if (!err_is_ok(bad)) {
        session_error(s, stream, RESPONSE_SERVER_ERROR, "A node sent an unreadable error");
        return;
    }
    if (error.code == RESPONSE_UNAUTHORIZED) {
        metric_add(METRIC_UPSTREAM_UNAUTHORIZED, 1);
        if (log_limit_pass(&limit, loop_now_ms(worker_loop(session_worker(s))), 60)) {
            log_line(LOG_ERROR, "upstream_unauthorized", "text=\"%.*s\"", BYTES_FMT(error.message));
        }
        session_error(
            s, stream, RESPONSE_SERVER_ERROR,
            "The gateway itself lacks a permission on the cluster; its operator was told");
        return;
    }
    if (error.code == RESPONSE_OVERLOADED) metric_add(METRIC_UPSTREAM_OVERLOADED, 1);
    reply_write(s, stream, h, body);
}

struct response_error reply_loss(enum forward_kind kind, uint16_t consistency, bool written)
{
    static const char *const write_types[] = {[FORWARD_READ] = "",
                                              [FORWARD_SIMPLE] = "SIMPLE",
                                              [FORWARD_BATCH] = "UNLOGGED_BATCH",
                                              [FORWARD_COUNTER] = "COUNTER",
                                              [FORWARD_CAS] = "CAS",
                                              [FORWARD_SCHEMA] = "SIMPLE"};
    struct response_error e = {.consistency = consistency, .block_for = 1};
    if (!written) {
        e.code = RESPONSE_OVERLOADED;
        e.message = BYTES("No node of the cluster could take the request");
    } else if (kind == FORWARD_READ) {
        e.code = RESPONSE_READ_TIMEOUT;
        e.message = BYTES("The node's answer did not come");
    } else {
        e.code = RESPONSE_WRITE_TIMEOUT;
        e.message = BYTES("The node's answer did not come; the write may have been done");
        e.write_type = bytes_of_text(write_types[kind]);
    }
    return e;
}

void reply_lost(struct session *s, int16_t stream, enum forward_kind kind, uint16_t consistency,
                bool written)
{
    if (!session_is_open(s)) return;
    const struct response_error e = reply_loss(kind, consistency, written);
    response_write_error(session_out(s), session_to(s, stream), &e);
}

/* --- a node that has forgotten a statement (decisions 7.1) --- */

/* Takes the request up again from what was kept of it, at the end of the turn. False: the client
 * must prepare anew. */
static bool repair(struct upstream *up, const struct upstream_slot *slot, struct session *s,
                   const struct response_error *error)
{
    const bytes kept = upstream_kept_body(up, slot);
    if (kept.n == 0 || s->state.state != SESSION_READY) return false;
    if (forward_attempts_of(slot) >= LIMIT_REPAIRS) return false;
    struct statement_record *r = statement_record_by_id(s->door->door->records, error->id);
    if (!r) return false;
    upstream_set_prepared(up, (uint32_t)r->number, false);
    const struct envelope e = {.session = s,
                               .head = {.version = s->version,
                                        .stream = slot->client_stream,
                                        .opcode = slot->opcode,
                                        .body_len = (uint32_t)kept.n},
                               .message = kept,
                               .keyspace = session_keyspace(s),
                               .attempts = forward_attempts_of(slot),
                               .counted = true};
    metric_add(METRIC_REPREPARED, 1);
    return err_is_ok(park_add(&e, &s->lane->parked));
}

static void on_error(struct upstream *up, const struct upstream_slot *slot, struct session *s,
                     const struct frame_header *h, bytes body)
{
    struct response_prefix prefix;
    struct response_error error;
    bool repaired = false;
    err bad = response_open(h->flags, body, &prefix);
    if (err_is_ok(bad)) bad = response_read_error(prefix.message, &error);
    if (err_is_ok(bad) && error.code == RESPONSE_UNPREPARED) {
        urcu_memb_read_lock();
        repaired = repair(up, slot, s, &error);
        urcu_memb_read_unlock();
    }
    if (!repaired) reply_pass_error(s, slot->client_stream, h, body);
}

/* --- what connections report --- */

/* Slots hold on to their session, so it is there; that it is the same one is checked all the same.
 */
static struct session *session_of(const struct upstream_slot *slot)
{
    struct session *s = slot->owner;
    if (s->generation == slot->generation) return s;
    log_line(LOG_ERROR, "bug_stream_confused", "generation=%u", slot->generation);
    return NULL;
}

static void to_session(struct upstream *up, struct upstream_slot *slot,
                       const struct frame_header *h, bytes body)
{
    struct session *s = session_of(slot);
    if (!s) return;
    if ((h->flags & FRAME_FLAG_TRACING) && s->state.state == SESSION_READY) traces_note(s, h, body);
    if (!session_is_open(s) || s->hurried) {
        /* nobody is there to read it */
    } else if (h->opcode == OPCODE_ERROR) {
        on_error(up, slot, s, h, body);
    } else if (slot->flags & FORWARD_OF_DESCRIBE) {
        urcu_memb_read_lock();
        describing_pass(s, slot->client_stream, h, body);
        urcu_memb_read_unlock();
    } else if ((slot->flags & FORWARD_AWAITS) && agree_hold(s, slot->client_stream, h, body)) {
        /* passed on once the nodes agree */
    } else {
        reply_write(s, slot->client_stream, h, body);
    }
    session_gave(s, forward_bytes_of(slot));
}

static void on_reply(struct upstream *up, struct upstream_slot *slot, const struct frame_header *h,
                     bytes body)
{
    if (slot->flags & FORWARD_OF_JOB) {
        urcu_memb_read_lock();
        prepare_on_reply(up, slot, h, body);
        urcu_memb_read_unlock();
    } else {
        to_session(up, slot, h, body); /* what most answers need is the session's own */
    }
    worker_serve_soon(node_of(up)->owner, up->set.version);
}

static bool takes_parts(struct upstream *up, struct upstream_slot *slot,
                        const struct frame_header *h)
{
    return large_begins(up, slot, h);
}

static void on_reply_part(struct upstream *up, struct upstream_slot *slot,
                          const struct frame_header *h, bytes part, uint32_t offset)
{
    large_piece(up, slot, h, part, offset);
    worker_serve_soon(node_of(up)->owner, up->set.version);
}

static void answer_lost(const struct upstream_slot *slot, bool written)
{
    if (slot->flags & FORWARD_OF_JOB) {
        prepare_on_lost(slot);
        return;
    }
    struct session *s = session_of(slot);
    if (!s) return;
    reply_lost(s, slot->client_stream, forward_kind_of(slot), forward_consistency_of(slot),
               written);
    session_gave(s, forward_bytes_of(slot));
}

static void on_expired(struct upstream *up, struct upstream_slot *slot)
{
    (void)up;
    answer_lost(slot, true);
}

static void on_lost(struct upstream *up, struct upstream_slot *slot, int how)
{
    if (how == UPSTREAM_BEGUN && !(slot->flags & FORWARD_OF_JOB)) large_lost(up, slot->owner);
    answer_lost(slot, how != UPSTREAM_NEVER_WRITTEN);
}

static void on_ready(struct upstream *up)
{
    worker_serve_soon(node_of(up)->owner, up->set.version);
    worker_count_nodes(node_of(up)->owner);
}

static void on_room(struct upstream *up)
{
    worker_serve_soon(node_of(up)->owner, up->set.version);
}

static void on_gone(struct upstream *up, err why)
{
    (void)why;
    worker_serve_soon(node_of(up)->owner, up->set.version);
    worker_count_nodes(node_of(up)->owner);
}

const struct upstream_events reply_events = {.on_ready = on_ready,
                                             .on_reply = on_reply,
                                             .takes_parts = takes_parts,
                                             .on_reply_part = on_reply_part,
                                             .on_expired = on_expired,
                                             .on_lost = on_lost,
                                             .on_room = on_room,
                                             .on_gone = on_gone};
