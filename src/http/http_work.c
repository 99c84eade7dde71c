/* Requests that need something which may block. */
#include "http/http_work.h"

#include "http/inside.h"
#include "http/share.h"
#include "loop/work.h"

struct blocking {
    struct work_job job;
    struct http_request *rq;
    err (*run)(struct http_request *rq);
    err (*then)(struct http_request *rq); /* or NULL */
    err result;
    struct share *share; /* in which `place` is held, or NULL */
    size_t place;
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
    if (b->share) share_give(b->share, b->place);
    if (b->then && err_is_ok(b->result))
        http_continue(b->rq, b->then);
    else
        http_answer(b->rq, b->result);
}

/* The local operator is never kept waiting by what others have queued of theirs; whoever is not
 * known yet has the share of their network. */
static err take_share(struct blocking *b)
{
    const char *name = b->rq->call.who.name;
    struct share *share = b->rq->inside->door->options.share;
    if (!share || b->rq->call.who.kind == PRINCIPAL_OPERATOR) return DONE;
    TRY(share_take(share, *name ? bytes_of_text(name) : http_network(b->rq), &b->place));
    b->share = share;
    return DONE;
}

err http_work(struct http_request *rq, struct work *w, err (*run)(struct http_request *rq))
{
    return http_work_then(rq, w, run, NULL);
}

err http_work_then(struct http_request *rq, struct work *w, err (*run)(struct http_request *rq),
                   err (*then)(struct http_request *rq))
{
    struct blocking *b = arena_take(&rq->call.arena, sizeof *b);
    if (!b) return FAIL(NO_MEMORY);
    b->rq = rq;
    b->run = run;
    b->then = then;
    b->job.run = run_it;
    b->job.done = done;
    b->job.loop = rq->loop;
    TRY(take_share(b));
    const err e = work_submit(w, &b->job);
    if (err_is_ok(e)) {
        http_suspend(rq);
    } else if (b->share) {
        share_give(b->share, b->place);
    }
    return e;
}

struct step {
    struct work_job job;
    struct http_request *rq;
    void (*run)(struct http_request *rq);
    void (*then)(struct http_request *rq);
};

static void run_step(struct work_job *j)
{
    struct step *s = LOOP_OF(j, struct step, job);
    s->run(s->rq);
}

static void step_done(struct loop *l, struct work_job *j)
{
    struct step *s = LOOP_OF(j, struct step, job);
    (void)l;
    s->then(s->rq);
}

err http_work_step(struct http_request *rq, struct work *w, void (*run)(struct http_request *rq),
                   void (*then)(struct http_request *rq))
{
    struct step *s = arena_take(&rq->call.arena, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    s->rq = rq;
    s->run = run;
    s->then = then;
    s->job = (struct work_job){.run = run_step, .done = step_done, .loop = rq->loop};
    return work_submit(w, &s->job);
}
