/* A job is one PREPARE on one connection, with the requests that wait for it. */
#include "gateway/prepare.h"

#include "base/log.h"
#include "base/metric.h"
#include "gateway/admit.h"
#include "gateway/local.h"
#include "gateway/park.h"
#include "gateway/place.h"
#include "gateway/reply.h"

#include <stdlib.h>

struct prepare_job {
    struct list link;    /* of the door */
    struct list waiters; /* parked requests */
    struct worker_door *door;
    struct upstream *up;
    struct statement_record *record; /* held */
    uint64_t schema_version;         /* when it was asked */
    uint8_t version;
};

static void write_prepared(struct session *s, int16_t stream, bytes message)
{
    if (!session_is_open(s)) return;
    struct wr *out = session_out(s);
    const size_t begun =
        frame_begin(out, s->version | FRAME_RESPONSE_BIT, 0, stream, OPCODE_RESULT);
    wr_bytes(out, message);
    frame_end(out, begun);
}

/* --- jobs --- */

static struct prepare_job *find(struct worker_door *door, const struct upstream *up,
                                const struct statement_record *r)
{
    for (struct list *at = door->jobs.next; at != &door->jobs; at = at->next) {
        struct prepare_job *j = LIST_OF(at, struct prepare_job, link);
        if (j->record == r && j->up == up) return j;
    }
    return NULL;
}

static void job_free(struct prepare_job *j)
{
    list_remove(&j->link);
    statement_record_release(j->record);
    free(j);
}

static err send_prepare(struct prepare_job *j)
{
    int16_t stream = UPSTREAM_NO_STREAM;
    struct wr *body = &j->door->worker->scratch;
    body->n = 0;
    request_write_prepare(body, j->record->text);
    struct upstream_slot *slot = body->bad ? NULL : upstream_take(j->up, &stream);
    if (!slot) return FAIL(TOO_MANY);
    slot->owner = j;
    slot->opcode = OPCODE_PREPARE;
    slot->flags |= FORWARD_OF_JOB;
    slot->statement = (uint32_t)j->record->number;
    return upstream_send(j->up, stream, 0, OPCODE_PREPARE, wr_view(body), false);
}

static struct prepare_job *job_for(struct worker_door *door, uint8_t version, struct upstream *up,
                                   struct statement_record *r)
{
    struct prepare_job *j = find(door, up, r);
    if (j) return j;
    const struct picture *picture = cluster_picture(door->door->cluster);
    j = calloc(1, sizeof *j);
    if (!j || !statement_record_hold(r)) {
        free(j);
        return NULL;
    }
    list_init(&j->waiters);
    j->door = door;
    j->up = up;
    j->record = r;
    j->version = version;
    j->schema_version = picture ? picture->version : 0;
    list_add_last(&door->jobs, &j->link);
    if (err_is_ok(send_prepare(j))) return j;
    job_free(j);
    return NULL;
}

void prepare_ahead(struct worker_door *door, uint8_t version, struct upstream *up,
                   struct statement_record *r)
{
    (void)job_for(door, version, up, r);
}

void prepare_ask(const struct envelope *e, struct upstream *up, struct statement_record *r)
{
    struct session *s = e->session;
    struct prepare_job *j = job_for(s->door, s->version, up, r);
    const err bad = j ? park_add(e, &j->waiters) : FAIL(TOO_MANY);
    if (!err_is_ok(bad)) session_refuse(s, e->head.stream, bad, NULL);
}

/* --- how they end --- */

/* Clients that wait with an EXECUTE or BATCH prepare anew, and hear then what is wrong or
 * different. */
static void tell_unprepared(struct prepare_job *j, struct parked *p)
{
    response_write_unprepared(session_out(p->session), park_to(p),
                              bytes_of(j->record->id, j->record->id_n));
}

static void finish_one(struct prepare_job *j, struct parked *p, bytes message,
                       enum statement_record_news news)
{
    struct session *s = p->session;
    const bool open = s->state.state == SESSION_READY;
    if (open && p->head.opcode == OPCODE_PREPARE && news != STATEMENT_RECORD_CONFLICT) {
        write_prepared(s, p->head.stream, message);
        park_drop(p);
    } else if (open && news == STATEMENT_RECORD_SAME) {
        park_resume(p, j->up);
    } else {
        if (open && p->head.opcode == OPCODE_PREPARE) {
            session_error(s, p->head.stream, RESPONSE_SERVER_ERROR, "statement id in use");
        } else if (open) {
            tell_unprepared(j, p);
        }
        park_drop(p);
    }
}

