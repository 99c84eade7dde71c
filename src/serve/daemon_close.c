#include "serve/daemon.h"

#include "api/list_cache.h"
#include "api/token_pictures.h"
#include "audit/audit.h"
#include "gate/gate.h"
#include "gateway/gateway.h"
#include "index/index.h"
#include "loop/thread.h"
#include "loop/work.h"
#include "portal/portal.h"
#include "serve/control.h"
#include "serve/rekey.h"
#include "serve/sweep.h"
#include "serve/web.h"
#include "store/store.h"
#include "usage/usage.h"

enum {
    DRAIN_MS = 5000,
    TURN_MS = 100
};

static void gateway_drained(void *owner)
{
    struct daemon *d = owner;
    d->drained = true;
}

/* Closing waits for batches and answers that only our loop can finish, so it happens beside the loop. */
struct closing {
    struct thread_plain thread;
    struct daemon *daemon;
    void (*close)(struct daemon *d);
    struct loop_note over;
    bool closed;
};

static void close_beside(struct thread_plain *t)
{
    struct closing *c = LOOP_OF(t, struct closing, thread);
    c->close(c->daemon);
    loop_post(c->daemon->loop, &c->over);
}

static void closed(struct loop *l, struct loop_note *n)
{
    struct closing *c = LOOP_OF(n, struct closing, over);
    (void)l;
    c->closed = true;
}

/* After `patience_ms` whoever still waits for a cluster is told that it goes. */
static void close_while_turning(struct daemon *d, void (*close)(struct daemon *d), uint64_t patience_ms)
{
    struct closing c = {.thread.run = close_beside, .daemon = d, .close = close, .over.run = closed};
    if (!d->control || !err_is_ok(thread_start_plain(&c.thread, "closing"))) {
        close(d);
        return;
    }
    const uint64_t until_ms = loop_now_ms(d->loop) + patience_ms;
    while (!c.closed) {
        (void)loop_turn(d->loop, TURN_MS);
        if (d->gateway && loop_now_ms(d->loop) >= until_ms) gateway_stop_doors(d->gateway);
    }
    thread_join_plain(&c.thread);
}

static void close_web(struct daemon *d)
{
    web_close(d->web);
}

static void close_store(struct daemon *d)
{
    outbox_port_close(&d->outbox);
    store_close(d->store);
}

static void stop_gateway(struct daemon *d)
{
    if (!d->gateway) return;
    gateway_drain(d->gateway, DRAIN_MS, d, gateway_drained);
    while (!d->drained) (void)loop_turn(d->loop, TURN_MS);
    gateway_free(d->gateway);
    d->gateway = NULL;
    control_set_gateway(d->control, NULL);
}

void daemon_close(struct daemon *d)
{
    process_notify("STOPPING=1");
    if (d->web) close_while_turning(d, close_web, WEB_DRAIN_MS);
    portal_routes_drop(&d->routes);
    list_cache_free(d->api.lists);
    stop_gateway(d);
    exporting_close(&d->exporting);
    sweep_free(d->sweep);
    rekey_free(d->rekey);
    work_free(d->work);
    usage_close(d->usage);
    people_close(&d->people);
    if (d->store) close_while_turning(d, close_store, 0);
    control_free(d->control);
    token_pictures_free(d->api.pictures);
    clusters_drop(&d->clusters);
    audit_close(d->audit);
    if (d->gate) gate_free(d->gate);
    if (d->index) index_free(d->index);
    if (d->loop) {
        signals_unwatch(d->loop, &d->signals);
        loop_free(d->loop);
    }
    server_keys_drop(&d->keys);
    folder_close(&d->folder);
}
