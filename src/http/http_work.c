/* Requests that need something which may block. */
#include "http/http_work.h"

#include "loop/work.h"

struct blocking {
    struct work_job job;
    struct http_request *rq;
    err (*run)(struct http_request *rq);
    err result;
};

static void run_it(struct work_job *j)
{
    struct blocking *b = LOOP_OF(j, struct blocking, job);
    b->result = b->run(b->rq);
}

static void done(struct loop *l, struct work_job *j)
{
    struct blocking *b = LOOP_OF(j, struct blocking, job);
    (void)l;
    http_answer(b->rq, b->result);
}

err http_work(struct http_request *rq, struct work *w, err (*run)(struct http_request *rq))
{
    struct blocking *b = arena_take(&rq->call.arena, sizeof *b);
    if (!b) return FAIL(NO_MEMORY);
    b->rq = rq;
    b->run = run;
    b->job.run = run_it;
    b->job.done = done;
    b->job.loop = rq->loop;
    TRY(work_submit(w, &b->job));
    http_suspend(rq);
    return DONE;
}
