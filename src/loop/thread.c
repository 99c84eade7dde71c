/* Threads: start with signals blocked, tell liburcu, run, tell it again. */
#include "loop/thread.h"

#include "base/check.h"

#include <signal.h>
#include <stdio.h>
#include <urcu/urcu-memb.h>

static err start(pthread_t *thread, const char *name, void *(*body)(void *), void *owner)
{
    sigset_t all;
    sigset_t former;
    sigfillset(&all);
    CHECK(pthread_sigmask(SIG_SETMASK, &all, &former) == 0);
    const int failed = pthread_create(thread, NULL, body, owner);
    CHECK(pthread_sigmask(SIG_SETMASK, &former, NULL) == 0);
    if (failed) return FAIL(IO);
    (void)pthread_setname_np(*thread, name);
    return DONE;
}

static void *run_worker(void *owner)
{
    struct worker *w = owner;
    urcu_memb_register_thread();
    if (w->begin) w->begin(w);
    loop_run(w->loop);
    if (w->end) w->end(w);
    urcu_memb_unregister_thread();
    return NULL;
}

err thread_start(struct worker *w, const char *name)
{
    CHECK(!w->started);
    snprintf(w->name, sizeof w->name, "%s", name);
    TRY(loop_new(NULL, &w->loop));
    const err e = start(&w->thread, w->name, run_worker, w);
    if (!err_is_ok(e)) {
        loop_free(w->loop);
        w->loop = NULL;
        return e;
    }
    w->started = true;
    return DONE;
}

void thread_stop(struct worker *w)
{
    if (w->started) loop_stop(w->loop);
}

void thread_join(struct worker *w)
{
    if (!w->started) return;
    CHECK(pthread_join(w->thread, NULL) == 0);
    loop_free(w->loop);
    w->loop = NULL;
    w->started = false;
}

static void *run_plain(void *owner)
{
    struct thread_plain *t = owner;
    urcu_memb_register_thread();
    t->run(t);
    urcu_memb_unregister_thread();
    return NULL;
}

err thread_start_plain(struct thread_plain *t, const char *name)
{
    snprintf(t->name, sizeof t->name, "%s", name);
    return start(&t->thread, t->name, run_plain, t);
}

void thread_join_plain(struct thread_plain *t)
{
    CHECK(pthread_join(t->thread, NULL) == 0);
}
