/* A door of the HTTP kind: our listener accepts, libmicrohttpd speaks, our loop says when. */
#include "http/http_door.h"

#include "base/check.h"
#include "base/log.h"
#include "http/http_tls.h"
#include "http/exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>

/* Room for a request's header and for what the library writes besides the body. */
enum { CONNECTION_MEMORY = HTTP_DOOR_HEADER_MAX + (16 << 10), WAITING_TURN_MS = 100 };

static void arm(struct inside_connection *c, uint64_t ms)
{
    loop_start_timer(c->door->loop, &c->deadline, loop_now_ms(c->door->loop) + ms);
}

/* The library notices the end by itself and cleans up. */
static void hang_up(struct inside_connection *c)
{
    (void)shutdown(c->fd, SHUT_RDWR);
    loop_flush_later(c->door->loop, &c->door->flush);
}

static void on_deadline(struct loop *l, struct loop_timer *t)
{
    (void)l;
    hang_up(LOOP_OF(t, struct inside_connection, deadline));
}

/* --- callbacks of the library --- */

static struct inside_connection *connection_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i ? i->socket_context : NULL;
}

static void *on_request_line(void *cls, const char *uri, struct MHD_Connection *c)
{
    struct inside_connection *link = connection_of(c);
    if (!link) return NULL;
    arm(link, HTTP_DOOR_READ_MS);
    link->busy = true;
    return exchange_new(cls, link, c, uri);
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *c, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *data_n, void **context)
{
    (void)cls;
    (void)c;
    (void)url;
    return *context ? exchange_step(*context, method, version, data, data_n) : MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct inside_connection *link = connection_of(c);
    (void)cls;
    (void)why;
    if (*context) exchange_free(*context);
    *context = NULL;
    if (!link) return;
    link->busy = false;
    arm(link, HTTP_DOOR_KEEP_MS);
}

static struct inside_connection *take_arriving(struct http_door *d, int fd)
{
    for (struct list *i = d->arriving.next; i != &d->arriving; i = i->next) {
        struct inside_connection *c = LIST_OF(i, struct inside_connection, link);
        if (c->fd != fd) continue;
        list_remove(&c->link);
        return c;
    }
    return NULL;
}

static void free_connection(struct loop_grave *g)
{
    free(LOOP_OF(g, struct inside_connection, grave));
}

static void bury(struct inside_connection *c)
{
    struct http_door *d = c->door;
    list_remove(&c->link);
    loop_stop_timer(d->loop, &c->deadline);
    source_limit_give(d->limit, &c->peer);
    c->grave.free = free_connection;
    loop_bury(d->loop, &c->grave);
}

static void on_connection(void *cls, struct MHD_Connection *c, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http_door *d = cls;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context) bury(*context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct inside_connection *link = i ? take_arriving(d, i->connect_fd) : NULL;
    if (!link) return;
    list_add_last(&d->connections, &link->link);
    arm(link, HTTP_DOOR_READ_MS);
    *context = link;
}

