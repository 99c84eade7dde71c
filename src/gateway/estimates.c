/* The names come by number only: a node matches values by name in ways of its own, and what was
 * decided must be what it reads. */
#include "gateway/estimates.h"

#include "base/utf8.h"
#include "gateway/place.h"

static err name_of(const struct statement_value *v, const struct request_params *params, bytes *out,
                   struct note *note)
{
    struct request_value value = {0};
    if (v->type != STATEMENT_VALUE_BIND) {
        *out = v->text;
        return DONE;
    }
    if (!request_bound_value(params, v->bind, &value) || value.null || value.unset) {
        return note_fail(note, FAIL(CQL_INVALID),
                         "keyspace_name and table_name take values that are bound by number");
    }
    if (!utf8_is_valid(value.data)) {
        return note_fail(note, FAIL(CQL_INVALID), "A bound name is not UTF-8");
    }
    *out = value.data;
    return DONE;
}

static err need_of(const struct picture *picture, const struct statement *what,
                   const struct request_params *params, struct statement_need *out,
                   struct note *note)
{
    struct statement_value keyspace;
    struct statement_value table;
    bytes keyspace_name;
    bytes table_name;
    if (!statement_estimates_of(&what->select, &keyspace, &table)) return FAIL(BUG);
    TRY(name_of(&keyspace, params, &keyspace_name, note));
    TRY(name_of(&table, params, &table_name, note));
    *out = statement_estimates_need(picture->schema, keyspace_name, table_name);
    return DONE;
}

static enum envelope_fate refuse(struct envelope *e, err why, const struct note *note)
{
    session_refuse(e->session, e->head.stream, why, note);
    return ENVELOPE_DONE;
}

enum envelope_fate estimates_answer(struct envelope *e, const struct picture *picture,
                                    const struct statement *what,
                                    const struct request_params *params)
{
    struct session *s = e->session;
    struct statement_need need = {0};
    struct note note = {{0}};
    const err unfit = need_of(picture, what, params, &need, &note);
    if (!err_is_ok(unfit)) return refuse(e, unfit, &note);
    struct statement asked = *what;
    asked.needs = &need;
    asked.needs_n = 1;
    struct gate_permit_storage storage ADMIT_UNSET;
    const struct permit *permit = admit_decide(e, picture, &asked, GATE_UNNUMBERED, &storage);
    if (!permit) return ENVELOPE_DONE;
    struct upstream *up;
    const enum place place = place_choose(s->lane, NODE_ORDINARY, e->pinned, &up);
    if (place == PLACE_FULL) return ENVELOPE_WAITS;
    if (place == PLACE_NONE) return refuse(e, FAIL(NO_NODE), NULL);
    struct request_params own = *params;
    own.flags &= (uint8_t)~REQUEST_FLAG_SKIP_METADATA;
    struct wr *body = &session_worker(s)->scratch;
    body->n = 0;
    request_write_query(body, what->text, &own);
    const struct forward f = {.permit = permit,
                              .number = GATE_UNNUMBERED,
                              .what = &asked,
                              .kind = FORWARD_READ,
                              .consistency = params->consistency,
                              .as_query = true};
    const err bad = body->bad ? FAIL(NO_MEMORY) : forward_send(e, up, &f, wr_view(body));
    return err_is_ok(bad) ? ENVELOPE_DONE : refuse(e, bad, NULL);
}
