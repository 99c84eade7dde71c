/* Ids are remembered with the token that got them, for a while; a SELECT must name them one by one.
 */
#include "gateway/traces.h"

#include "gateway/door.h"
#include "gateway/place.h"

void traces_note(struct session *s, const struct frame_header *h, bytes body)
{
    struct response_prefix prefix;
    struct uuid id;
    if (!err_is_ok(response_open(h->flags, body, &prefix))) return;
    if (prefix.tracing_id.n != sizeof id.b) return;
    memcpy(id.b, prefix.tracing_id.p, sizeof id.b);
    traces_given_add(&s->door->door->traces, &s->gate.who, &id);
}

/* Only values by number. */
static bool read_bound(const struct request_params *params, uint32_t number, struct uuid *out)
{
    struct request_value value = {0};
    if (!request_bound_value(params, number, &value)) return false;
    if (value.null || value.unset || value.data.n != sizeof out->b) return false;
    memcpy(out->b, value.data.p, sizeof out->b);
    return true;
}

static bool names_own(const struct session *s, const struct statement_restriction *w,
                      const struct request_params *params)
{
    if (w->in_bind || w->values_n == 0) return false;
    for (size_t i = 0; i < w->values_n; i++) {
        const struct statement_value *v = &w->values[i];
        struct uuid id = {{0}};
        if (v->type == STATEMENT_VALUE_UUID) {
            if (!uuid_read(v->text, &id)) return false;
        } else if (v->type != STATEMENT_VALUE_BIND || !read_bound(params, v->bind, &id)) {
            return false;
        }
        if (!traces_given_has(&s->door->door->traces, &s->gate.who, &id)) return false;
    }
    return true;
}

static bool may_read(const struct session *s, const struct statement *what,
                     const struct request_params *params)
{
    if (!worker_traces(session_worker(s)) || !what->select.simple) return false;
    for (size_t i = 0; i < what->select.where_n; i++) {
        const struct statement_restriction *w = &what->select.where[i];
        if (bytes_eq_text(w->column, "session_id")) return names_own(s, w, params);
    }
    return false;
}

static enum envelope_fate refuse(struct envelope *e, err why, const struct note *note)
{
    session_refuse(e->session, e->head.stream, why, note);
    return ENVELOPE_DONE;
}

enum envelope_fate traces_answer(struct envelope *e, const struct statement *what,
                                 const struct request_params *params, const struct permit *permit,
                                 uint64_t number)
{
    struct session *s = e->session;
    struct upstream *up;
    struct note note;
    if (!may_read(s, what, params)) {
        return refuse(e,
                      note_fail(&note, FAIL(NOT_ALLOWED),
                                "traces are readable by the session ids that were given out"),
                      &note);
    }
    const enum place place = place_choose(s->lane, NODE_ORDINARY, e->pinned, &up);
    if (place == PLACE_FULL) return ENVELOPE_WAITS;
    if (place == PLACE_NONE) return refuse(e, FAIL(NO_NODE), NULL);
    struct wr *body = &session_worker(s)->scratch;
    body->n = 0;
    request_write_query(body, what->text, params);
    const struct forward f = {.permit = permit,
                              .number = number,
                              .kind = FORWARD_READ,
                              .consistency = params->consistency,
                              .as_query = true};
    const err bad = body->bad ? FAIL(NO_MEMORY) : forward_send(e, up, &f, wr_view(body));
    return err_is_ok(bad) ? ENVELOPE_DONE : refuse(e, bad, NULL);
}
