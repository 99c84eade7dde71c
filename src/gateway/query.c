/* Read, understood, decided, written anew, sent. */
#include "gateway/query.h"

#include "gateway/admit.h"
#include "gateway/local.h"
#include "gateway/nowhere.h"
#include "gateway/place.h"

static struct forward forward_for(const struct statement *what, const struct request_params *params,
                                  const struct permit *permit)
{
    return (struct forward){.permit = permit,
                            .number = GATE_UNNUMBERED,
                            .what = what,
                            .kind = plan_kind(what),
                            .consistency = params->consistency,
                            .slow = plan_is_slow(what),
                            .awaits = what->ddl};
}

static enum envelope_fate send_on(struct envelope *e, const struct statement *what,
                                  const struct request_params *params, const struct permit *permit)
{
    struct session *s = e->session;
    struct upstream *up;
    const enum place place = place_choose(s->lane, NODE_ORDINARY, e->pinned, &up);
    if (place == PLACE_FULL) return ENVELOPE_WAITS;
    if (place == PLACE_NONE) {
        session_refuse(s, e->head.stream, FAIL(NO_NODE), NULL);
        return ENVELOPE_DONE;
    }
    struct wr *body = &session_worker(s)->scratch;
    body->n = 0;
    request_write_query(body, what->text, params);
    const struct forward f = forward_for(what, params, permit);
    const err bad = body->bad ? FAIL(NO_MEMORY) : forward_send(e, up, &f, wr_view(body));
    if (!err_is_ok(bad)) session_refuse(s, e->head.stream, bad, NULL);
    return ENVELOPE_DONE;
}

enum envelope_fate query_handle(struct envelope *e)
{
    struct session *s = e->session;
    struct request_query asked;
    const err bad = request_read_query(s->version, e->message, &asked);
    if (!err_is_ok(bad)) {
        session_refuse(s, e->head.stream, bad, NULL);
        return ENVELOPE_DONE;
    }
    const struct picture *picture = admit_picture(e);
    if (!picture) return ENVELOPE_DONE;
    const struct statement *what = admit_understand(e, picture, asked.text);
    if (!what) return ENVELOPE_DONE;
    struct gate_permit_storage storage ADMIT_UNSET;
    const struct permit *permit = admit_decide(e, picture, what, GATE_UNNUMBERED, &storage);
    if (!permit) return ENVELOPE_DONE;
    if (local_is(what)) {
        return local_answer(e, picture, what, &asked.params, permit, GATE_UNNUMBERED);
    }
    if (what->ddl && nowhere_answer(e, picture, what)) return ENVELOPE_DONE;
    return send_on(e, what, &asked.params, permit);
}
