/* Entry by entry into one new body; one refusal refuses all of it. */
#include "gateway/batch.h"

#include "cql/request.h"
#include "gateway/admit.h"
#include "gateway/place.h"
#include "gateway/prepare.h"
#include "gateway/ledger.h"

/* What has been found out about the batch so far. */
struct batch {
    struct envelope *e;
    const struct picture *picture;
    struct request_batch asked;
    struct gate_permit_storage storage;
    const struct permit *permit; /* of the entry decided last */
    uint64_t number;             /* of its statement */
    bool conditional;
    bool counter;
};

static const struct statement *understand(struct batch *b, const struct request_entry *entry)
{
    struct session *s = b->e->session;
    b->number = GATE_UNNUMBERED;
    if (!entry->prepared) return admit_understand(b->e, b->picture, entry->text);
    struct statement_records *records = s->door->door->records;
    struct statement_record *r = statement_record_by_id(records, entry->text);
    const bool held = r && statement_record_is_held(records, &s->gate.who, r);
    const struct statement *what = held ? admit_record(b->e, b->picture, r) : NULL;
    if (!what) {
        response_write_unprepared(session_out(s), envelope_to(b->e), entry->text);
        return NULL;
    }
    b->number = r->number;
    return what;
}

/* Only single writes may stand in a batch (T12). */
static bool may_stand(const struct statement *what)
{
    return what->route == STATEMENT_ROUTE_FORWARD && what->kind != STATEMENT_BATCH &&
           statement_kind_class(what->kind) == STATEMENT_CLASS_WRITE;
}

/* Decides one entry and writes it; false: the whole batch was answered or parked. */
static bool add_entry(struct batch *b, struct request_entry *entry, struct wr *body)
{
    const struct statement *what = understand(b, entry);
    if (!what) return false;
    if (!may_stand(what)) {
        session_error(b->e->session, b->e->head.stream, RESPONSE_INVALID,
                      "Only UPDATE, INSERT and DELETE statements are allowed in a batch");
        return false;
    }
    b->permit = admit_decide(b->e, b->picture, what, b->number, &b->storage);
    if (!b->permit) return false;
    ledger_entry(b->e->session, what);
    b->conditional |= what->conditional;
    b->counter |= what->counter;
    if (!entry->prepared) entry->text = what->text;
    request_write_entry(body, entry);
    return true;
}

static enum forward_kind kind_of(const struct batch *b)
{
    if (b->conditional) return FORWARD_CAS;
    if (b->counter || b->asked.type == REQUEST_COUNTER) return FORWARD_COUNTER;
    return FORWARD_BATCH;
}

/* The last of the statements that the connection's node lacks; those before it are asked for too.
 */
static struct statement_record *find_missing(const struct batch *b, struct upstream *up)
{
    struct session *s = b->e->session;
    struct statement_record *missing = NULL;
    struct request_entry entry;
    struct rd entries = rd_over(b->asked.entries);
    while (request_next_entry(&entries, &entry)) {
        struct statement_record *r =
            entry.prepared ? statement_record_by_id(s->door->door->records, entry.text) : NULL;
        if (!r || upstream_has_prepared(up, (uint32_t)r->number)) continue;
        if (missing) prepare_ahead(s->door, s->version, up, missing);
        missing = r;
    }
    return missing;
}

static enum envelope_fate send_on(struct batch *b, struct wr *body)
{
    struct envelope *e = b->e;
    struct upstream *up;
    const enum place place = place_choose(e->session->lane, NODE_ORDINARY, e->pinned, &up);
    if (place == PLACE_FULL) return ENVELOPE_WAITS;
    if (place == PLACE_NONE) {
        session_refuse(e->session, e->head.stream, FAIL(NO_NODE), NULL);
        return ENVELOPE_DONE;
    }
    struct statement_record *missing = find_missing(b, up);
    if (missing) {
        prepare_ask(e, up, missing);
        return ENVELOPE_DONE;
    }
    const struct forward f = {.permit = b->permit,
                              .number = b->number,
                              .kind = kind_of(b),
                              .consistency = b->asked.consistency,
                              .keep = true};
    const err bad = body->bad ? FAIL(NO_MEMORY) : forward_send(e, up, &f, wr_view(body));
    if (err_is_ok(bad)) ledger_batch_sent(e);
    else session_refuse(e->session, e->head.stream, bad, NULL);
    return ENVELOPE_DONE;
}

static enum envelope_fate handle(struct envelope *e)
{
    struct session *s = e->session;
    struct batch b = {.e = e};
    const err bad = request_read_batch(s->version, e->message, &b.asked);
    if (!err_is_ok(bad)) {
        session_refuse(s, e->head.stream, bad, NULL);
        return ENVELOPE_DONE;
    }
    b.picture = admit_picture(e);
    if (!b.picture) return ENVELOPE_DONE;
    struct wr *body = &session_worker(s)->scratch;
    struct request_entry entry;
    struct rd entries = rd_over(b.asked.entries);
    body->n = 0;
    request_write_batch_head(body, &b.asked);
    while (request_next_entry(&entries, &entry)) {
        if (!add_entry(&b, &entry, body)) return ENVELOPE_DONE;
    }
    if (!b.permit) {
        response_write_void(session_out(s), envelope_to(e));
        return ENVELOPE_DONE;
    }
    request_write_batch_tail(body, &b.asked);
    return send_on(&b, body);
}

enum envelope_fate batch_handle(struct envelope *e)
{
    const enum envelope_fate fate = handle(e);
    ledger_batch_over(e->session);
    return fate;
}
