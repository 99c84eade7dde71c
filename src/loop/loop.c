/* The event loop: epoll for readiness, a wheel for timers, a lock-free stack for notes. */
#include "loop/loop.h"

#include "base/check.h"
#include "base/clock.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { LOOP_EVENTS = 256 };

struct loop {
    int epoll_fd;
    int wake_fd;
    const struct loop_clock *clock;
    uint64_t now_ms;
    int64_t now_utc_ms;
    struct wheel wheel;
    struct list flushes;
    struct loop_grave *graves;
    _Atomic(struct loop_note *) notes; /* newest first */
    _Atomic bool asleep;               /* a poster must ring wake_fd */
    _Atomic bool stopping;
    int events_n; /* of this turn; 0 outside the readiness phase */
    struct epoll_event events[LOOP_EVENTS];
};

static uint64_t machine_mono_ms(void *owner)
{
    (void)owner;
    return clock_mono_ms();
}

static int64_t machine_utc_ms(void *owner)
{
    (void)owner;
    return clock_utc_ms();
}

static const struct loop_clock machine_clock = {NULL, machine_mono_ms, machine_utc_ms};

static void read_clocks(struct loop *l)
{
    const uint64_t now = l->clock->mono_ms(l->clock->owner);
    if (now > l->now_ms) l->now_ms = now;
    l->now_utc_ms = l->clock->utc_ms(l->clock->owner);
}

err loop_new(const struct loop_clock *clock, struct loop **out)
{
    struct loop *l = calloc(1, sizeof *l);
    if (!l) return FAIL(NO_MEMORY);
    l->clock = clock ? clock : &machine_clock;
    l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    list_init(&l->flushes);
    read_clocks(l);
    wheel_init(&l->wheel, l->now_ms);
    struct epoll_event wake = {.events = EPOLLIN, .data.ptr = NULL};
    if (l->epoll_fd < 0 || l->wake_fd < 0 ||
        epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, l->wake_fd, &wake) != 0) {
        loop_free(l);
        return FAIL(IO);
    }
    *out = l;
    return DONE;
}

static uint32_t epoll_bits(uint32_t want)
{
    return (want & LOOP_READ ? (uint32_t)EPOLLIN : 0) |
           (want & LOOP_WRITE ? (uint32_t)EPOLLOUT : 0);
}

err loop_watch(struct loop *l, struct loop_io *io)
{
    CHECK(!io->watched && io->ready);
    struct epoll_event e = {.events = epoll_bits(io->want), .data.ptr = io};
    if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, io->fd, &e) != 0) return FAIL(IO);
    io->watched = true;
    return DONE;
}

/* An event that was fetched for `io` but not yet delivered must not reach a dead object. */
static void forget_events(struct loop *l, const struct loop_io *io)
{
    for (int i = 0; i < l->events_n; i++) {
        if (l->events[i].data.ptr == io) l->events[i].events = 0;
    }
}

void loop_unwatch(struct loop *l, struct loop_io *io)
{
    if (!io->watched) return;
    (void)epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, io->fd, NULL);
    io->watched = false;
    forget_events(l, io);
}

void loop_want(struct loop *l, struct loop_io *io, uint32_t want)
{
    if (io->want == want) return;
    io->want = want;
    if (!io->watched) return;
    struct epoll_event e = {.events = epoll_bits(want), .data.ptr = io};
    CHECK(epoll_ctl(l->epoll_fd, EPOLL_CTL_MOD, io->fd, &e) == 0);
}

void loop_start_timer(struct loop *l, struct loop_timer *t, uint64_t due_ms)
{
    wheel_add(&l->wheel, &t->entry, due_ms);
}

void loop_stop_timer(struct loop *l, struct loop_timer *t)
{
    wheel_remove(&l->wheel, &t->entry);
}

static void ring(struct loop *l)
{
    const uint64_t one = 1;
    if (write(l->wake_fd, &one, sizeof one) < 0) CHECK(errno == EAGAIN || errno == EINTR);
}

void loop_post(struct loop *l, struct loop_note *n)
{
    struct loop_note *top = atomic_load_explicit(&l->notes, memory_order_relaxed);
    do {
        n->next = top;
    } while (!atomic_compare_exchange_weak(&l->notes, &top, n));
    if (atomic_load(&l->asleep) && atomic_exchange(&l->asleep, false)) ring(l);
}

void loop_flush_later(struct loop *l, struct loop_flush *f)
{
    if (f->link.next && !list_is_empty(&f->link)) return;
    list_add_last(&l->flushes, &f->link);
}

void loop_flush_cancel(struct loop *l, struct loop_flush *f)
{
    (void)l;
    if (f->link.next) list_remove(&f->link);
}

void loop_bury(struct loop *l, struct loop_grave *g)
{
    g->next = l->graves;
    l->graves = g;
}

uint64_t loop_now_ms(const struct loop *l)
{
    return l->now_ms;
}

int64_t loop_now_utc_ms(const struct loop *l)
{
    return l->now_utc_ms;
}

