/* Dialling: the addresses of a name are tried in order until one accepts or the time is over. */
#include "net/dial.h"

#include "base/owned.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static void try_next(struct dial *d);

static void drop_socket(struct dial *d)
{
    if (d->io.fd < 0) return;
    loop_unwatch(d->loop, &d->io);
    (void)close(d->io.fd);
    d->io.fd = -1;
}

static void finish(struct dial *d, err e)
{
    int fd = -1;
    if (err_is_ok(e)) {
        loop_unwatch(d->loop, &d->io);
        fd = owned_take(&d->io.fd);
    }
    dial_cancel(d);
    d->done(d->loop, d, e, fd);
}

/* News that came about inside dial_start waits for the next turn. */
static void finish_later(struct dial *d, err e)
{
    d->result = e;
    loop_start_timer(d->loop, &d->later, 0);
}

static void on_later(struct loop *l, struct loop_timer *t)
{
    struct dial *d = LOOP_OF(t, struct dial, later);
    (void)l;
    finish(d, d->result);
}

static void on_deadline(struct loop *l, struct loop_timer *t)
{
    (void)l;
    finish(LOOP_OF(t, struct dial, deadline), FAIL(TIMED_OUT));
}

static void on_writable(struct loop *l, struct loop_io *io, uint32_t got)
{
    struct dial *d = LOOP_OF(io, struct dial, io);
    int why = 0;
    socklen_t n = sizeof why;
    (void)l;
    (void)got;
    if (getsockopt(io->fd, SOL_SOCKET, SO_ERROR, &why, &n) != 0) why = errno;
    if (why == 0) {
        finish(d, DONE);
        return;
    }
    d->last_errno = why;
    drop_socket(d);
    try_next(d);
}

/* False when this address cannot even be tried. */
static bool try_address(struct dial *d, const struct address *a)
{
    struct sockaddr_storage to;
    const int on = 1;
    const socklen_t n = address_to_sockaddr(a, &to);
    d->peer = *a;
    OWNED(owned_close)
    int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (fd < 0) return false;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (const struct sockaddr *)&to, n) != 0 && errno != EINPROGRESS) return false;
    d->io = (struct loop_io){.fd = fd, .want = LOOP_WRITE, .ready = on_writable};
    if (!err_is_ok(loop_watch(d->loop, &d->io))) {
        d->io.fd = -1;
        return false;
    }
    (void)owned_take(&fd);
    return true;
}

static void try_next(struct dial *d)
{
    while (d->next < d->resolve.addresses_n) {
        struct address a = d->resolve.addresses[d->next++];
        a.port = d->port;
        if (try_address(d, &a)) return;
        d->last_errno = errno;
    }
    finish_later(d, FAIL(NO_NODE));
}

static void on_resolved(struct loop *l, struct resolve *r, err e)
{
    struct dial *d = LOOP_OF(r, struct dial, resolve);
    (void)l;
    if (!err_is_ok(e)) {
        finish(d, e);
        return;
    }
    try_next(d);
}

static void begin(struct loop *l, struct dial *d, uint16_t port, uint64_t timeout_ms)
{
    d->loop = l;
    d->port = port;
    d->next = 0;
    d->last_errno = 0;
    d->io.fd = -1;
    d->resolve.addresses_n = 0;
    d->resolve.done = on_resolved;
    d->later.fire = on_later;
    d->deadline.fire = on_deadline;
    d->busy = true;
    loop_start_timer(l, &d->deadline, loop_now_ms(l) + timeout_ms);
}

void dial_start_address(struct loop *l, struct dial *d, const struct address *a,
                        uint64_t timeout_ms)
{
    begin(l, d, a->port, timeout_ms);
    d->resolve.addresses[0] = *a;
    d->resolve.addresses_n = 1;
    try_next(d);
}

void dial_start(struct resolver *resolver, struct loop *l, struct dial *d, bytes host,
                uint16_t port, uint64_t timeout_ms)
{
    struct address literal = {0};
    char name[ADDRESS_HOST_MAX + 1];
    if (err_is_ok(address_read_ip(host, &literal))) {
        literal.port = port;
        dial_start_address(l, d, &literal, timeout_ms);
        return;
    }
    begin(l, d, port, timeout_ms);
    if (!resolver || host.n == 0 || host.n > ADDRESS_HOST_MAX || memchr(host.p, 0, host.n)) {
        finish_later(d, FAIL(NO_NODE));
        return;
    }
    memcpy(name, host.p, host.n);
    name[host.n] = 0;
    resolver_start(resolver, &d->resolve, name);
}

void dial_cancel(struct dial *d)
{
    if (!d->busy) return;
    d->busy = false;
    resolver_cancel(&d->resolve);
    loop_stop_timer(d->loop, &d->later);
    loop_stop_timer(d->loop, &d->deadline);
    drop_socket(d);
}
