/* Work that may block (SQL reads, password hashing): a few threads, one queue with a cap; the end
 * of a job arrives as a note on the loop that asked. */
#pragma once

#include "loop/loop.h"

struct work;

enum { WORK_THREADS_MAX = 16 };

/* Embed it; the queue's own from work_submit until `done` runs. */
struct work_job {
    void (*run)(struct work_job *j);                  /* on a work thread */
    void (*done)(struct loop *l, struct work_job *j); /* on `loop` */
    struct loop *loop;
    struct loop_note arrival;
    struct work_job *next;
};

/* `threads` of 1 … WORK_THREADS_MAX; at most `queue_max` jobs wait. */
MUST err work_new(unsigned threads, size_t queue_max, struct work **out);
/* Finishes what is queued, then ends. The loops of the jobs must still be there. */
void work_free(struct work *w);

/* Any thread. TOO_MANY when the queue is full; then nothing of the job runs. */
MUST err work_submit(struct work *w, struct work_job *j);
