/* Listening: opens sockets, accepts within a budget a turn, rests when descriptors run out. */
#include "net/listen.h"

#include "base/log.h"
#include "base/owned.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/un.h>

static err refuse(struct note *note, const char *where)
{
    const int why = errno;
    const err e = why == EADDRINUSE ? FAIL(CONFLICT) : FAIL(IO);
    return note_fail(note, e, "cannot listen on %s: %s", where, strerror(why));
}

err listen_open(const struct address *a, bool shared, struct note *note, int *fd)
{
    struct sockaddr_storage to;
    char text[ADDRESS_TEXT_SIZE];
    const int on = 1;
    const socklen_t n = address_to_sockaddr(a, &to);
    address_write(a, text);
    OWNED(owned_close)
    int s = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (s < 0) return refuse(note, text);
    (void)setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (shared) (void)setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (a->family == ADDRESS_V6) (void)setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(s, (const struct sockaddr *)&to, n) != 0) return refuse(note, text);
    if (listen(s, LISTEN_BACKLOG) != 0) return refuse(note, text);
    *fd = owned_take(&s);
    return DONE;
}

err listen_check_free(const struct address *a, struct note *note)
{
    int fd = -1;
    TRY(listen_open(a, false, note, &fd));
    (void)close(fd);
    return DONE;
}

/* True when somebody answers at this socket file. */
static bool is_alive(const struct sockaddr_un *to)
{
    OWNED(owned_close) int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0) return false;
    return connect(s, (const struct sockaddr *)to, sizeof *to) == 0 || errno == EAGAIN;
}

err listen_open_unix(const char *path, struct note *note, int *fd)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof to.sun_path) {
        return note_fail(note, FAIL(BAD_INPUT),
                         "the path %s is too long for a socket (%zu at most)", path,
                         sizeof to.sun_path - 1);
    }
    memcpy(to.sun_path, path, strlen(path));
    OWNED(owned_close) int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0) return refuse(note, path);
    if (is_alive(&to)) {
        return note_fail(note, FAIL(CONFLICT), "another daemon answers on %s", path);
    }
    struct stat there;
    if (lstat(path, &there) == 0 && S_ISSOCK(there.st_mode)) (void)unlink(path);
    if (bind(s, (const struct sockaddr *)&to, sizeof to) != 0) return refuse(note, path);
    if (chmod(path, 0600) != 0 || listen(s, LISTEN_BACKLOG) != 0) return refuse(note, path);
    *fd = owned_take(&s);
    return DONE;
}

struct address listen_address(int fd)
{
    struct sockaddr_storage at = {0};
    socklen_t n = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &n) != 0) return (struct address){0};
    return address_of_sockaddr((const struct sockaddr *)&at);
}

static void rest(struct loop *l, struct listener *s)
{
    loop_want(l, &s->io, 0);
    loop_start_timer(l, &s->pause, loop_now_ms(l) + LISTEN_PAUSE_MS);
    log_line(LOG_WARN, "accept_paused", "reason=\"%s\" pause_ms=%d", strerror(errno),
             LISTEN_PAUSE_MS);
}

static void on_rested(struct loop *l, struct loop_timer *t)
{
    struct listener *s = LOOP_OF(t, struct listener, pause);
    loop_want(l, &s->io, LOOP_READ);
}

static bool is_out_of_something(int why)
{
    return why == EMFILE || why == ENFILE || why == ENOBUFS || why == ENOMEM;
}

/* False when there is nobody left to accept this turn. */
static bool accept_one(struct loop *l, struct listener *s)
{
    struct sockaddr_storage from = {0};
    socklen_t n = sizeof from;
    const int on = 1;
    OWNED(owned_close)
    int fd = accept4(s->io.fd, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        if (is_out_of_something(errno)) rest(l, s);
        return errno == EINTR || errno == ECONNABORTED;
    }
    const struct address peer = address_of_sockaddr((const struct sockaddr *)&from);
    if (s->limit && !err_is_ok(source_limit_take(s->limit, &peer))) {
        s->refused++;
        return true;
    }
    if (peer.family != ADDRESS_NONE) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    s->accepted(l, s, owned_take(&fd), &peer);
    return s->io.watched;
}

static void on_readable(struct loop *l, struct loop_io *io, uint32_t got)
{
    struct listener *s = LOOP_OF(io, struct listener, io);
    (void)got;
    for (int i = 0; i < LISTEN_BUDGET; i++) {
        if (!accept_one(l, s)) return;
    }
}

err listen_start(struct loop *l, struct listener *s, int fd)
{
    s->io = (struct loop_io){.fd = fd, .want = LOOP_READ, .ready = on_readable};
    s->pause.fire = on_rested;
    const err e = loop_watch(l, &s->io);
    if (!err_is_ok(e)) (void)close(fd);
    return e;
}

void listen_stop(struct loop *l, struct listener *s)
{
    loop_stop_timer(l, &s->pause);
    if (!s->io.watched) return;
    loop_unwatch(l, &s->io);
    (void)close(s->io.fd);
    s->io.fd = -1;
}
