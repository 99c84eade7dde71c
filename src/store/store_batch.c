/* What was committed in one transaction, on its way to whoever waits for it. */
#include "store/backend.h"

#include "base/check.h"
#include "base/metric.h"

#include <stdlib.h>

struct store_batch {
    struct store *store;
    struct store_job *jobs;
    struct change *changes;
    size_t changes_n;
    struct event_row *rows;
    size_t rows_n;
    uint64_t sequence;
};

size_t store_batch_changes(const struct store_batch *b, const struct change **out)
{
    *out = b->changes;
    return b->changes_n;
}

size_t store_batch_outbox(const struct store_batch *b, const struct event_row **out)
{
    *out = b->rows;
    return b->rows_n;
}

uint64_t store_batch_sequence(const struct store_batch *b)
{
    return b->sequence;
}

static struct store_batch *batch_new(struct store *s, struct store_job *jobs)
{
    struct store_batch *b = calloc(1, sizeof *b);
    CHECK(b);
    size_t jobs_n = 0;
    for (struct store_job *j = jobs; j; j = j->next, jobs_n++) b->changes_n += j->n;
    b->changes = calloc(b->changes_n, sizeof *b->changes);
    b->rows = calloc(jobs_n, sizeof *b->rows);
    CHECK(b->changes && b->rows);
    b->store = s;
    b->jobs = jobs;
    b->sequence = s->sequence;
    size_t at = 0;
    for (struct store_job *j = jobs; j; j = j->next) {
        memcpy(b->changes + at, j->changes, j->n * sizeof *b->changes);
        at += j->n;
        if (j->event.n) b->rows[b->rows_n++] = (struct event_row){j->row, j->event};
    }
    return b;
}

void store_batch_finish(struct store_batch *b, err result)
{
    struct store *s = b->store;
    struct store_job *next;
    for (struct store_job *j = b->jobs; j; j = next) {
        next = j->next;
        if (result.code == ERR_AUDIT_FAILED) {
            (void)!err_is_ok(note_fail(&j->note, result, "it was done and its record is kept in the store, but the audit"
                                       " trail cannot be written: make room on its disk; until then changes are"
                                       " refused"));
        }
        store_job_finish(j, result, b->sequence);
    }
    free(b->changes);
    free(b->rows);
    free(b);
    pthread_mutex_lock(&s->lock);
    s->batches--;
    pthread_cond_broadcast(&s->idle);
    pthread_mutex_unlock(&s->lock);
}

void store_hand_over(struct store *s, struct store_job *jobs)
{
    struct store_batch *b = batch_new(s, jobs);
    pthread_mutex_lock(&s->lock);
    s->batches++;
    pthread_mutex_unlock(&s->lock);
    metric_add(METRIC_COMMITS, 1);
    if (s->ports.committed) s->ports.committed(s->ports.owner, b);
    else store_batch_finish(b, DONE);
}