static void on_library_log(void *cls, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void on_library_log(void *cls, const char *format, va_list args)
{
    char text[256];
    (void)cls;
    vsnprintf(text, sizeof text, format, args);
    log_line(LOG_DEBUG, "http_library", "text=\"%s\"", text);
}

/* --- the loop --- */

static void tell_drained(struct http_door *d)
{
    if (!d->draining || d->busy || !d->drained) return;
    void (*drained)(void *owner) = d->drained;
    d->drained = NULL;
    drained(d->drain_owner);
}

static void on_flush(struct loop *l, struct loop_flush *f)
{
    struct http_door *d = LOOP_OF(f, struct http_door, flush);
    MHD_UNSIGNED_LONG_LONG left = 0;
    (void)MHD_run(d->daemon);
    if (MHD_get_timeout(d->daemon, &left) == MHD_YES) {
        loop_start_timer(l, &d->timer, loop_now_ms(l) + left);
    } else {
        loop_stop_timer(l, &d->timer);
    }
    tell_drained(d);
}

static void on_events(struct loop *l, struct loop_io *io, uint32_t got)
{
    (void)got;
    loop_flush_later(l, &LOOP_OF(io, struct http_door, io)->flush);
}

static void on_timeout(struct loop *l, struct loop_timer *t)
{
    loop_flush_later(l, &LOOP_OF(t, struct http_door, timer)->flush);
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

static void give(struct http_door *d, struct inside_connection *c)
{
    struct sockaddr_storage from = {.ss_family = AF_UNIX};
    socklen_t n = sizeof(struct sockaddr_un);
    if (c->peer.family != ADDRESS_NONE) n = address_to_sockaddr(&c->peer, &from);
    list_add_last(&d->arriving, &c->link);
    if (MHD_add_connection(d->daemon, c->fd, (struct sockaddr *)&from, n) != MHD_YES) bury(c);
    loop_flush_later(d->loop, &d->flush);
}

static void on_accepted(struct loop *l, struct listener *s, int fd, const struct address *peer)
{
    struct http_door *d = LOOP_OF(s, struct http_door, listener);
    uint32_t uid = 0;
    (void)l;
    struct inside_connection *c = read_uid(d, fd, &uid) ? calloc(1, sizeof *c) : NULL;
    if (!c) {
        source_limit_give(d->limit, peer);
        (void)close(fd);
        return;
    }
    c->door = d;
    c->fd = fd;
    c->peer = *peer;
    c->uid = uid;
    c->deadline.fire = on_deadline;
    give(d, c);
}

/* --- opening and closing --- */

static err start_library(struct http_door *d)
{
    unsigned flags =
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)http_tls_retrieve},
        {MHD_OPTION_HTTPS_PRIORITIES, 0,
         (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (d->options.tls) flags |= MHD_USE_TLS;
    d->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_access, d, MHD_OPTION_EXTERNAL_LOGGER, on_library_log, d,
        MHD_OPTION_URI_LOG_CALLBACK, on_request_line, d, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        d, MHD_OPTION_NOTIFY_CONNECTION, on_connection, d, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(d->options.connections_max + 16), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)HTTP_DOOR_STILL_S, MHD_OPTION_ARRAY, d->options.tls ? tls : none, MHD_OPTION_END);
    return d->daemon ? DONE : FAIL(IO);
}

static err watch_library(struct http_door *d)
{
    const union MHD_DaemonInfo *i = MHD_get_daemon_info(d->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (!i) return FAIL(IO);
    d->io = (struct loop_io){.fd = i->epoll_fd, .want = LOOP_READ, .ready = on_events};
    return loop_watch(d->loop, &d->io);
}

static err open_all(struct http_door *d, int *fd)
{
    const size_t each = d->options.socket ? 0 : HTTP_DOOR_PER_SOURCE;
    TRY(source_limit_new(d->options.connections_max, each, &d->limit));
    TRY(start_library(d));
    TRY(watch_library(d));
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
        d->flush.run = on_flush;
        d->timer.fire = on_timeout;
        list_init(&d->arriving);
        list_init(&d->connections);
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
    for (struct list *i = d->connections.next; i != &d->connections; i = i->next) {
        struct inside_connection *c = LIST_OF(i, struct inside_connection, link);
        if (!c->busy) hang_up(c);
    }
    loop_flush_later(d->loop, &d->flush);
}

void http_door_free(struct http_door *d)
{
    if (!d) return;
    listen_stop(d->loop, &d->listener);
    while (d->waiting)
        (void)loop_turn(d->loop, WAITING_TURN_MS);
    loop_unwatch(d->loop, &d->io);
    if (d->daemon) MHD_stop_daemon(d->daemon);
    loop_stop_timer(d->loop, &d->timer);
    loop_flush_cancel(d->loop, &d->flush);
    while (!list_is_empty(&d->arriving))
        bury(LIST_OF(d->arriving.next, struct inside_connection, link));
    source_limit_free(d->limit);
    free(d);
}
