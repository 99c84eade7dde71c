/* That a session is in use is written every few minutes, beside the request that shows it: whoever
 * asks waits for nothing, and a lost note costs minutes of idleness at most. */
#include "api/api_call.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { TRIED_MAX = 1024, AGAIN_MS = 60 * 1000, ARENA_MAX = 1 << 16 };

struct noting {
    struct store_commit commit;
    struct call call; /* its arena holds the permit */
};

/* When one of the sessions that share a place was last written, so that many requests at once
 * write once. */
static _Atomic int64_t tried[TRIED_MAX];

static bool is_first(const struct uuid *session, int64_t now_ms)
{
    _Atomic int64_t *at = &tried[((size_t)session->b[0] << 8 | session->b[1]) % TRIED_MAX];
    int64_t before = atomic_load_explicit(at, memory_order_relaxed);
    if (now_ms >= before && now_ms - before < AGAIN_MS) return false;
    return atomic_compare_exchange_strong(at, &before, now_ms);
}

static void noted(struct store_commit *c)
{
    struct noting *n = LOOP_OF(c, struct noting, commit);
    arena_drop(&n->call.arena);
    free(n);
}

static void note_it(struct http_request *rq, const struct record *r)
{
    struct noting *n = calloc(1, sizeof *n);
    if (!n) return;
    arena_init(&n->call.arena, ARENA_MAX);
    n->commit = (struct store_commit){.loop = api_of(rq)->loop, .done = noted};
    const struct permit *permit = gate_permit_upkeep(rq->gate, &n->call);
    struct change change = {.verb = CHANGE_PUT,
                            .expect = r->version,
                            .by = gate_own(&r->of.session.person),
                            .record = *r};
    change.record.of.session.seen_ms = rq->call.now_ms;
    if (permit)
        store_commit(api_of(rq)->store, permit, &change, 1, NULL, &n->commit);
    else
        noted(&n->commit);
}

void api_person_seen(struct http_request *rq)
{
    const struct uuid *id = &rq->call.who.session;
    const struct record *r = snapshot_record(api_snapshot(rq), RECORD_SESSION, id);
    if (!r || rq->call.now_ms - r->of.session.seen_ms < API_SEEN_MS) return;
    if (is_first(id, rq->call.now_ms)) note_it(rq, r);
}
