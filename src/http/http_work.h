/* Requests that need something which may block. */
#pragma once

#include "http/http.h"

struct work;

/* Suspends the request, runs `run` on a work thread, answers with what it returns. Meanwhile the
 * request and its arena are that thread's alone. TOO_MANY: the queue is full, or the
 * caller's share of it (http/share.h); nothing was suspended. */
MUST err http_work(struct http_request *rq, struct work *w, err (*run)(struct http_request *rq));
/* The same, but what succeeds goes on with `then`, back on the loop, as the handler does. */
MUST err http_work_then(struct http_request *rq, struct work *w,
                        err (*run)(struct http_request *rq), err (*then)(struct http_request *rq));
/* One step of several, for a request that is suspended or is so before its handler returns: `run` on a
 * work thread, then `then` on the loop, which goes on or answers. TOO_MANY. */
MUST err http_work_step(struct http_request *rq, struct work *w,
                        void (*run)(struct http_request *rq),
                        void (*then)(struct http_request *rq));
