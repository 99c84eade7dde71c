/* By route: who answers instead of a node. */
#include "gateway/local.h"

#include "base/metric.h"
#include "gateway/describe.h"
#include "gateway/use.h"

#include <nettle/md5.h>

/* The id that a node would give: MD5 of the text. It is the same after a restart, as drivers expect. */
static void make_id(bytes text, uint8_t id[MD5_DIGEST_SIZE])
{
    struct md5_ctx md5;
    md5_init(&md5);
    md5_update(&md5, text.n, text.p);
    md5_digest(&md5, MD5_DIGEST_SIZE, id);
}

enum envelope_fate local_answer(struct envelope *e, const struct picture *picture,
                                const struct statement *what, const struct request_params *params,
                                const struct permit *permit, uint32_t number)
{
    metric_add(METRIC_STATEMENTS_LOCAL, 1);
    switch (what->route) {
    case STATEMENT_ROUTE_USE:
        return use_handle(e, picture, what->keyspace);
    case STATEMENT_ROUTE_DESCRIBE:
        return describe_handle(e, picture, what, params, permit, number);
    case STATEMENT_ROUTE_LOCAL_SYSTEM:
    case STATEMENT_ROUTE_SCHEMA:
    case STATEMENT_ROUTE_TRACES:
    case STATEMENT_ROUTE_FORWARD:
    case STATEMENT_ROUTE_ESTIMATES:
        break;
    }
    session_error(e->session, e->head.stream, RESPONSE_INVALID, "Not answered here yet");
    return ENVELOPE_DONE;
}

/* Its PREPARED message, as a node would send it. */
static void write_message(struct wr *w, struct response_to to, bytes id, const struct statement *what)
{
    (void)what;
    const struct response_spec none = {0};
    response_write_prepared(w, to, id, &none, &none);
}

enum envelope_fate local_prepare(struct envelope *e, const struct picture *picture,
                                 const struct statement *what)
{
    struct session *s = e->session;
    struct statement_records *records = s->door->door->records;
    uint8_t id[MD5_DIGEST_SIZE];
    struct plan *plan;
    struct statement_record *r = NULL;
    enum statement_record_news news = STATEMENT_RECORD_CONFLICT;
    make_id(what->text, id);
    struct wr *w = &session_worker(s)->scratch;
    w->n = 0;
    write_message(w, envelope_to(e), bytes_of(id, sizeof id), what);
    err bad = w->bad ? FAIL(NO_MEMORY) : plan_new(picture, e->keyspace, what->text, what, &plan);
    if (err_is_ok(bad)) bad = statement_record_add(records, s->gate.who.live, plan, &r);
    const bytes message = bytes_part(wr_view(w), FRAME_HEADER_SIZE, w->n);
    if (err_is_ok(bad)) {
        bad = statement_record_learn(records, r, s->version, picture->version,
                                     bytes_of(id, sizeof id), message, message, &news);
    }
    if (err_is_ok(bad) && news == STATEMENT_RECORD_CONFLICT) bad = FAIL(CONFLICT);
    if (!err_is_ok(bad)) {
        session_refuse(s, e->head.stream, bad, NULL);
        return ENVELOPE_DONE;
    }
    wr_bytes(session_out(s), wr_view(w));
    return ENVELOPE_DONE;
}
