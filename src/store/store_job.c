/* A commit on its way: checked against its permit, copied, queued, and finished on the loop that asked. */
#include "store/backend.h"

#include "base/check.h"
#include "base/clock.h"

#include <stdlib.h>

static void arrive(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct store_commit *c = LOOP_OF(n, struct store_commit, arrival);
    c->done(c);
}

static void job_free(struct store_job *j)
{
    arena_drop(&j->arena);
    free(j);
}

void store_job_finish(struct store_job *j, err result, uint64_t sequence)
{
    struct store_commit *c = j->commit;
    c->result = result;
    c->note = j->note;
    c->sequence = sequence;
    c->arrival.run = arrive;
    job_free(j);
    loop_post(c->loop, &c->arrival);
}

static err copy_change(struct store_job *j, size_t i, const struct change *from)
{
    struct change *to = &j->changes[i];
    struct wr w = wr_growing(RECORD_BODY_MAX);
    record_write(&from->record, &w);
    const bool fits = !w.bad;
    const bytes body = arena_copy(&j->arena, wr_view(&w));
    wr_drop(&w);
    if (!fits) return note_fail(&j->note, FAIL(BAD_INPUT), "a record is over %d bytes", RECORD_BODY_MAX);
    if (j->arena.bad) return FAIL(NO_MEMORY);
    *to = *from;
    to->by.on.keyspace = to->by.on.table = (bytes){0};
    j->bodies[i] = body;
    return record_read(from->record.kind, body, &j->arena, &to->record);
}

static err copy_event(struct store_job *j, const struct event_draft *event)
{
    if (!event) return DONE;
    struct wr w = wr_growing(EVENT_JSON_MAX);
    event_write(event, clock_utc_ns(), &w);
    const bool fits = !w.bad;
    j->event = arena_copy(&j->arena, wr_view(&w));
    wr_drop(&w);
    return fits && !j->arena.bad ? DONE : FAIL(NO_MEMORY);
}

static err job_fill(struct store_job *j, const struct change *changes, size_t n,
                    const struct event_draft *event)
{
    j->changes = arena_take_array(&j->arena, n, sizeof *j->changes);
    j->bodies = arena_take_array(&j->arena, n, sizeof *j->bodies);
    if (j->arena.bad) return FAIL(NO_MEMORY);
    j->n = n;
    for (size_t i = 0; i < n; i++) TRY(copy_change(j, i, &changes[i]));
    return copy_event(j, event);
}

static err enqueue(struct store *s, struct store_job *j)
{
    pthread_mutex_lock(&s->lock);
    const bool room = s->queued < STORE_QUEUE_MAX && !s->stop;
    if (room) {
        *s->last = j;
        s->last = &j->next;
        s->queued++;
        pthread_cond_signal(&s->work);    /* under the lock: once it is let go, `s` may be closed */
    }
    pthread_mutex_unlock(&s->lock);
    if (room) return DONE;
    return note_fail(&j->note, FAIL(STORE_BUSY), "more than %d changes wait for the store",
                     STORE_QUEUE_MAX);
}

void store_commit(struct store *s, const struct permit *p, const struct change *changes, size_t n,
                  const struct event_draft *event, struct store_commit *c)
{
    CHECK(s->writing && n > 0 && n <= CHANGE_LIST_MAX && c->loop && c->done);
    for (size_t i = 0; i < n; i++) {
        CHECK(permit_covers(p, changes[i].by.action, &changes[i].by.on));
    }
    struct store_job *j = calloc(1, sizeof *j);
    CHECK(j);
    arena_init(&j->arena, STORE_JOB_MEMORY_MAX);
    j->commit = c;
    j->permit = p;
    err e = job_fill(j, changes, n, event);
    if (err_is_ok(e)) e = enqueue(s, j);
    if (!err_is_ok(e)) store_job_finish(j, e, 0);
}
