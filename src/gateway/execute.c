/* The hot path: id → record → decision bit → node → stream. It allocates nothing. */
#include "gateway/execute.h"

#include "gateway/admit.h"
#include "gateway/large.h"
#include "gateway/local.h"
#include "gateway/nowhere.h"
#include "gateway/place.h"
#include "gateway/prepare.h"

static enum envelope_fate refuse(struct envelope *e, err why)
{
    session_refuse(e->session, e->head.stream, why, NULL);
    return ENVELOPE_DONE;
}

static enum envelope_fate unprepared(struct envelope *e, bytes id)
{
    struct session *s = e->session;
    response_write_unprepared(session_out(s), envelope_to(e), id);
    return ENVELOPE_DONE;
}

/* Once a statement's metadata has changed, every answer carries it (decisions 7.1). */
static bytes with_metadata(struct envelope *e, const struct request_execute *asked)
{
    struct wr *body = &session_worker(e->session)->scratch;
    body->n = 0;
    wr_bytes(body, e->message);
    if (body->bad) return e->message;
    body->p[asked->flags_at] &= (uint8_t)~REQUEST_FLAG_SKIP_METADATA;
    return wr_view(body);
}

static enum envelope_fate send_on(struct envelope *e, struct statement_record *r,
                                  const struct request_execute *asked, const struct statement *what,
                                  const struct permit *permit)
{
    struct upstream *up;
    const enum node_lane which = large_lane(e->session->door, (uint32_t)r->number);
    const enum place place = place_choose(e->session->lane, which, e->pinned, &up);
    if (place == PLACE_FULL) return ENVELOPE_WAITS;
    if (place == PLACE_NONE) return refuse(e, FAIL(NO_NODE));
    if (!upstream_has_prepared(up, (uint32_t)r->number)) {
        prepare_ask(e, up, r);
        return ENVELOPE_DONE;
    }
    const struct forward f = {.permit = permit,
                              .number = r->number,
                              .what = what,
                              .kind = plan_kind(what),
                              .consistency = asked->params.consistency,
                              .slow = plan_is_slow(what),
                              .awaits = what->ddl,
                              .keep = true};
    const bool skips = asked->params.flags & REQUEST_FLAG_SKIP_METADATA;
    const bool changed = atomic_load_explicit(&r->changed, memory_order_acquire);
    const bytes body = skips && changed ? with_metadata(e, asked) : e->message;
    const err bad = forward_send(e, up, &f, body);
    return err_is_ok(bad) ? ENVELOPE_DONE : refuse(e, bad);
}

enum envelope_fate execute_handle(struct envelope *e)
{
    struct session *s = e->session;
    struct request_execute asked ADMIT_UNSET;
    const err bad = request_read_execute(s->version, e->message, &asked);
    if (!err_is_ok(bad)) return refuse(e, bad);
    const struct statement_records *records = s->door->door->records;
    struct statement_record *r = statement_record_by_id(s->door->door->records, asked.id);
    if (!r || !statement_record_is_held(records, &s->gate.who, r)) return unprepared(e, asked.id);
    const struct picture *picture = admit_picture(e);
    if (!picture) return ENVELOPE_DONE;
    const struct statement *what = admit_record(e, picture, r);
    if (!what) return unprepared(e, asked.id);
    struct gate_permit_storage storage ADMIT_UNSET;
    const struct permit *permit = admit_decide(e, picture, what, r->number, &storage);
    if (!permit) return ENVELOPE_DONE;
    if (local_is(what)) {
        return local_answer(e, picture, what, &asked.params, permit, r->number);
    }
    if (what->ddl && nowhere_answer(e, picture, what)) return ENVELOPE_DONE;
    return send_on(e, r, &asked, what, permit);
}
