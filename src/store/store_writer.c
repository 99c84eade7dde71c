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

static struct store_job *take_jobs(struct store *s)
{
    struct store_job *taken = s->first;
    struct store_job **end = &s->first;
    size_t n = 0;
    while (*end && n < STORE_BATCH_MAX) {
        end = &(*end)->next;
        n++;
    }
    s->first = *end;
    *end = NULL;
    if (!s->first) s->last = &s->first;
    s->queued -= n;
    return n ? taken : NULL;
}

static struct work wait_for_work(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->stop && !s->errand && s->outbox_done <= s->outbox_gone) {
        pthread_cond_wait(&s->work, &s->lock);
    }
    linger(s);
    struct work w = {take_jobs(s), s->errand, s->outbox_done, false};
    w.stop = s->stop && !s->first && !w.jobs && !w.errand;
    pthread_mutex_unlock(&s->lock);
    return w;
}

/* Applies what may still be applied; `*applied` keeps those, the others are finished. */
static err apply_all(struct store *s, struct store_job *jobs, struct store_job **applied,
                     uint64_t *row, struct note *note)
{
    struct store_job *next;
    err spoilt = DONE;
    for (struct store_job *j = jobs; j; j = next) {
        next = j->next;
        j->next = NULL;
        err e = spoilt;
        if (err_is_ok(e) && s->ports.recheck) e = s->ports.recheck(s->ports.owner, j->permit);
        if (err_is_ok(e)) e = store_key_check(s, j);
        if (err_is_ok(e)) {
            j->row = j->event.n ? *row + 1 : 0;
            e = s->ops->apply(s, j, &j->note);
            const enum err_class class = err_row(e)->class;
            if (class != ERR_CLASS_NONE && class != ERR_CLASS_CONFLICT && class != ERR_CLASS_NOT_FOUND) {
                spoilt = e;
                *note = j->note;
            }
        } else if (!err_is_ok(spoilt)) {
            j->note = *note;
        }
        if (!err_is_ok(e)) {
            store_job_finish(j, e, 0);
            continue;
        }
        if (j->event.n) *row = j->row;
        *applied = j;
        applied = &j->next;
    }
    return spoilt;
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

/* One transaction; the outbox is swept along. */
static void transact(struct store *s, const struct work *w)
{
    struct note note = {{0}};
    struct store_job *applied = NULL;
    uint64_t row = s->outbox_row;
    err e = s->ops->begin(s, &note);
    if (!err_is_ok(e)) {
        fail_all(w->jobs, e, &note);
    } else {
        const bool sweep = w->outbox_done > s->outbox_gone;
        if (w->jobs) w->jobs->alone = !w->jobs->next && !sweep;
        e = apply_all(s, w->jobs, &applied, &row, &note);
        const uint64_t sequence = s->sequence + (applied ? 1 : 0);
        if (err_is_ok(e) && (applied || sweep)) {
            e = s->ops->commit(s, sequence, row, w->outbox_done, &note);
        } else {
            s->ops->rollback(s);
        }
        if (!err_is_ok(e)) {
            fail_all(applied, e, &note);
        } else {
            s->sequence = sequence;
            s->outbox_row = row;
            if (applied) store_hand_over(s, applied);
            if (s->ops->settle) s->ops->settle(s);
        }
    }
    if (err_is_ok(e)) {
        pthread_mutex_lock(&s->lock);
        s->outbox_gone = w->outbox_done;
        pthread_mutex_unlock(&s->lock);
    } else {
        log_line(LOG_ERROR, "store_failed", "error=\"%s\" detail=\"%s\"", err_text(e), note.text);
    }
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
