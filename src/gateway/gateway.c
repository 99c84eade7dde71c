/* Doors and workers from the control thread's side: what is told to all workers, and what they
 * answer. */
#include "gateway/gateway.h"

#include "base/check.h"
#include "base/log.h"
#include "gateway/gateway_inside.h"
#include "gateway/gateway_own.h"
#include "net/listen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PUMP_MS = 20 };

/* --- what workers ask --- */

const struct gateway_limits *gateway_own_limits(const struct gateway *g)
{
    return &g->set.limits;
}

const struct event_sink *gateway_own_events(const struct gateway *g)
{
    return &g->set.events;
}

struct gate *gateway_own_gate(const struct gateway *g)
{
    return g->set.gate;
}

struct usage *gateway_own_usage(const struct gateway *g)
{
    return g->set.usage;
}

struct limit_clients *gateway_own_clients(struct gateway *g)
{
    return &g->clients;
}

bool gateway_own_traces(const struct gateway *g)
{
    return g->set.tracing;
}

bool gateway_own_uses_others(const struct gateway *g)
{
    return g->set.other_datacenters;
}

void gateway_own_cluster_base(struct gateway *g, struct cluster_options *out)
{
    out->loop = g->set.control;
    out->shared = g->shared;
}

/* --- words between threads --- */

enum errand {
    ERRAND_OPEN,
    ERRAND_CLOSE,
    ERRAND_FORGET,
    ERRAND_DRAIN,
    ERRAND_LEFT,
    ERRAND_FORGOTTEN
};

/* One errand to a worker, or back. */
struct errand_note {
    struct loop_note note;
    enum errand what;
    struct gateway *gateway;
    struct gateway_worker *worker;
    struct door *door;
    int fd;
};

static void run_at_worker(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct errand_note *e = LOOP_OF(n, struct errand_note, note);
    switch (e->what) {
    case ERRAND_OPEN:
        worker_open_door(e->worker, e->door, e->fd);
        break;
    case ERRAND_CLOSE:
        worker_close_door(e->worker, e->door);
        break;
    case ERRAND_FORGET:
        worker_forget_door(e->worker, e->door);
        break;
    case ERRAND_DRAIN:
        worker_drain(e->worker);
        break;
    case ERRAND_LEFT:
    case ERRAND_FORGOTTEN:
        break;
    }
    free(e);
}

static void send_errand(struct gateway *g, struct gateway_worker *w, enum errand what,
                        struct door *door, int fd)
{
    struct errand_note *e = calloc(1, sizeof *e);
    CHECK(e);
    *e = (struct errand_note){.what = what, .gateway = g, .worker = w, .door = door, .fd = fd};
    e->note.run = run_at_worker;
    loop_post(worker_loop(w), &e->note);
}

static void send_all(struct gateway *g, enum errand what, struct door *door)
{
    for (unsigned i = 0; i < g->workers_n; i++)
        send_errand(g, &g->workers[i], what, door, -1);
}

static void unlist(struct gateway *g, struct door *d)
{
    pthread_mutex_lock(&g->doors_lock);
    list_remove(&d->link);
    pthread_mutex_unlock(&g->doors_lock);
}

/* All workers have closed the door: its cluster goes, which answers whoever still waits for it;
 * then the workers forget it, for notes arrive in the order in which they were posted. */
static void all_left(struct gateway *g, struct door *d)
{
    cluster_close(d->cluster);
    d->workers_in = g->workers_n;
    send_all(g, ERRAND_FORGET, d);
}

static void run_at_control(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct errand_note *e = LOOP_OF(n, struct errand_note, note);
    struct gateway *g = e->gateway;
    struct door *d = e->door;
    CHECK(d->workers_in > 0);
    if (--d->workers_in == 0) {
        if (e->what == ERRAND_LEFT) {
            all_left(g, d);
        } else {
            unlist(g, d);
            door_free(d);
        }
    }
    free(e);
}

