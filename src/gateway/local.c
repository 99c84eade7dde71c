/* By route: who answers instead of a node. */
#include "gateway/local.h"

#include "base/metric.h"
#include "cluster/system_tables.h"
#include "gateway/describing.h"
#include "gateway/estimates.h"
#include "gateway/traces.h"
#include "gateway/use.h"

#include <nettle/md5.h>

/* The id that a node would give: MD5 of the text. It is the same after a restart, as drivers
 * expect. */
static void make_id(bytes text, uint8_t id[MD5_DIGEST_SIZE])
{
    struct md5_ctx md5;
    md5_init(&md5);
    md5_update(&md5, text.n, text.p);
    md5_digest(&md5, MD5_DIGEST_SIZE, id);
}

static bool may_see(void *owner, bytes keyspace, bytes table)
{
    struct session *s = owner;
    return gate_session_sees(session_worker(s)->gate, &s->gate, keyspace, table);
}

/* What drivers are to dial: as the operator says, else what this client dialled. */
static struct address advertised(const struct session *s)
{
    struct sockaddr_storage own;
    socklen_t own_n = sizeof own;
    const struct door *door = s->door->door;
    if (door->advertise.family != ADDRESS_NONE) return door->advertise;
    if (getsockname(s->io.fd, (struct sockaddr *)&own, &own_n) != 0) return door->listen;
    return address_of_sockaddr((struct sockaddr *)&own);
}

static struct system_view view_of(struct session *s, const struct picture *picture)
{
    return (struct system_view){.picture = picture,
                                .database = s->door->door->database,
                                .advertised = advertised(s),
                                .eyes = {may_see, s}};
}

static enum envelope_fate answer_tables(struct envelope *e, const struct picture *picture,
                                        const struct statement *what,
                                        const struct request_params *params)
{
    struct session *s = e->session;
    const struct system_view view = view_of(s, picture);
    struct wr *out = session_out(s);
    const size_t before = out->n;
    struct note note = {{0}};
    const err bad = system_tables_answer(&view, what, params, envelope_to(e),
                                         &session_worker(s)->arena, out, &note);
    if (err_is_ok(bad)) return ENVELOPE_DONE;
    out->n = before;
    session_refuse(s, e->head.stream, bad, &note);
    return ENVELOPE_DONE;
}

enum envelope_fate local_answer(struct envelope *e, const struct picture *picture,
                                const struct statement *what, const struct request_params *params,
                                const struct permit *permit, uint64_t number)
{
    metric_add(METRIC_STATEMENTS_LOCAL, 1);
    switch (what->route) {
    case STATEMENT_ROUTE_USE:
        return use_handle(e, picture, what->keyspace);
    case STATEMENT_ROUTE_DESCRIBE:
        return describing_handle(e, picture, what, params, permit, number);
    case STATEMENT_ROUTE_LOCAL_SYSTEM:
    case STATEMENT_ROUTE_SCHEMA:
        return answer_tables(e, picture, what, params);
    case STATEMENT_ROUTE_TRACES:
        return traces_answer(e, what, params, permit, number);
    case STATEMENT_ROUTE_ESTIMATES_BOUND:
        return estimates_answer(e, picture, what, params);
    case STATEMENT_ROUTE_FORWARD:
    case STATEMENT_ROUTE_ESTIMATES:
        break;
    }
    session_refuse(e->session, e->head.stream, FAIL(BUG), NULL); /* local_is says no to these */
    return ENVELOPE_DONE;
}

/* The PREPARED frame, as a node would send it. */
static err write_prepared(struct envelope *e, const struct picture *picture, bytes id,
                          const struct statement *what, struct wr *w, struct note *note)
{
    struct session *s = e->session;
    if (what->route == STATEMENT_ROUTE_LOCAL_SYSTEM || what->route == STATEMENT_ROUTE_SCHEMA) {
        const struct system_view view = view_of(s, picture);
        return system_tables_prepare(&view, what, envelope_to(e), id, &session_worker(s)->arena, w,
                                     note);
    }
    const struct response_spec none = {0};
    response_write_prepared(w, envelope_to(e), id, &none, &none);
    return DONE;
}

/* Remembers the statement under its id, so that any session may EXECUTE it. */
static err remember(struct envelope *e, const struct picture *picture, struct plan *plan, bytes id,
                    bytes message)
{
    struct session *s = e->session;
    struct statement_records *records = s->door->door->records;
    struct statement_record *r;
    enum statement_record_news news;
    TRY(statement_record_add(records, &s->gate.who, plan, &r));
    TRY(statement_record_learn(records, r, s->version, picture->version, id, message, message,
                               &news));
    return news == STATEMENT_RECORD_CONFLICT ? FAIL(CONFLICT) : DONE;
}

enum envelope_fate local_prepare(struct envelope *e, const struct picture *picture,
                                 const struct statement *what, bytes text)
{
    struct session *s = e->session;
    uint8_t digest[MD5_DIGEST_SIZE];
    const bytes id = bytes_of(digest, sizeof digest);
    struct note note = {{0}};
    struct plan *plan;
    struct wr *w = &session_worker(s)->scratch;
    if (what->route == STATEMENT_ROUTE_TRACES) {
        session_refuse(s, e->head.stream,
                       note_fail(&note, FAIL(NOT_ALLOWED), "reading traces cannot be prepared"),
                       &note);
        return ENVELOPE_DONE;
    }
    w->n = 0;
    err bad = plan_new(picture, e->keyspace, text, what, &plan);
    if (err_is_ok(bad)) {
        make_id(plan->what.text, digest);
        bad = write_prepared(e, picture, id, &plan->what, w, &note);
        if (err_is_ok(bad) && w->bad) bad = FAIL(NO_MEMORY);
        if (!err_is_ok(bad)) plan_free(plan);
    }
    if (err_is_ok(bad)) {
        bad = remember(e, picture, plan, id, bytes_part(wr_view(w), FRAME_HEADER_SIZE, w->n));
    }
    if (err_is_ok(bad))
        wr_bytes(session_out(s), wr_view(w));
    else
        session_refuse(s, e->head.stream, bad, &note);
    return ENVELOPE_DONE;
}
