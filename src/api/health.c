/* Is it alive, is it ready, and how is it doing. */
#include "api/api_call.h"
#include "api/routes.h"
#include "base/metric.h"

err health_live(struct http_request *rq)
{
    wr_text(http_text(rq, 200, "text/plain; charset=UTF-8"), "ok\n");
    return DONE;
}

err health_ready(struct http_request *rq)
{
    const struct api_ports *p = &api_of(rq)->ports;
    const char *why = "ok";
    const bool ready = !p->ready || p->ready(p->owner, &why);
    wr_format(http_text(rq, ready ? 200 : 503, "text/plain; charset=UTF-8"), "%s\n",
              ready ? "ok" : why);
    return DONE;
}

/* By token, or over the socket. */
err health_metrics(struct http_request *rq)
{
    metric_write(http_text(rq, 200, "text/plain; version=0.0.4; charset=UTF-8"));
    return DONE;
}
