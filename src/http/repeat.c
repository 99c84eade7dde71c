/* Requests that say a second time what was said before: the table on one side, a request on the
 * other. */
#include "http/repeat.h"

#include "base/check.h"
#include "base/secret.h"
#include "http/inside.h"

struct once_use {
    struct once_key key;
    struct once_answer held;
    bool again;   /* `held` is there */
    bytes subject; /* of a new request */
};

static struct once *table(const struct http_request *rq)
{
    return rq->inside->door->options.once;
}

/* The path, and the fields by which the local operator says where it acts. */
static bytes place_of(struct http_request *rq)
{
    const bytes organization = http_header(rq, "X-Latchkey-Organization");
    const bytes enterprise = http_header(rq, "X-Latchkey-Enterprise");
    return bytes_of_text(arena_format(&rq->call.arena, "%.*s %.*s %.*s",
                                      BYTES_FMT(rq->target.raw), BYTES_FMT(organization),
                                      BYTES_FMT(enterprise)));
}

err repeat_begin(struct http_request *rq)
{
    const bytes key = http_header(rq, "Idempotency-Key");
    if (rq->route->who != HTTP_CALLER_ONCE || !table(rq) || key.n == 0) return DONE;
    if (!once_is_key(key)) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "Idempotency-Key must have 1 to %d visible characters", ONCE_KEY_MAX);
    }
    struct once_use *use = arena_take(&rq->call.arena, sizeof *use);
    if (!use) return FAIL(NO_MEMORY);
    const struct once_request request = {.caller = bytes_of_text(rq->call.who.name),
                                         .method = bytes_of_text(http_method_name(rq->method)),
                                         .path = place_of(rq),
                                         .key = key,
                                         .body = rq->body};
    once_hash(&request, &use->key);
    TRY(once_begin(table(rq), &use->key, loop_now_ms(rq->loop), &rq->call.arena, &use->held,
                   &use->again, &rq->call.note));
    rq->once = use;
    return DONE;
}

void repeat_end(struct http_request *rq, err e)
{
    const struct http_answer *a = &rq->answer;
    const struct once_use *use = rq->once;
    rq->once = NULL;
    if (!use || use->again) return;
    const struct once_answer answer = {a->status, a->type, wr_view(&a->body), use->subject};
    const bool made = err_is_ok(e) && a->status >= 200 && a->status < 300 && !a->stream;
    once_end(table(rq), &use->key, made ? &answer : NULL, loop_now_ms(rq->loop));
    if (made) http_door_sweep_later(rq->inside->door);
}

bool repeat_is_one(const struct http_request *rq, bytes *subject)
{
    if (!rq->once || !rq->once->again) return false;
    *subject = rq->once->held.subject;
    return true;
}

void repeat_answer(struct http_request *rq)
{
    CHECK(rq->once && rq->once->again);
    const struct once_answer *held = &rq->once->held;
    wr_bytes(http_text(rq, held->status, held->type), held->body);
    if (held->body.n) secret_wipe((void *)(uintptr_t)held->body.p, held->body.n); /* the call's copy */
    rq->answer.secret = true;
}

void repeat_makes(struct http_request *rq, bytes subject)
{
    if (!rq->once) return;
    rq->once->subject = arena_copy(&rq->call.arena, bytes_part(subject, 0, ONCE_SUBJECT_MAX));
}

const struct once_key *repeat_key(const struct http_request *rq)
{
    return rq->once ? &rq->once->key : NULL;
}
