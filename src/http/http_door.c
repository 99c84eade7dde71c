/* A door of the HTTP kind: our listener accepts, each connection is a link of its own. */
#include "http/http_door.h"

#include "http/exchange.h"
#include "http/http_link.h"
#include "http/http_tls.h"
#include "http/once.h"

#include <stdlib.h>
#include <unistd.h>

enum { WAITING_TURN_MS = 100 };

/* An answer is under way until its last byte is written. */
static bool is_busy(const struct http_door *d)
{
    for (struct list *i = d->links.next; i != &d->links; i = i->next) {
        const struct http_link *c = LIST_OF(i, struct http_link, link);
        if (c->rq || c->out.n) return true;
    }
    return d->busy > 0;
}

static void tell_drained(struct loop *l, struct loop_flush *f)
{
    struct http_door *d = LOOP_OF(f, struct http_door, flush);
    (void)l;
    if (!d->draining || !d->drained || is_busy(d)) return;
    void (*drained)(void *owner) = d->drained;
    d->drained = NULL;
    drained(d->drain_owner);
}

/* False: this process may not use the socket. */
static bool read_uid(const struct http_door *d, int fd, uint32_t *uid)
{
    struct ucred peer = {0};
    socklen_t n = sizeof peer;
    if (!d->options.socket) return true;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0) return false;
    *uid = peer.uid;
    return peer.uid == 0 || peer.uid == d->options.socket_uid;
}

static void on_accepted(struct loop *l, struct listener *s, int fd, const struct address *peer)
{
    struct http_door *d = LOOP_OF(s, struct http_door, listener);
    uint32_t uid = 0;
    (void)l;
    if (read_uid(d, fd, &uid)) {
        http_link_begin(d, fd, peer, uid);
        return;
    }
    source_limit_give(d->limit, peer);
    (void)close(fd);
}

/* Every door sweeps the table that it shares with the others, as long as there is something to sweep. */
static void sweep(struct loop *l, struct loop_timer *t)
{
    struct http_door *d = LOOP_OF(t, struct http_door, sweep);
    if (once_sweep(d->options.once, loop_now_ms(l)) > 0) http_door_sweep_later(d);
}

void http_door_sweep_later(struct http_door *d)
{
    if (loop_timer_is_on(&d->sweep)) return;
    loop_start_timer(d->loop, &d->sweep, loop_now_ms(d->loop) + ONCE_SWEEP_MS);
}

/* --- opening and closing --- */

static err open_tls(struct http_door *d)
{
    return channel_tls_new(http_tls_retrieve, http_tls_priorities(d->options.tls_minimum),
                           "http/1.1", &d->tls);
}

static err open_all(struct http_door *d, int *fd)
{
    const size_t each = d->options.socket ? 0 : HTTP_DOOR_PER_SOURCE;
    TRY(route_table_new(d->options.routes, &d->routes));
    if (d->options.tls) TRY(open_tls(d));
    TRY(source_limit_new(d->options.connections_max, each, &d->limit));
    d->listener.limit = d->limit;
    d->listener.accepted = on_accepted;
    const int listening = *fd;
    *fd = -1;
    return listen_start(d->loop, &d->listener, listening);
}

err http_door_open(struct loop *l, const struct http_door_options *options, int fd,
                   struct http_door **out)
{
    struct http_door *d = calloc(1, sizeof *d);
    err e = d ? DONE : FAIL(NO_MEMORY);
    if (d) {
        d->options = *options;
        d->loop = l;
        d->date_s = -1;
        d->flush.run = tell_drained;
        d->sweep.fire = sweep;
        list_init(&d->links);
        e = open_all(d, &fd);
    }
    if (err_is_ok(e)) {
        *out = d;
        return DONE;
    }
    if (fd >= 0) (void)close(fd);
    http_door_free(d);
    return e;
}

size_t http_door_busy(const struct http_door *d)
{
    return d->busy;
}

void http_door_drain(struct http_door *d, void *owner, void (*done)(void *owner))
{
    d->draining = true;
    d->drain_owner = owner;
    d->drained = done;
    listen_stop(d->loop, &d->listener);
    for (struct list *i = d->links.next; i != &d->links; i = i->next) {
        struct http_link *c = LIST_OF(i, struct http_link, link);
        if (!c->rq && c->out.n == 0) http_link_hang_up(c);
    }
    loop_flush_later(d->loop, &d->flush);
}

void http_door_free(struct http_door *d)
{
    if (!d) return;
    listen_stop(d->loop, &d->listener);
    d->closing = true;
    while (d->waiting)
        (void)loop_turn(d->loop, WAITING_TURN_MS);
    while (!list_is_empty(&d->links))
        http_link_free(LIST_OF(d->links.next, struct http_link, link));
    loop_flush_cancel(d->loop, &d->flush);
    loop_stop_timer(d->loop, &d->sweep);
    source_limit_free(d->limit);
    channel_tls_free(d->tls);
    route_table_free(d->routes);
    wr_drop(&d->spare);
    exchange_drop(d->idle);
    free(d);
}