static void report(struct gateway *g, enum errand what, struct door *d)
{
    struct errand_note *e = calloc(1, sizeof *e);
    CHECK(e);
    *e = (struct errand_note){.what = what, .gateway = g, .door = d};
    e->note.run = run_at_control;
    loop_post(g->set.control, &e->note);
}

void gateway_own_door_left(struct gateway *g, struct door *d)
{
    report(g, ERRAND_LEFT, d);
}

void gateway_own_door_forgotten(struct gateway *g, struct door *d)
{
    report(g, ERRAND_FORGOTTEN, d);
}

/* --- doors --- */

struct door *gateway_find_door(const struct gateway *g, const struct uuid *database)
{
    for (struct list *at = g->doors.next; at != &g->doors; at = at->next) {
        struct door *d = LIST_OF(at, struct door, link);
        if (!d->stopping && uuid_eq(&d->database, database)) return d;
    }
    return NULL;
}

static void close_all(int *fds, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (fds[i] >= 0) (void)close(fds[i]);
    }
}

/* The door at this address, or NULL; one that is open before one that is closing. */
static const struct door *door_at(const struct gateway *g, const struct address *a)
{
    const struct door *closing = NULL;
    for (struct list *at = g->doors.next; at != &g->doors; at = at->next) {
        const struct door *d = LIST_OF(at, struct door, link);
        if (d->listen.port != a->port || !address_eq_ip(&d->listen, a)) continue;
        if (!d->stopping) return d;
        closing = d;
    }
    return closing;
}

err gateway_check_listen(struct gateway *g, const struct address *a, struct note *note)
{
    pthread_mutex_lock(&g->doors_lock);
    const struct door *d = door_at(g, a);
    const bool taken = d && !d->stopping;
    pthread_mutex_unlock(&g->doors_lock);
    if (taken) return note_fail(note, FAIL(IN_USE), "another database's door has this address");
    if (d || a->port == 0) return DONE; /* a door that closes lets go of its address by itself */
    return listen_check_free(a, note);
}

/* One listening socket a worker, all on one address; port 0 is settled by the first. */
static err open_listeners(struct gateway *g, struct door *d, int *fds, struct note *note)
{
    TRY(gateway_check_listen(g, &d->listen, note));
    for (unsigned i = 0; i < g->workers_n; i++) {
        const err e = listen_open(&d->listen, true, note, &fds[i]);
        if (!err_is_ok(e)) {
            close_all(fds, i);
            return e;
        }
        if (d->listen.port == 0) d->listen.port = listen_address(fds[i]).port;
    }
    return DONE;
}

err gateway_start_door(struct gateway *g, const struct gateway_door *from, struct note *note)
{
    int fds[GATEWAY_WORKERS_MAX];
    struct door *d;
    if (gateway_find_door(g, &from->database)) return note_fail(note, FAIL(IN_USE), "the database has a door");
    TRY(door_new(g, from, note, &d));
    const err e = open_listeners(g, d, fds, note);
    if (!err_is_ok(e)) {
        cluster_close(d->cluster);
        door_free(d);
        return e;
    }
    d->workers_in = g->workers_n;
    pthread_mutex_lock(&g->doors_lock);
    list_add_last(&g->doors, &d->link);
    pthread_mutex_unlock(&g->doors_lock);
    for (unsigned i = 0; i < g->workers_n; i++) {
        send_errand(g, &g->workers[i], ERRAND_OPEN, d, fds[i]);
    }
    return DONE;
}

void gateway_stop_door(struct gateway *g, const struct uuid *database)
{
    struct door *d = gateway_find_door(g, database);
    if (!d) return;
    pthread_mutex_lock(&g->doors_lock);
    d->stopping = true;
    pthread_mutex_unlock(&g->doors_lock);
    send_all(g, ERRAND_CLOSE, d);
}

void gateway_stop_doors(struct gateway *g)
{
    for (struct list *at = g->doors.next; at != &g->doors; at = at->next) {
        struct door *d = LIST_OF(at, struct door, link);
        if (!d->stopping) gateway_stop_door(g, &d->database);
    }
}

