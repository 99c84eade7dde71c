#include "serve/reach.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

static int begin(struct reach *r)
{
    struct sockaddr_storage to;
    const socklen_t n = address_to_sockaddr(&r->to, &to);
    const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    r->error = ETIMEDOUT;
    if (fd >= 0 && (connect(fd, (const struct sockaddr *)&to, n) == 0 || errno == EINPROGRESS)) {
        return fd;
    }
    r->error = errno;
    if (fd >= 0) (void)close(fd);
    return -1;
}

static void end(struct reach *r, struct pollfd *p)
{
    socklen_t n = sizeof r->error;
    if (getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &r->error, &n) != 0) r->error = errno;
    (void)close(p->fd);
    p->fd = -1; /* poll passes over it */
}

void reach_try(struct reach *nodes, size_t n)
{
    struct pollfd polls[REACH_MAX];
    size_t open = 0;
    if (n > REACH_MAX) n = REACH_MAX;
    for (size_t i = 0; i < n; i++) {
        polls[i] = (struct pollfd){.fd = begin(&nodes[i]), .events = POLLOUT};
        open += polls[i].fd >= 0;
    }
    const uint64_t until_ms = clock_mono_ms() + REACH_WAIT_MS;
    for (uint64_t now_ms = clock_mono_ms(); open && now_ms < until_ms; now_ms = clock_mono_ms()) {
        if (poll(polls, n, (int)(until_ms - now_ms)) <= 0) continue;
        for (size_t i = 0; i < n; i++) {
            if (polls[i].fd < 0 || !polls[i].revents) continue;
            end(&nodes[i], &polls[i]);
            open--;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (polls[i].fd >= 0) (void)close(polls[i].fd);
    }
}
