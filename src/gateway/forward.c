/* A slot is filled, the request appended; both belong together, so they happen in one call. */
#include "gateway/forward.h"

#include "base/log.h"
#include "base/metric.h"
#include "gateway/ledger.h"

enum { UNITS_MAX = (1 << 20) - 1 };

/* A request without a permit for this very statement is a mistake of ours: refuse, never send. */
static err check(const struct envelope *e, const struct forward *f)
{
    if (permit_covers_statement(f->permit, f->number)) return DONE;
    log_line(LOG_ERROR, "bug_no_permit", "opcode=%s statement=%llu",
             frame_opcode_name(e->head.opcode), (unsigned long long)f->number);
    session_finish(e->session);
    return FAIL(BUG);
}

static uint32_t pack(const struct envelope *e, const struct forward *f)
{
    const size_t units = e->message.n >> 4;
    const uint32_t counted = units > UNITS_MAX ? UNITS_MAX : (uint32_t)units;
    return (uint32_t)f->kind | (uint32_t)(f->consistency & 0x0f) << 3 |
           (uint32_t)(e->attempts & 0x1f) << 7 | counted << 12;
}

static struct upstream_slot *take(const struct envelope *e, struct upstream *up,
                                  const struct forward *f, int16_t *stream)
{
    struct upstream_slot *slot = upstream_take(up, stream);
    if (!slot) return NULL;
    slot->owner = e->session;
    slot->generation = e->session->generation;
    slot->client_stream = e->head.stream;
    slot->opcode = e->head.opcode;
    slot->flags |=
        (uint8_t)(FORWARD_OF_SESSION | (f->awaits ? FORWARD_AWAITS : 0) |
                  (f->filtered ? FORWARD_OF_DESCRIBE : 0) | (f->slow ? UPSTREAM_SLOT_LONG : 0));
    slot->statement = (uint32_t)f->number;
    slot->extra = pack(e, f);
    return slot;
}

/* The tracing flag goes on only where the operator allows it (T21). */
static uint8_t flags_for(const struct envelope *e)
{
    const bool traced = worker_traces(session_worker(e->session));
    return traced ? (uint8_t)(e->head.flags & FRAME_FLAG_TRACING) : 0;
}

err forward_send(const struct envelope *e, struct upstream *up, const struct forward *f, bytes body)
{
    int16_t stream = UPSTREAM_NO_STREAM;
    TRY(check(e, f));
    struct upstream_slot *slot = take(e, up, f, &stream);
    if (!slot) return FAIL(TOO_MANY);
    const uint32_t bytes_n = forward_bytes_of(slot);
    if (f->as_query) slot->opcode = OPCODE_QUERY;
    TRY(upstream_send(up, stream, flags_for(e), (enum opcode)slot->opcode, body, f->keep));
    session_took(e->session, bytes_n);
    metric_add(METRIC_STATEMENTS, 1);
    ledger_sent(e, f);
    return DONE;
}
