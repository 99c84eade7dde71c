/* A copy of the answer waits with the cluster; its session is counted as having it in flight. */
#include "gateway/agree.h"

#include "base/log.h"
#include "gateway/reply.h"

#include <stdlib.h>

struct held_answer {
    struct cluster_waiter waiter;
    struct session *session;
    struct frame_header head;
    int16_t stream;
    size_t body_n;
    uint8_t body[];
};

#define WARNING "The nodes did not agree on the schema in time"

/* The answer with a warning in front, which versions from 4 on can carry. */
static void write_warned(const struct held_answer *a)
{
    struct session *s = a->session;
    const bytes body = bytes_of(a->body, a->body_n);
    if (s->version < 4 || a->head.flags != 0) {
        reply_write(s, a->stream, &a->head, body);
        return;
    }
    struct wr *out = session_out(s);
    const size_t begun =
        frame_begin(out, a->head.version, FRAME_FLAG_WARNING, a->stream, OPCODE_RESULT);
    wr_u16be(out, 1);
    wr_bytes16(out, BYTES(WARNING));
    wr_bytes(out, body);
    frame_end(out, begun);
}

static void agreed(struct cluster_waiter *waiter, err e)
{
    struct held_answer *a = LIST_OF(waiter, struct held_answer, waiter);
    struct session *s = a->session;
    if (session_is_open(s) && !s->hurried) {
        if (err_is_ok(e))
            reply_write(s, a->stream, &a->head, bytes_of(a->body, a->body_n));
        else
            write_warned(a);
    }
    if (!err_is_ok(e)) log_line(LOG_WARN, "schema_not_agreed", "error=\"%s\"", err_text(e));
    session_gave(s, 0);
    free(a);
}

static bool is_change(const struct frame_header *h, bytes body)
{
    struct response_prefix prefix;
    enum response_kind kind;
    bytes rest;
    return h->opcode == OPCODE_RESULT && err_is_ok(response_open(h->flags, body, &prefix)) &&
           err_is_ok(response_read_kind(prefix.message, &kind, &rest)) &&
           kind == RESPONSE_SCHEMA_CHANGE;
}

bool agree_hold(struct session *s, int16_t stream, const struct frame_header *h, bytes body)
{
    if (!is_change(h, body)) return false;
    struct held_answer *a = malloc(sizeof *a + body.n);
    if (!a) return false;
    *a = (struct held_answer){.waiter = {.loop = worker_loop(session_worker(s)), .done = agreed},
                              .session = s,
                              .head = *h,
                              .stream = stream,
                              .body_n = body.n};
    memcpy(a->body, body.p, body.n);
    session_took(s, 0);
    cluster_agree(s->door->door->cluster, &a->waiter);
    return true;
}
