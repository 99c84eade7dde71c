#include "serve/sweep.h"

#include "base/log.h"
#include "gate/gate.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <urcu/urcu-memb.h>

enum { PAGE = 4096, TURN_MS = 20, ARENA_MAX = 1 << 20 };

static const enum record_kind swept[] = {RECORD_TOMBSTONE, RECORD_REPLAY, RECORD_FORMER_DATABASE};
enum { SWEPT = sizeof swept / sizeof *swept };

/* Look (on a work thread) → remove what was found (a commit) → look on from there; one kind after the
 * other. */
struct sweep {
    struct loop *loop;
    struct work *work;
    struct gate *gate;
    struct store *store;
    struct loop_timer timer;
    struct work_job job;
    struct store_commit commit;
    struct call call;
    struct change changes[SWEEP_BATCH];
    size_t n;
    int64_t now_ms;
    size_t kind; /* in `swept` */
    char last[RECORD_ID_MAX];
    size_t last_n;
    size_t seen;
    size_t removed;
    bool busy;
    err result;
};

static void go_on(struct sweep *s);

static void finish(struct sweep *s)
{
    s->busy = false;
    if (!err_is_ok(s->result)) {
        log_line(LOG_WARN, "sweep_failed", "why=\"%s\"", err_text(s->result));
    } else if (s->removed) {
        log_line(LOG_INFO, "sweep", "removed=%zu", s->removed);
    }
    loop_start_timer(s->loop, &s->timer, loop_now_ms(s->loop) + SWEEP_EVERY_MS);
}

static bool is_over(const struct sweep *s, const struct record *r)
{
    if (r->kind == RECORD_REPLAY) return r->of.replay.ends_ms <= s->now_ms;
    const int64_t oldest_ms = s->now_ms - SWEEP_DAYS * INT64_C(86400000);
    if (r->kind == RECORD_FORMER_DATABASE) return r->of.former_database.removed_ns / 1000000 < oldest_ms;
    return r->of.tombstone.deleted_ms < oldest_ms;
}

static bool visit(void *owner, const struct record *r)
{
    struct sweep *s = owner;
    s->last_n = record_id(r, s->last);
    s->seen++;
    if (!is_over(s, r)) return true;
    /* As it was seen: what was written anew since then stays. */
    struct change *c = &s->changes[s->n++];
    *c = (struct change){.verb = CHANGE_REMOVE, .expect = r->version, .record = *r};
    c->by = (struct ask){record_remove_action(r->kind), record_scope(r)};
    c->record.unknown = (bytes){0};
    return s->n < SWEEP_BATCH;
}

static void look(struct work_job *j)
{
    struct sweep *s = LOOP_OF(j, struct sweep, job);
    s->n = 0;
    s->seen = 0;
    s->result = store_scan(s->store, swept[s->kind], NULL, bytes_of(s->last, s->last_n), PAGE, visit,
                           s, NULL);
}

static void committed(struct store_commit *c)
{
    struct sweep *s = LOOP_OF(c, struct sweep, commit);
    arena_drop(&s->call.arena);
    s->result = c->result;
    if (!err_is_ok(s->result)) {
        finish(s);
        return;
    }
    s->removed += s->n;
    go_on(s);
}

static void remove_found(struct sweep *s)
{
    struct event_draft event = {.name = "token.sweep", .outcome = "done"};
    event.who.kind = PRINCIPAL_OPERATOR;
    (void)snprintf(event.who.name, sizeof event.who.name, "latchkey");
    arena_init(&s->call.arena, ARENA_MAX);
    urcu_memb_read_lock();
    const struct permit *permit = gate_permit_upkeep(s->gate, &s->call);
    urcu_memb_read_unlock();
    if (!permit) {
        s->result = FAIL(NO_MEMORY);
        arena_drop(&s->call.arena);
        finish(s);
        return;
    }
    s->commit = (struct store_commit){.loop = s->loop, .done = committed};
    store_commit(s->store, permit, s->changes, s->n, &event, &s->commit);
}

/* From its first record. */
static void begin_kind(struct sweep *s, size_t kind)
{
    s->kind = kind;
    s->last_n = 0;
    go_on(s);
}

static void looked(struct loop *l, struct work_job *j)
{
    struct sweep *s = LOOP_OF(j, struct sweep, job);
    (void)l;
    if (err_is_ok(s->result) && s->n > 0) {
        remove_found(s);
    } else if (err_is_ok(s->result) && s->seen == PAGE) {
        go_on(s);
    } else if (err_is_ok(s->result) && s->kind + 1 < SWEPT) {
        begin_kind(s, s->kind + 1);
    } else {
        finish(s);
    }
}

static void go_on(struct sweep *s)
{
    s->job = (struct work_job){.run = look, .done = looked, .loop = s->loop};
    s->result = work_submit(s->work, &s->job);
    if (!err_is_ok(s->result)) finish(s);
}

void sweep_start(struct sweep *s, int64_t now_ms)
{
    if (s->busy) return;
    s->busy = true;
    s->now_ms = now_ms;
    s->removed = 0;
    begin_kind(s, 0);
}

static void fire(struct loop *l, struct loop_timer *t)
{
    struct sweep *s = LOOP_OF(t, struct sweep, timer);
    sweep_start(s, loop_now_utc_ms(l));
}

err sweep_new(struct loop *control, struct work *work, struct gate *gate, struct store *store,
              struct sweep **out)
{
    struct sweep *s = calloc(1, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    s->loop = control;
    s->work = work;
    s->gate = gate;
    s->store = store;
    s->timer.fire = fire;
    loop_start_timer(control, &s->timer, loop_now_ms(control) + SWEEP_FIRST_MS);
    *out = s;
    return DONE;
}

void sweep_free(struct sweep *s)
{
    if (!s) return;
    while (s->busy) (void)loop_turn(s->loop, TURN_MS);
    loop_stop_timer(s->loop, &s->timer);
    free(s);
}