/* Milliseconds to the next timer, within what epoll takes; -1: for ever. */
static int time_to_sleep(const struct loop *l)
{
    if (!list_is_empty(&l->flushes)) return 0;
    const uint64_t next = wheel_next(&l->wheel);
    if (next == WHEEL_NOTHING) return -1;
    if (next <= l->now_ms) return 0;
    const uint64_t left = next - l->now_ms;
    return left > INT_MAX ? INT_MAX : (int)left;
}

/* Says "asleep" before looking for notes, so that a poster either is seen here or rings. */
static void wait_for_events(struct loop *l, int wait_ms)
{
    int sleep_ms = l->clock == &machine_clock ? time_to_sleep(l) : 0;
    if (wait_ms >= 0 && (sleep_ms < 0 || sleep_ms > wait_ms)) sleep_ms = wait_ms;
    if (sleep_ms != 0) {
        atomic_store(&l->asleep, true);
        if (atomic_load(&l->notes) || atomic_load(&l->stopping)) sleep_ms = 0;
    }
    const int n = epoll_wait(l->epoll_fd, l->events, LOOP_EVENTS, sleep_ms);
    atomic_store(&l->asleep, false);
    CHECK(n >= 0 || errno == EINTR);
    l->events_n = n > 0 ? n : 0;
}

static void quiet(struct loop *l)
{
    uint64_t rings = 0;
    while (read(l->wake_fd, &rings, sizeof rings) < 0 && errno == EINTR)
        continue;
}

static void deliver(struct loop *l, struct loop_io *io, uint32_t events)
{
    uint32_t got = 0;
    if (events & EPOLLIN) got |= LOOP_READ;
    if (events & EPOLLOUT) got |= LOOP_WRITE;
    if (events & (EPOLLERR | EPOLLHUP)) got |= LOOP_GONE | io->want;
    if (got) io->ready(l, io, got);
}

static void run_ready(struct loop *l)
{
    for (int i = 0; i < l->events_n; i++) {
        const struct epoll_event e = l->events[i];
        if (!e.data.ptr) {
            quiet(l);
        } else if (e.events) {
            deliver(l, (struct loop_io *)e.data.ptr, e.events);
        }
    }
    l->events_n = 0;
}

static void move_all(struct list *from, struct list *to)
{
    list_init(to);
    if (list_is_empty(from)) return;
    *to = *from;
    to->next->prev = to;
    to->prev->next = to;
    list_init(from);
}

/* What a timer starts that is due already waits for the next turn. */
static bool run_timers(struct loop *l)
{
    struct list due;
    wheel_advance(&l->wheel, l->now_ms);
    move_all(&l->wheel.due, &due);
    const bool any = !list_is_empty(&due);
    while (!list_is_empty(&due)) {
        struct list *first = due.next;
        list_remove(first);
        struct wheel_entry *e = LIST_OF(first, struct wheel_entry, link);
        struct loop_timer *t = LOOP_OF(e, struct loop_timer, entry);
        t->fire(l, t);
    }
    return any;
}

/* Oldest first; what a note posts waits for the next turn. */
static bool run_notes(struct loop *l)
{
    struct loop_note *newest = atomic_exchange(&l->notes, NULL);
    struct loop_note *oldest = NULL;
    while (newest) {
        struct loop_note *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    const bool any = oldest != NULL;
    while (oldest) {
        struct loop_note *n = oldest;
        oldest = n->next;
        n->run(l, n);
    }
    return any;
}

static bool run_flushes(struct loop *l)
{
    struct list dirty;
    move_all(&l->flushes, &dirty);
    const bool any = !list_is_empty(&dirty);
    while (!list_is_empty(&dirty)) {
        struct list *first = dirty.next;
        list_remove(first);
        struct loop_flush *f = LIST_OF(first, struct loop_flush, link);
        f->run(l, f);
    }
    return any;
}

static bool empty_graves(struct loop *l)
{
    const bool any = l->graves != NULL;
    while (l->graves) {
        struct loop_grave *g = l->graves;
        l->graves = g->next;
        g->free(g);
    }
    return any;
}

bool loop_turn(struct loop *l, int wait_ms)
{
    read_clocks(l);
    wait_for_events(l, wait_ms);
    read_clocks(l);
    bool any = l->events_n > 0;
    run_ready(l);
    any |= run_timers(l);
    any |= run_notes(l);
    any |= run_flushes(l);
    any |= empty_graves(l);
    return any;
}

void loop_run(struct loop *l)
{
    while (!atomic_load(&l->stopping))
        (void)loop_turn(l, -1);
}

void loop_stop(struct loop *l)
{
    atomic_store(&l->stopping, true);
    ring(l);
}

void loop_free(struct loop *l)
{
    if (!l) return;
    while (run_notes(l))
        continue;
    (void)empty_graves(l);
    if (l->epoll_fd >= 0) (void)close(l->epoll_fd);
    if (l->wake_fd >= 0) (void)close(l->wake_fd);
    free(l);
}
