/* One writer thread that commits many waiting changes in one transaction.
 *
 * 1. A job belongs to the queue, then to the writer, then to its batch; it ends in store_job_finish.
 * 2. A batch is handed to ports.committed in order of sequence, and only when it is durable.
 * 3. Nothing is posted to a loop for a change that is not durable, but its failure. */
#include "store/backend.h"

#include "base/log.h"

#include <errno.h>
#include <time.h>

enum { OUTBOX_LINGER_MS = 1000 };

struct work {
    struct store_job *jobs;
    struct store_errand *errand;
    uint64_t outbox_done;
    bool stop;
};

static void linger(struct store *s)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += OUTBOX_LINGER_MS / 1000;
    while (!s->first && !s->stop && !s->errand) {
        if (pthread_cond_timedwait(&s->work, &s->lock, &until) == ETIMEDOUT) return;
    }
}

/* At most `max`; the lock is held. */
static struct store_job *take_jobs(struct store *s, size_t max)
{
    struct store_job *taken = s->first;
    struct store_job **end = &s->first;
    size_t n = 0;
    while (*end && n < max) {
        end = &(*end)->next;
        n++;
    }
    if (n == 0) return NULL;    /* nobody is taken off the queue where there is no room */
    s->first = *end;
    *end = NULL;
    if (!s->first) s->last = &s->first;
    s->queued -= n;
    return taken;
}

static struct store_job *take_more(struct store *s, size_t max)
{
    pthread_mutex_lock(&s->lock);
    struct store_job *taken = take_jobs(s, max);
    pthread_mutex_unlock(&s->lock);
    return taken;
}

static struct work wait_for_work(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->stop && !s->errand && s->outbox_done <= s->outbox_gone) {
        pthread_cond_wait(&s->work, &s->lock);
    }
    linger(s);
    struct work w = {take_jobs(s, STORE_BATCH_MAX), s->errand, s->outbox_done, false};
    w.stop = s->stop && !s->first && !w.jobs && !w.errand;
    pthread_mutex_unlock(&s->lock);
    return w;
}

/* What was applied so far. */
struct transaction {
    struct store_job *applied;
    struct store_job **end;
    size_t taken;                 /* applied and refused */
    uint64_t row;
    err spoilt;
    struct note note;
};

static err apply_one(struct store *s, struct store_job *j, struct transaction *t)
{
    err e = t->spoilt;
    if (!err_is_ok(e)) {
        j->note = t->note;
        return e;
    }
    if (s->ports.recheck) e = s->ports.recheck(s->ports.owner, j->permit);
    if (err_is_ok(e)) e = store_key_check(s, j);
    if (!err_is_ok(e)) return e;
    j->row = j->event.n ? t->row + 1 : 0;
    e = s->ops->apply(s, j, &j->note);
    const enum err_class class = err_row(e)->class;
    if (class != ERR_CLASS_NONE && class != ERR_CLASS_CONFLICT && class != ERR_CLASS_NOT_FOUND) {
        t->spoilt = e;
        t->note = j->note;
    }
    return e;
}

/* Keeps what could be applied; the others are finished. */
static void apply_list(struct store *s, struct store_job *jobs, struct transaction *t)
{
    struct store_job *next;
    for (struct store_job *j = jobs; j; j = next) {
        next = j->next;
        j->next = NULL;
        t->taken++;
        const err e = apply_one(s, j, t);
        if (!err_is_ok(e)) {
            store_job_finish(j, e, 0);
            continue;
        }
        if (j->event.n) t->row = j->row;
        *t->end = j;
        t->end = &j->next;
    }
}

/* What arrives while the first are applied goes along: their sync is as dear for many as for one. */
static void apply_all(struct store *s, struct store_job *jobs, struct transaction *t)
{
    while (jobs) {
        apply_list(s, jobs, t);
        const bool open = err_is_ok(t->spoilt) && t->applied;
        jobs = open ? take_more(s, STORE_BATCH_MAX - t->taken) : NULL;
    }
}

static void fail_all(struct store_job *jobs, err e, const struct note *note)
{
    struct store_job *next;
    for (struct store_job *j = jobs; j; j = next) {
        next = j->next;
        j->note = *note;
        store_job_finish(j, e, 0);
    }
}

static err commit(struct store *s, struct transaction *t, uint64_t outbox_done)
{
    const bool sweep = outbox_done > s->outbox_gone;
    const uint64_t sequence = s->sequence + (t->applied ? 1 : 0);
    if (!err_is_ok(t->spoilt) || !(t->applied || sweep)) {
        s->ops->rollback(s);
        return t->spoilt;
    }
    TRY(s->ops->commit(s, sequence, t->row, outbox_done, &t->note));
    s->sequence = sequence;
    s->outbox_row = t->row;
    return DONE;
}

static err apply_and_commit(struct store *s, const struct work *w, struct transaction *t)
{
    err e = s->ops->begin(s, &t->note);
    if (!err_is_ok(e)) {
        fail_all(w->jobs, e, &t->note);
        return e;
    }
    if (w->jobs) w->jobs->alone = !w->jobs->next && w->outbox_done <= s->outbox_gone;
    apply_all(s, w->jobs, t);
    e = commit(s, t, w->outbox_done);
    if (!err_is_ok(e)) {
        fail_all(t->applied, e, &t->note);
        return e;
    }
    if (t->applied) store_hand_over(s, t->applied);
    if (s->ops->settle) s->ops->settle(s);
    return DONE;
}

/* One transaction; the outbox is swept along. */
static void transact(struct store *s, const struct work *w)
{
    struct transaction t = {.row = s->outbox_row, .spoilt = DONE};
    t.end = &t.applied;
    const err e = apply_and_commit(s, w, &t);
    if (!err_is_ok(e)) {
        log_line(LOG_ERROR, "store_failed", "error=\"%s\" detail=\"%s\"", err_text(e), t.note.text);
        return;
    }
    pthread_mutex_lock(&s->lock);
    s->outbox_gone = w->outbox_done;
    pthread_mutex_unlock(&s->lock);
}

/* What was committed under a key that goes is in the index by then, for whoever counts. */
static void run_errand(struct store *s, struct store_errand *errand)
{
    pthread_mutex_lock(&s->lock);
    while (s->batches) pthread_cond_wait(&s->idle, &s->lock);
    pthread_mutex_unlock(&s->lock);
    const err e = s->ops->keys_set(s, errand->keys, errand->note);
    if (err_is_ok(e)) store_key_know(s, errand->keys);
    pthread_mutex_lock(&s->lock);
    errand->result = e;
    errand->done = true;
    s->errand = NULL;
    pthread_cond_broadcast(&s->idle);
    pthread_mutex_unlock(&s->lock);
}

void store_write_on(struct thread_plain *t)
{
    struct store *s = LOOP_OF(t, struct store, writer);
    for (;;) {
        const struct work w = wait_for_work(s);
        if (w.errand) run_errand(s, w.errand);
        if (w.jobs || w.outbox_done > s->outbox_gone) transact(s, &w);
        if (w.stop) return;
    }
}