uint16_t gateway_port(const struct gateway *g, const struct uuid *database)
{
    const struct door *d = gateway_find_door(g, database);
    return d ? d->listen.port : 0;
}

/* --- drain --- */

static void look_drained(struct loop *l, struct loop_timer *t)
{
    struct gateway *g = LOOP_OF(t, struct gateway, drain);
    const uint64_t now_ms = loop_now_ms(l);
    if (limit_clients_count(&g->clients) > 0 && now_ms < g->drain_until_ms) {
        loop_start_timer(l, t, now_ms + PUMP_MS);
        return;
    }
    g->drained(g->drain_owner);
}

void gateway_drain(struct gateway *g, uint32_t wait_ms, void *owner, void (*done)(void *owner))
{
    g->drain_owner = owner;
    g->drained = done;
    g->drain_until_ms = loop_now_ms(g->set.control) + wait_ms;
    g->drain.fire = look_drained;
    send_all(g, ERRAND_DRAIN, NULL);
    loop_start_timer(g->set.control, &g->drain, loop_now_ms(g->set.control) + PUMP_MS);
}

/* --- all of it --- */

static void set_default(uint32_t *limit, uint32_t value)
{
    if (*limit == 0) *limit = value;
}

static void set_defaults(struct gateway_limits *l)
{
    set_default(&l->clients_max, LIMIT_CLIENTS);
    set_default(&l->clients_per_address, LIMIT_CLIENTS_PER_ADDRESS);
    set_default(&l->login_ms, LIMIT_LOGIN_MS);
    set_default(&l->message_max, FRAME_BODY_MAX);
    set_default(&l->prepared_per_token, LIMIT_PREPARED_PER_TOKEN);
    set_default(&l->request_ms, LIMIT_REQUEST_MS);
    set_default(&l->slow_request_ms, LIMIT_SLOW_REQUEST_MS);
}

static unsigned count_cores(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    if (n < 1) return 1;
    return n > GATEWAY_WORKERS_MAX ? GATEWAY_WORKERS_MAX : (unsigned)n;
}

/* Descriptors for as many clients as may come (decisions 7.15). */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) log_line(LOG_WARN, "descriptors_not_raised", " ");
}

static err start_workers(struct gateway *g, unsigned n)
{
    g->workers = calloc(n, sizeof *g->workers);
    if (!g->workers) return FAIL(NO_MEMORY);
    while (g->workers_n < n) {
        TRY(worker_start(&g->workers[g->workers_n], g, g->workers_n));
        g->workers_n++;
    }
    return DONE;
}

err gateway_new(const struct gateway_options *options, struct gateway **out)
{
    struct gateway *g = calloc(1, sizeof *g);
    if (!g) return FAIL(NO_MEMORY);
    g->set = *options;
    set_defaults(&g->set.limits);
    list_init(&g->doors);
    pthread_mutex_init(&g->doors_lock, NULL);
    raise_descriptors();
    err e = limit_clients_init(&g->clients, g->set.limits.clients_max,
                               g->set.limits.clients_per_address);
    if (err_is_ok(e)) e = upstream_shared_new(&g->shared);
    if (err_is_ok(e)) e = start_workers(g, options->workers ? options->workers : count_cores());
    if (!err_is_ok(e)) {
        gateway_free(g);
        return e;
    }
    *out = g;
    return DONE;
}

void gateway_free(struct gateway *g)
{
    if (!g) return;
    loop_stop_timer(g->set.control, &g->drain);
    gateway_stop_doors(g);
    while (!list_is_empty(&g->doors))
        (void)loop_turn(g->set.control, PUMP_MS);
    for (unsigned i = 0; i < g->workers_n; i++)
        worker_end(&g->workers[i]);
    free(g->workers);
    if (g->shared) upstream_shared_free(g->shared);
    limit_clients_drop(&g->clients);
    pthread_mutex_destroy(&g->doors_lock);
    free(g);
}
