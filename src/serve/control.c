#include "serve/control.h"

#include "api/token_pictures.h"
#include "audit/audit.h"
#include "base/check.h"
#include "base/log.h"
#include "gateway/gateway.h"
#include "index/index.h"
#include "store/store.h"

#include <stdlib.h>

struct control {
    struct control_options o;
    struct gateway *gateway;
    struct loop_timer expiry;
    size_t under_way;
};

/* One batch on its way: index, sessions, chain, answers. */
struct passage {
    struct loop_note arrival;
    struct control *control;
    struct store_batch *batch;
    struct loop_timer patience;
    struct audit_take take;
    size_t sessions;          /* ends that the workers have not acknowledged */
    bool recorded;
    bool impatient;           /* the workers had their time */
    bool finished;            /* the batch has been given back */
    err result;
};

/* A token's end on its way to the workers; outlives its passage when they are slow. */
struct ending {
    struct gateway_end end;
    struct passage *passage;  /* NULL once nobody waits, and for expiry */
};

static void watch_expiry(struct control *c);

static void passage_free_if_over(struct passage *p)
{
    if (!p->finished || p->sessions > 0 || !p->recorded) return;
    p->control->under_way--;
    free(p);
}

static void finish(struct passage *p)
{
    if (p->finished) return;
    p->finished = true;
    loop_stop_timer(p->control->o.loop, &p->patience);
    store_batch_finish(p->batch, p->result);
}

static void advance(struct passage *p)
{
    if (p->recorded && (p->sessions == 0 || p->impatient)) finish(p);
    passage_free_if_over(p);
}

static void end_done(struct gateway_end *e)
{
    struct ending *ending = LOOP_OF(e, struct ending, end);
    struct passage *p = ending->passage;
    free(ending);
    if (!p) return;
    p->sessions--;
    advance(p);
}

static void out_of_patience(struct loop *l, struct loop_timer *t)
{
    struct passage *p = LOOP_OF(t, struct passage, patience);
    (void)l;
    if (p->sessions > 0) log_line(LOG_WARN, "revocation_slow", "sessions=%zu after_ms=%d", p->sessions,
                                  CONTROL_ACK_MS);
    p->impatient = true;
    advance(p);
}

struct applying {
    struct control *control;
    struct passage *passage;  /* NULL: the clock ended them */
};

static void tell_gateway(struct applying *a, uint32_t live, const struct uuid *database)
{
    if (!a->control->gateway) return;
    struct ending *ending = calloc(1, sizeof *ending);
    /* The live word alone stops every further request; only idle sessions stay open longer. */
    if (!ending) return;
    ending->end.live = live;
    if (database) ending->end.database = *database;
    ending->end.done = end_done;
    ending->passage = a->passage;
    if (a->passage) a->passage->sessions++;
    gateway_token_ended(a->control->gateway, &ending->end);
}

static void token_ended(void *owner, uint32_t live)
{
    tell_gateway(owner, live, NULL);
}

/* An organization's list guards the API, where every request is asked anew: its id is no door's. */
static void access_changed(void *owner, const struct uuid *list)
{
    tell_gateway(owner, GATEWAY_NOBODY, list);
}

static void database_put(void *owner, const struct record_database *database)
{
    const struct applying *a = owner;
    a->control->o.database_put(a->control->o.owner, database);
}

static void database_removed(void *owner, const struct uuid *database)
{
    const struct applying *a = owner;
    a->control->o.database_removed(a->control->o.owner, database);
}

static struct index_effects effects_of(struct applying *a)
{
    return (struct index_effects){.owner = a,
                                  .token_ended = token_ended,
                                  .database_put = database_put,
                                  .database_removed = database_removed,
                                  .access_changed = access_changed};
}

static void recorded(struct audit_take *take)
{
    struct passage *p = LOOP_OF(take, struct passage, take);
    p->recorded = true;
    if (!err_is_ok(take->result)) p->result = FAIL(AUDIT_FAILED);
    advance(p);
}

static void record(struct passage *p)
{
    const struct event_row *rows;
    const size_t n = store_batch_outbox(p->batch, &rows);
    p->take.loop = p->control->o.loop;
    p->take.done = recorded;
    audit_take(p->control->o.audit, rows, n, &p->take);
}

static bool has_role(const struct change *changes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (changes[i].record.kind == RECORD_ROLE) return true;
    }
    return false;
}

static void arrive(struct loop *l, struct loop_note *n)
{
    struct passage *p = LOOP_OF(n, struct passage, arrival);
    struct control *c = p->control;
    const struct change *changes;
    struct applying applying = {c, p};
    const struct index_effects effects = effects_of(&applying);
    const size_t changes_n = store_batch_changes(p->batch, &changes);
    c->under_way++;
    p->sessions = 1; /* held until everything below has been asked for */
    token_pictures_changed(c->o.pictures, changes, changes_n);
    const err e = index_apply(c->o.index, changes, changes_n, &effects);
    /* What the store holds and the index lacks would be a wrong answer for ever. */
    CHECK(err_is_ok(e));
    /* A statement decided by the former policy may still be on its way: the answer waits for it. */
    if (has_role(changes, changes_n)) token_ended(&applying, GATEWAY_NOBODY);
    p->patience.fire = out_of_patience;
    loop_start_timer(l, &p->patience, loop_now_ms(l) + CONTROL_ACK_MS);
    watch_expiry(c);
    p->sessions--;
    advance(p);
}

void control_committed(void *owner, struct store_batch *b)
{
    struct control *c = owner;
    struct passage *p = calloc(1, sizeof *p);
    CHECK(p);
    p->control = c;
    p->batch = b;
    p->result = DONE;
    p->arrival.run = arrive;
    /* First the note, then the chain: `recorded` comes after `arrive`, and the two go side by side. */
    loop_post(c->o.loop, &p->arrival);
    record(p);
}

static void expire(struct loop *l, struct loop_timer *t)
{
    struct control *c = LOOP_OF(t, struct control, expiry);
    struct applying applying = {c, NULL};
    const struct index_effects effects = effects_of(&applying);
    index_expire(c->o.index, loop_now_utc_ms(l), &effects);
    watch_expiry(c);
}

static void watch_expiry(struct control *c)
{
    struct loop *l = c->o.loop;
    const int64_t next = index_next_expiry(c->o.index);
    const int64_t now = loop_now_utc_ms(l);
    if (next == INT64_MAX) {
        loop_stop_timer(l, &c->expiry);
        return;
    }
    int64_t wait = next > now ? next - now : 0;
    if (wait > CONTROL_EXPIRY_STEP_MS) wait = CONTROL_EXPIRY_STEP_MS;
    loop_start_timer(l, &c->expiry, loop_now_ms(l) + (uint64_t)wait);
}

err control_new(const struct control_options *options, struct control **out)
{
    struct control *c = calloc(1, sizeof *c);
    if (!c) return FAIL(NO_MEMORY);
    c->o = *options;
    c->expiry.fire = expire;
    *out = c;
    return DONE;
}

void control_set_gateway(struct control *c, struct gateway *g)
{
    c->gateway = g;
}

void control_start(struct control *c)
{
    watch_expiry(c);
}

void control_free(struct control *c)
{
    if (!c) return;
    loop_stop_timer(c->o.loop, &c->expiry);
    while (c->under_way > 0) (void)loop_turn(c->o.loop, CONTROL_ACK_MS);
    free(c);
}
