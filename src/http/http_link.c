/* One connection of an HTTP door: the library reads and writes it, our loop says when, and what the
 * library would refuse in HTML is refused by us. */
#include "http/http_link.h"

#include "base/log.h"
#include "http/exchange.h"
#include "http/http_tls.h"
#include "http/raw_problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>

/* Room for a request's header and for what the library writes besides the body; it wipes all of it
 * after every request. */
enum { CONNECTION_MEMORY = HTTP_DOOR_HEADER_MAX + (16 << 10) };

static void arm(struct inside_connection *c, uint64_t ms)
{
    loop_start_timer(c->door->loop, &c->deadline, loop_now_ms(c->door->loop) + ms);
}

void http_link_later(struct inside_connection *c)
{
    loop_flush_later(c->door->loop, &c->flush);
}

void http_link_hang_up(struct inside_connection *c)
{
    c->cut = true;
    if (c->fd >= 0) (void)shutdown(c->fd, SHUT_RDWR);
    http_link_later(c);
}

/* Nothing of an answer is under way, so that one of ours cannot end up inside it. */
static bool is_silent(const struct inside_connection *c)
{
    return c->connection && (!c->rq || c->rq->inside->state <= INSIDE_READING);
}

static void on_deadline(struct loop *l, struct loop_timer *t)
{
    struct inside_connection *c = LOOP_OF(t, struct inside_connection, deadline);
    (void)l;
    if (c->reading && is_silent(c)) raw_problem_send(c, 408);
    http_link_hang_up(c);
}

/* --- callbacks of the library --- */

static void *on_request_line(void *cls, const char *uri, struct MHD_Connection *connection)
{
    struct inside_connection *c = cls;
    arm(c, HTTP_DOOR_READ_MS);
    c->busy = c->reading = true;
    c->rq = exchange_new(c->door, c, connection, uri);
    return c->rq;
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *data_n, void **context)
{
    (void)cls;
    (void)connection;
    (void)url;
    return *context ? exchange_step(*context, method, version, data, data_n) : MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct inside_connection *c = cls;
    (void)connection;
    (void)why;
    if (*context) exchange_free(*context);
    *context = NULL;
    c->rq = NULL;
    c->busy = c->reading = false;
    arm(c, HTTP_DOOR_KEEP_MS);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct inside_connection *c = cls;
    (void)context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        c->connection = connection;
        return;
    }
    c->connection = NULL;
    c->fd = -1;
    c->ended = true;
}

/* How the library says, in all its versions, that it answers a request by itself: with these
 * words and the status as first value, before it writes anything. */
static bool is_own_answer(const char *format)
{
    return strncmp(format, "Error processing request (HTTP response code is %u",
                   sizeof "Error processing request (HTTP response code is %u" - 1) == 0;
}

