/* Names to addresses: c-ares owns its sockets; our loop watches them and keeps its time. */
#include "net/resolver.h"

#include "base/check.h"

#include <ares.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/select.h>

/* What c-ares holds until it answers; it outlives the question when that is cancelled. */
struct resolve_query {
    struct resolve *asker; /* NULL: cancelled */
};

struct resolve_socket {
    struct list link;
    struct loop_io io;
    struct loop_grave grave;
    struct resolver *resolver;
};

struct resolver {
    struct loop *loop;
    ares_channel channel;
    struct list sockets;
    struct loop_timer timer;
};

static void keep_time(struct resolver *s)
{
    struct timeval left;
    if (!ares_timeout(s->channel, NULL, &left)) {
        loop_stop_timer(s->loop, &s->timer);
        return;
    }
    const uint64_t ms = (uint64_t)left.tv_sec * 1000 + (uint64_t)left.tv_usec / 1000 + 1;
    loop_start_timer(s->loop, &s->timer, loop_now_ms(s->loop) + ms);
}

static void on_socket(struct loop *l, struct loop_io *io, uint32_t got)
{
    struct resolver *s = LOOP_OF(io, struct resolve_socket, io)->resolver;
    const int fd = io->fd;
    (void)l;
    const bool readable = got & (LOOP_READ | LOOP_GONE);
    ares_process_fd(s->channel, readable ? fd : ARES_SOCKET_BAD,
                    got & LOOP_WRITE ? fd : ARES_SOCKET_BAD);
    keep_time(s);
}

static void on_time(struct loop *l, struct loop_timer *t)
{
    struct resolver *s = LOOP_OF(t, struct resolver, timer);
    (void)l;
    ares_process_fd(s->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    keep_time(s);
}

static void free_socket(struct loop_grave *g)
{
    free(LOOP_OF(g, struct resolve_socket, grave));
}

static struct resolve_socket *find_socket(struct resolver *s, int fd)
{
    for (struct list *i = s->sockets.next; i != &s->sockets; i = i->next) {
        struct resolve_socket *k = LIST_OF(i, struct resolve_socket, link);
        if (k->io.fd == fd) return k;
    }
    return NULL;
}

static void drop_socket(struct resolver *s, struct resolve_socket *k)
{
    list_remove(&k->link);
    loop_unwatch(s->loop, &k->io);
    k->grave.free = free_socket;
    loop_bury(s->loop, &k->grave);
}

/* c-ares tells what it wants of which socket; nothing wanted: it is about to close it. When we
 * cannot watch one, its query ends by its timeout. */
static void on_socket_state(void *owner, ares_socket_t fd, int readable, int writable)
{
    struct resolver *s = owner;
    struct resolve_socket *k = find_socket(s, fd);
    const uint32_t want = (readable ? LOOP_READ : 0U) | (writable ? LOOP_WRITE : 0U);
    if (!want) {
        if (k) drop_socket(s, k);
        return;
    }
    if (k) {
        loop_want(s->loop, &k->io, want);
        return;
    }
    k = calloc(1, sizeof *k);
    if (!k) return;
    k->resolver = s;
    k->io = (struct loop_io){.fd = fd, .want = want, .ready = on_socket};
    list_add_last(&s->sockets, &k->link);
    if (!err_is_ok(loop_watch(s->loop, &k->io))) drop_socket(s, k);
}

err resolver_new(struct loop *l, struct resolver **out)
{
    struct resolver *s = calloc(1, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    s->loop = l;
    s->timer.fire = on_time;
    list_init(&s->sockets);
    struct ares_options options = {.timeout = RESOLVE_TRY_MS,
                                   .tries = RESOLVE_TRIES,
                                   .sock_state_cb = on_socket_state,
                                   .sock_state_cb_data = s};
    if (ares_init_options(&s->channel, &options,
                          ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB) !=
        ARES_SUCCESS) {
        free(s);
        return FAIL(IO);
    }
    *out = s;
    return DONE;
}

void resolver_free(struct resolver *s)
{
    if (!s) return;
    ares_destroy(s->channel);
    loop_stop_timer(s->loop, &s->timer);
    while (!list_is_empty(&s->sockets)) {
        drop_socket(s, LIST_OF(s->sockets.next, struct resolve_socket, link));
    }
    free(s);
}

static void on_arrival(struct loop *l, struct loop_timer *t)
{
    struct resolve *r = LOOP_OF(t, struct resolve, arrival);
    r->done(l, r, r->result);
}

static void take_addresses(struct resolve *r, const struct ares_addrinfo *found)
{
    const struct ares_addrinfo_node *n = found ? found->nodes : NULL;
    for (; n && r->addresses_n < RESOLVE_ADDRESSES_MAX; n = n->ai_next) {
        const struct address a = address_of_sockaddr(n->ai_addr);
        if (a.family != ADDRESS_NONE) r->addresses[r->addresses_n++] = a;
    }
}

/* May run inside resolver_start, so the news waits for the next turn. */
static void on_answer(void *owner, int status, int timeouts, struct ares_addrinfo *found)
{
    struct resolve_query *q = owner;
    struct resolve *r = q->asker;
    (void)timeouts;
    free(q);
    if (r) {
        r->query = NULL;
        if (status == ARES_SUCCESS) take_addresses(r, found);
        r->result = r->addresses_n ? DONE : FAIL(NO_NODE);
        loop_start_timer(r->resolver->loop, &r->arrival, 0);
    }
    ares_freeaddrinfo(found);
}

void resolver_start(struct resolver *s, struct resolve *r, const char *name)
{
    struct resolve_query *q = calloc(1, sizeof *q);
    r->resolver = s;
    r->addresses_n = 0;
    r->query = q;
    r->arrival.fire = on_arrival;
    r->result = FAIL(NO_MEMORY);
    if (!q) {
        loop_start_timer(s->loop, &r->arrival, 0);
        return;
    }
    q->asker = r;
    const struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    ares_getaddrinfo(s->channel, name, NULL, &hints, on_answer, q);
    keep_time(s);
}

void resolver_cancel(struct resolve *r)
{
    if (r->query) r->query->asker = NULL;
    r->query = NULL;
    if (r->resolver) loop_stop_timer(r->resolver->loop, &r->arrival);
}
