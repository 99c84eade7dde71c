/* Work threads: the cap of the queue, and the way back to the loop that asked. */
#include "unit.h"

#include "loop/thread.h"
#include "loop/work.h"

#include <stdatomic.h>

enum { JOBS = 500 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static _Atomic unsigned begun;
static _Atomic unsigned finished;
static pthread_t loop_thread;

static void run_gated(struct work_job *j)
{
    (void)j;
    atomic_fetch_add(&begun, 1);
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
}

static void on_done(struct loop *l, struct work_job *j)
{
    (void)l;
    (void)j;
    assert_true(pthread_equal(pthread_self(), loop_thread));
    atomic_fetch_add(&finished, 1);
}

static void a_full_queue_refuses(void **state)
{
    (void)state;
    struct loop *l = NULL;
    struct work *w = NULL;
    struct work_job jobs[4] = {0};
    loop_thread = pthread_self();
    assert_ok(loop_new(NULL, &l));
    assert_ok(work_new(1, 2, &w));
    for (int i = 0; i < 4; i++) {
        jobs[i].run = run_gated;
        jobs[i].done = on_done;
        jobs[i].loop = l;
    }
    pthread_mutex_lock(&gate);
    assert_ok(work_submit(w, &jobs[0]));
    while (atomic_load(&begun) == 0) continue;
    assert_ok(work_submit(w, &jobs[1]));
    assert_ok(work_submit(w, &jobs[2]));
    assert_err(work_submit(w, &jobs[3]), TOO_MANY);
    pthread_mutex_unlock(&gate);
    while (atomic_load(&finished) < 3) (void)loop_turn(l, -1);
    work_free(w);
    loop_free(l);
}

struct counted {
    struct work_job job;
    unsigned input;
    unsigned result;
};

static struct counted counted[JOBS];

static void square(struct work_job *j)
{
    struct counted *c = LOOP_OF(j, struct counted, job);
    c->result = c->input * c->input;
}

static void check_square(struct loop *l, struct work_job *j)
{
    struct counted *c = LOOP_OF(j, struct counted, job);
    assert_int_equal(c->result, c->input * c->input);
    if (atomic_fetch_add(&finished, 1) + 1 == JOBS) loop_stop(l);
}

static void every_job_comes_back_with_its_result(void **state)
{
    (void)state;
    struct loop *l = NULL;
    struct work *w = NULL;
    atomic_store(&finished, 0);
    assert_ok(loop_new(NULL, &l));
    assert_ok(work_new(3, JOBS, &w));
    for (unsigned i = 0; i < JOBS; i++) {
        counted[i].job.run = square;
        counted[i].job.done = check_square;
        counted[i].job.loop = l;
        counted[i].input = i;
        assert_ok(work_submit(w, &counted[i].job));
    }
    loop_run(l);
    assert_int_equal(atomic_load(&finished), JOBS);
    work_free(w);
    loop_free(l);
}

UNIT_MAIN(cmocka_unit_test(a_full_queue_refuses),
          cmocka_unit_test(every_job_comes_back_with_its_result))