static void on_library_log(void *cls, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void on_library_log(void *cls, const char *format, va_list args)
{
    struct inside_connection *c = cls;
    char text[256];
    if (is_own_answer(format) && is_silent(c)) {
        raw_problem_send(c, va_arg(args, unsigned));
        return;
    }
    vsnprintf(text, sizeof text, format, args);
    log_line(LOG_DEBUG, "http_library", "text=\"%s\"", text);
}

/* --- the loop --- */

/* What waits to be read, looked at without taking it: 1, nothing more ever: 0, nothing yet: -1. */
static ssize_t peek(const struct inside_connection *c)
{
    uint8_t first;
    return c->fd < 0 ? -1 : recv(c->fd, &first, sizeof first, MSG_PEEK | MSG_DONTWAIT);
}

/* The first bytes of a request start its clock, not only its first whole line. */
static void see_first_bytes(struct inside_connection *c)
{
    if (c->busy || c->reading || peek(c) <= 0) return;
    c->reading = true;
    arm(c, HTTP_DOOR_READ_MS);
}

/* Between two requests, or in the middle of one that has not come whole. */
static bool wants_more(const struct inside_connection *c)
{
    return !c->busy || (c->rq && c->rq->inside->state <= INSIDE_READING);
}

/* The library does not hear of an end that came together with what was sent before it. Whoever left in
 * the middle of a request would be waited for. */
static void see_end(struct inside_connection *c)
{
    if (wants_more(c) && !c->cut && c->connection && peek(c) == 0) http_link_hang_up(c);
}

static void run_library(struct inside_connection *c)
{
    MHD_UNSIGNED_LONG_LONG left = 0;
    see_first_bytes(c);
    (void)MHD_run(c->library);
    if (c->ended) {
        http_link_free(c);
        return;
    }
    if (MHD_get_timeout(c->library, &left) == MHD_YES) {
        loop_start_timer(c->door->loop, &c->turn, loop_now_ms(c->door->loop) + left);
        if (left == 0) return;
    } else {
        loop_stop_timer(c->door->loop, &c->turn);
    }
    see_end(c);
}

static void on_flush(struct loop *l, struct loop_flush *f)
{
    struct inside_connection *c = LOOP_OF(f, struct inside_connection, flush);
    (void)l;
    run_library(c);
}

static void on_events(struct loop *l, struct loop_io *io, uint32_t got)
{
    (void)l;
    (void)got;
    http_link_later(LOOP_OF(io, struct inside_connection, io));
}

static void on_turn(struct loop *l, struct loop_timer *t)
{
    (void)l;
    http_link_later(LOOP_OF(t, struct inside_connection, turn));
}

/* --- beginning and end --- */

static err start_library(struct inside_connection *c)
{
    const struct http_door_options *o = &c->door->options;
    unsigned flags =
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)http_tls_retrieve},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)http_tls_priorities(o->tls_minimum)},
        {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (o->tls) flags |= MHD_USE_TLS;
    c->library = MHD_start_daemon(
        flags, 0, NULL, NULL, on_access, c, MHD_OPTION_EXTERNAL_LOGGER, on_library_log, c,
        MHD_OPTION_URI_LOG_CALLBACK, on_request_line, c, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        c, MHD_OPTION_NOTIFY_CONNECTION, on_connection, c, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
        2U, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_DOOR_STILL_S, MHD_OPTION_ARRAY,
        o->tls ? tls : none, MHD_OPTION_END);
    return c->library ? DONE : FAIL(NO_MEMORY);
}

static err watch_library(struct inside_connection *c)
{
    const union MHD_DaemonInfo *i = MHD_get_daemon_info(c->library, MHD_DAEMON_INFO_EPOLL_FD);
    if (!i) return FAIL(IO);
    c->io = (struct loop_io){.fd = i->epoll_fd, .want = LOOP_READ, .ready = on_events};
    return loop_watch(c->door->loop, &c->io);
}

/* The descriptor is the library's once it was offered. */
static err hand_over(struct inside_connection *c, int fd)
{
    struct sockaddr_storage from = {.ss_family = AF_UNIX};
    socklen_t n = sizeof(struct sockaddr_un);
    const err e = start_library(c);
    if (!err_is_ok(e)) {
        (void)close(fd);
        return e;
    }
    if (c->peer.family != ADDRESS_NONE) n = address_to_sockaddr(&c->peer, &from);
    c->fd = fd;
    if (MHD_add_connection(c->library, fd, (struct sockaddr *)&from, n) == MHD_YES)
        return watch_library(c);
    c->fd = -1;
    return FAIL(IO);
}

static void free_link(struct loop_grave *g)
{
    free(LOOP_OF(g, struct inside_connection, grave));
}

void http_link_free(struct inside_connection *c)
{
    struct http_door *d = c->door;
    loop_unwatch(d->loop, &c->io);
    if (c->library) MHD_stop_daemon(c->library);
    c->library = NULL;
    loop_stop_timer(d->loop, &c->deadline);
    loop_stop_timer(d->loop, &c->turn);
    loop_flush_cancel(d->loop, &c->flush);
    list_remove(&c->link);
    source_limit_give(d->limit, &c->peer);
    c->grave.free = free_link;
    loop_bury(d->loop, &c->grave);
    loop_flush_later(d->loop, &d->flush);
}

void http_link_begin(struct http_door *d, int fd, const struct address *peer, uint32_t uid)
{
    struct inside_connection *c = calloc(1, sizeof *c);
    if (!c) {
        source_limit_give(d->limit, peer);
        (void)close(fd);
        return;
    }
    *c = (struct inside_connection){.door = d, .fd = -1, .peer = *peer, .uid = uid};
    c->deadline.fire = on_deadline;
    c->turn.fire = on_turn;
    c->flush.run = on_flush;
    list_add_last(&d->connections, &c->link);
    if (!err_is_ok(hand_over(c, fd))) {
        http_link_free(c);
        return;
    }
    arm(c, HTTP_DOOR_READ_MS);
    http_link_later(c);
}
