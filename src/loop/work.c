/* Work that may block: a queue under one lock, taken by a few threads in order. */
#include "loop/work.h"

#include "base/check.h"
#include "loop/thread.h"

#include <stdio.h>
#include <stdlib.h>

struct work_thread {
    struct thread_plain plain;
    struct work *work;
};

struct work {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct work_job *first;
    struct work_job **last;
    size_t waiting;
    size_t waiting_max;
    bool ending;
    unsigned threads_n;
    struct work_thread threads[WORK_THREADS_MAX];
};

static void arrived(struct loop *l, struct loop_note *n)
{
    struct work_job *j = LOOP_OF(n, struct work_job, arrival);
    j->done(l, j);
}

/* NULL when the queue is empty and ends. */
static struct work_job *take(struct work *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->ending)
        pthread_cond_wait(&w->more, &w->lock);
    struct work_job *j = w->first;
    if (j) {
        w->first = j->next;
        if (!w->first) w->last = &w->first;
        w->waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return j;
}

static void run(struct thread_plain *plain)
{
    struct work *w = LOOP_OF(plain, struct work_thread, plain)->work;
    for (struct work_job *j = take(w); j; j = take(w)) {
        j->run(j);
        j->arrival.run = arrived;
        loop_post(j->loop, &j->arrival);
    }
}

err work_new(unsigned threads, size_t queue_max, struct work **out)
{
    CHECK(threads >= 1 && threads <= WORK_THREADS_MAX);
    struct work *w = calloc(1, sizeof *w);
    if (!w) return FAIL(NO_MEMORY);
    w->last = &w->first;
    w->waiting_max = queue_max;
    CHECK(pthread_mutex_init(&w->lock, NULL) == 0 && pthread_cond_init(&w->more, NULL) == 0);
    for (unsigned i = 0; i < threads; i++) {
        char name[THREAD_NAME_SIZE];
        snprintf(name, sizeof name, "work-%u", i);
        w->threads[i].work = w;
        w->threads[i].plain.run = run;
        const err e = thread_start_plain(&w->threads[i].plain, name);
        if (!err_is_ok(e)) {
            work_free(w);
            return e;
        }
        w->threads_n++;
    }
    *out = w;
    return DONE;
}

void work_free(struct work *w)
{
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->ending = true;
    pthread_cond_broadcast(&w->more);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->threads_n; i++)
        thread_join_plain(&w->threads[i].plain);
    pthread_cond_destroy(&w->more);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

err work_submit(struct work *w, struct work_job *j)
{
    pthread_mutex_lock(&w->lock);
    const bool full = w->waiting >= w->waiting_max || w->ending;
    if (!full) {
        j->next = NULL;
        *w->last = j;
        w->last = &j->next;
        w->waiting++;
        pthread_cond_signal(&w->more);
    }
    pthread_mutex_unlock(&w->lock);
    return full ? FAIL(TOO_MANY) : DONE;
}
