#include "serve/signals.h"

#include "base/log.h"

#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static sigset_t heard(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

void signals_block(void)
{
    const sigset_t set = heard();
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void ready(struct loop *l, struct loop_io *io, uint32_t got)
{
    struct signals *s = LOOP_OF(io, struct signals, io);
    struct signalfd_siginfo info;
    (void)got;
    while (read(io->fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP) {
            s->reload(s->owner);
        } else {
            log_line(LOG_INFO, "stopping", "signal=%u", info.ssi_signo);
            loop_stop(l);
        }
    }
}

err signals_watch(struct loop *l, struct signals *s)
{
    const sigset_t set = heard();
    s->io = (struct loop_io){.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC),
                             .want = LOOP_READ,
                             .ready = ready};
    return s->io.fd < 0 ? FAIL(IO) : loop_watch(l, &s->io);
}

void signals_unwatch(struct loop *l, struct signals *s)
{
    if (!s->io.watched) return;
    loop_unwatch(l, &s->io);
    (void)close(s->io.fd);
}