static err learn(struct prepare_job *j, const struct frame_header *h, bytes body, bytes *message,
                 enum statement_record_news *news)
{
    struct response_prefix prefix;
    struct response_prepared prepared;
    enum response_kind kind;
    bytes rest;
    TRY(response_open(h->flags, body, &prefix));
    TRY(response_read_kind(prefix.message, &kind, &rest));
    if (kind != RESPONSE_PREPARED) return FAIL(FRAME_BAD);
    TRY(response_read_prepared(j->version, rest, &prepared));
    *message = prefix.message;
    return statement_record_learn(j->door->door->records, j->record, j->version, j->schema_version,
                                  prepared.id, prefix.message, prepared.metadata, news);
}

static void succeed(struct prepare_job *j, const struct frame_header *h, bytes body)
{
    enum statement_record_news news = STATEMENT_RECORD_CONFLICT;
    bytes message = {0};
    const err bad = learn(j, h, body, &message, &news);
    if (!err_is_ok(bad) || news == STATEMENT_RECORD_CONFLICT) {
        news = STATEMENT_RECORD_CONFLICT;
        log_line(LOG_ERROR, "prepare_conflict", "statement=%llu error=\"%s\"",
                 (unsigned long long)j->record->number,
                 err_text(bad));
    } else {
        upstream_set_prepared(j->up, (uint32_t)j->record->number, true);
    }
    list_remove(&j->link);
    list_init(&j->link);
    struct parked *p;
    while ((p = park_first(&j->waiters)))
        finish_one(j, p, message, news);
    job_free(j);
}

/* The node's own error for those who asked to prepare. */
static void fail(struct prepare_job *j, const struct frame_header *h, bytes body)
{
    list_remove(&j->link);
    list_init(&j->link);
    struct parked *p;
    while ((p = park_first(&j->waiters))) {
        if (p->session->state.state == SESSION_READY) {
            if (p->head.opcode == OPCODE_PREPARE) {
                reply_pass_error(p->session, p->head.stream, h, body);
            } else {
                tell_unprepared(j, p);
            }
        }
        park_drop(p);
    }
    job_free(j);
}

void prepare_on_reply(struct upstream *up, const struct upstream_slot *slot,
                      const struct frame_header *h, bytes body)
{
    (void)up;
    struct prepare_job *j = slot->owner;
    if (h->opcode == OPCODE_RESULT)
        succeed(j, h, body);
    else
        fail(j, h, body);
}

void prepare_on_lost(const struct upstream_slot *slot)
{
    struct prepare_job *j = slot->owner;
    list_remove(&j->link);
    list_init(&j->link);
    struct parked *p;
    while ((p = park_first(&j->waiters))) {
        session_refuse(p->session, p->head.stream, FAIL(NO_NODE), NULL);
        park_drop(p);
    }
    job_free(j);
}

/* --- clients --- */

static struct statement_record *record_for(struct envelope *e, const struct picture *picture,
                                           const struct statement *what)
{
    struct session *s = e->session;
    struct statement_records *records = s->door->door->records;
    struct statement_record *r = statement_record_by_text(records, what->text);
    if (r && admit_record(e, picture, r) && statement_record_claim(records, &s->gate.who, r)) {
        return r;
    }
    struct plan *plan;
    err bad = plan_new(picture, (bytes){0}, what->text, what, &plan);
    if (err_is_ok(bad)) bad = statement_record_add(records, &s->gate.who, plan, &r);
    if (err_is_ok(bad)) return r;
    session_refuse(s, e->head.stream, bad, NULL);
    return NULL;
}

static enum envelope_fate ask_node(struct envelope *e, struct statement_record *r)
{
    struct session *s = e->session;
    struct upstream *up;
    const enum place place = place_choose(s->lane, NODE_ORDINARY, e->pinned, &up);
    if (place == PLACE_FULL) return ENVELOPE_WAITS;
    if (place == PLACE_NONE)
        session_refuse(s, e->head.stream, FAIL(NO_NODE), NULL);
    else
        prepare_ask(e, up, r);
    return ENVELOPE_DONE;
}

enum envelope_fate prepare_handle(struct envelope *e)
{
    struct session *s = e->session;
    bytes text;
    const err bad = request_read_prepare(e->message, &text);
    if (!err_is_ok(bad)) {
        session_refuse(s, e->head.stream, bad, NULL);
        return ENVELOPE_DONE;
    }
    const struct picture *picture = admit_picture(e);
    if (!picture) return ENVELOPE_DONE;
    const struct statement *what = admit_understand(e, picture, text);
    if (!what) return ENVELOPE_DONE;
    struct gate_permit_storage storage;
    if (!admit_decide(e, picture, what, GATE_UNNUMBERED, &storage)) return ENVELOPE_DONE;
    if (local_prepares(what)) return local_prepare(e, picture, what, text);
    struct statement_record *r = record_for(e, picture, what);
    if (!r) return ENVELOPE_DONE;
    const struct prepared_reply *known = statement_record_prepared(r, s->version, picture->version);
    if (!known) return ask_node(e, r);
    write_prepared(s, e->head.stream, known->body);
    return ENVELOPE_DONE;
}
