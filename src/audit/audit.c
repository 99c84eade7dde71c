/* The audit writer.
 *
 * 1. The trail belongs to whoever holds `trail_lock`: the writer in its rounds, or a thread that brings rows
 *    while nobody writes, which spares them a change of threads. Everything else that is shared is under
 *    `lock`, which is taken second.
 * 2. A row of the outbox is appended once: `row` of the chain's last record says up to where.
 * 3. Outbox first, then the backlog; one write a round, one sync for all that waited for sync_ms. */
#include "audit/audit.h"

#include "audit/backlog.h"
#include "audit/event_name.h"
#include "audit/tally.h"
#include "audit/trail.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "loop/thread.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum {
    BUFFER_BYTES = 1 << 20,
    SYNC_MS = 100,
    GATHER_MS = 5,               /* how long a record of the backlog waits for company */
    RETRY_MS = 1000,
    PIECE_BYTES = 1 << 20,       /* of lines in one write */
    FETCH_ROWS = 256
};

struct audit {
    pthread_mutex_t trail_lock;
    struct trail trail;
    struct audit_outbox outbox;
    uint64_t reserve_bytes;
    unsigned sync_ms;
    struct thread_plain writer;
    struct wr lines;             /* what the next write appends */
    struct chain ahead;          /* the chain after `lines` */
    _Atomic uint64_t sync_due_ms; /* monotonic; 0: nothing waits */
    uint64_t outbox_done;        /* last told to the outbox */
    bool failing;
    atomic_bool well;
    atomic_bool full;            /* less free space than the reserve */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    /* Below: under `lock`. */
    struct audit_take *takes;
    struct audit_take **takes_end;
    struct backlog backlog;
    struct tally tally;
    struct chain head;
    bool stop;
};

/* --- recording, on any thread --- */

/* Under the lock. */
static void wait_for_writer(struct audit *a, bytes event, bool durable)
{
    const bool wake = backlog_add(&a->backlog, event, durable, atomic_load(&a->full), clock_mono_ms());
    if (wake) pthread_cond_signal(&a->wake);
}

static void count_stranger(struct audit *a, const struct event_draft *draft)
{
    pthread_mutex_lock(&a->lock);
    const bool first = !a->tally.used;
    tally_add(&a->tally, draft, clock_utc_ms());
    if (first) pthread_cond_signal(&a->wake);
    pthread_mutex_unlock(&a->lock);
}

void audit_record(struct audit *a, const struct event_draft *draft)
{
    if (tally_wants(draft)) {
        count_stranger(a, draft);
        return;
    }
    uint8_t room[2048];
    struct wr small = wr_fixed(room, sizeof room);
    struct wr large = wr_growing(EVENT_JSON_MAX);
    event_write(draft, clock_utc_ns(), &small);
    if (small.bad) event_write(draft, clock_utc_ns(), &large);
    pthread_mutex_lock(&a->lock);
    wait_for_writer(a, wr_view(small.bad ? &large : &small), event_name_is_durable(bytes_of_text(draft->name)));
    pthread_mutex_unlock(&a->lock);
    wr_drop(&large);
}

static void record_for_sink(void *owner, const struct event_draft *draft)
{
    audit_record(owner, draft);
}

struct event_sink audit_sink(struct audit *a)
{
    return (struct event_sink){a, record_for_sink};
}

struct chain audit_head(struct audit *a)
{
    pthread_mutex_lock(&a->lock);
    const struct chain head = a->head;
    pthread_mutex_unlock(&a->lock);
    return head;
}

bool audit_is_well(struct audit *a)
{
    return atomic_load(&a->well);
}

/* --- lines, on the writer thread --- */

static err flush_lines(struct audit *a, struct note *note)
{
    if (!a->lines.n) return DONE;
    const uint64_t records = a->ahead.seq - a->trail.chain.seq;
    const err e = trail_append(&a->trail, wr_view(&a->lines), &a->ahead, note);
    wr_consume(&a->lines, a->lines.n);
    a->ahead = a->trail.chain;
    if (!err_is_ok(e)) return e;
    metric_add(METRIC_AUDIT_RECORDS, (int64_t)records);
    if (!a->sync_due_ms) a->sync_due_ms = clock_mono_ms() + a->sync_ms;
    return DONE;
}

static err add_line(struct audit *a, uint64_t row, bytes event, struct note *note)
{
    if (a->lines.n + CHAIN_LINE_MAX > PIECE_BYTES) TRY(flush_lines(a, note));
    chain_append(&a->ahead, clock_utc_ns(), row, event, &a->lines);
    CHECK(!a->lines.bad);
    return DONE;
}

/* An event of our own. */
static err add_own(struct audit *a, const char *name, const char *field, uint64_t n, struct note *note)
{
    char detail[64];
    uint8_t room[1024];
    struct wr w = wr_fixed(room, sizeof room);
    struct wr d = wr_fixed(detail, sizeof detail);
    wr_format(&d, "{\"%s\":%llu}", field, (unsigned long long)n);
    const struct event_draft draft = {.name = name, .outcome = "done", .detail = wr_view(&d)};
    event_write(&draft, clock_utc_ns(), &w);
    return add_line(a, 0, wr_view(&w), note);
}

struct fetch {
    struct audit *a;
    uint64_t before;    /* rows from here on come by themselves */
    size_t n;
    err result;
    struct note *note;
};

static bool fetch_row(void *owner, uint64_t row, bytes event)
{
    struct fetch *f = owner;
    f->n++;
    if (row >= f->before) return false;
    f->result = add_line(f->a, row, event, f->note);
    return err_is_ok(f->result);
}

/* Takes from the outbox what the chain has not and nobody will bring. */
static err catch_up(struct audit *a, uint64_t before, struct note *note)
{
    struct fetch f = {.a = a, .before = before, .n = FETCH_ROWS, .note = note};
    if (!a->outbox.read) return DONE;
    while (f.n == FETCH_ROWS) {
        f.n = 0;
        TRY(a->outbox.read(a->outbox.owner, a->ahead.row, FETCH_ROWS, fetch_row, &f));
        TRY(f.result);
        TRY(flush_lines(a, note));
    }
    return DONE;
}

static err take_rows(struct audit *a, const struct audit_take *t, struct note *note)
{
    for (size_t i = 0; i < t->rows_n; i++) {
        const struct event_row *r = &t->rows[i];
        if (r->row <= a->ahead.row) continue;
        if (r->row > a->ahead.row + 1) TRY(catch_up(a, r->row, note));
        TRY(add_line(a, r->row, r->event, note));
    }
    return DONE;
}

static void arrive(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct audit_take *t = LOOP_OF(n, struct audit_take, arrival);
    t->done(t);
}

static void finish_takes(struct audit_take *takes, err e, const struct note *note)
{
    struct audit_take *next;
    for (struct audit_take *t = takes; t; t = next) {
        next = t->next;
        t->result = err_is_ok(e) ? DONE : FAIL(AUDIT_FAILED);
        t->note = *note;
        t->arrival.run = arrive;
        loop_post(t->loop, &t->arrival);
    }
}

/* --- rows, on the thread that brings them --- */

static void queue_take(struct audit *a, struct audit_take *t)
{
    pthread_mutex_lock(&a->lock);
    CHECK(!a->stop);
    *a->takes_end = t;
    a->takes_end = &t->next;
    pthread_cond_signal(&a->wake);    /* under the lock: once it is let go, `a` may be closed */
    pthread_mutex_unlock(&a->lock);
}

/* The writer syncs what was appended in passing; it may be waiting for nothing yet. */
static void wake_for_sync(struct audit *a)
{
    pthread_mutex_lock(&a->lock);
    pthread_cond_signal(&a->wake);
    pthread_mutex_unlock(&a->lock);
}

static bool has_takes(struct audit *a)
{
    pthread_mutex_lock(&a->lock);
    const bool has = a->takes != NULL;
    pthread_mutex_unlock(&a->lock);
    return has;
}

/* False when somebody writes the trail, others wait, or it cannot be written: then it is the writer's. */
static bool take_in_passing(struct audit *a, const struct audit_take *t)
{
    struct note note = {{0}};
    if (!atomic_load(&a->well) || pthread_mutex_trylock(&a->trail_lock) != 0) return false;
    const bool was_synced = a->sync_due_ms == 0;
    err e = has_takes(a) ? FAIL(NOT_READY) : take_rows(a, t, &note);
    if (err_is_ok(e)) e = flush_lines(a, &note);
    const bool to_sync = was_synced && a->sync_due_ms != 0;
    if (!err_is_ok(e)) {
        wr_consume(&a->lines, a->lines.n);
        a->ahead = a->trail.chain;
    }
    pthread_mutex_unlock(&a->trail_lock);
    if (to_sync) wake_for_sync(a);
    return err_is_ok(e);
}

void audit_take(struct audit *a, const struct event_row *rows, size_t n, struct audit_take *t)
{
    const struct note none = {{0}};
    CHECK(t->loop && t->done);
    t->rows = rows;
    t->rows_n = n;
    t->next = NULL;
    if (take_in_passing(a, t)) finish_takes(t, DONE, &none);
    else queue_take(a, t);
}

static void set_failing(struct audit *a, bool failing, err e, const struct note *note)
{
    if (failing) {
        wr_consume(&a->lines, a->lines.n);
        a->ahead = a->trail.chain;
    }
    if (failing && !a->failing) {
        log_line(LOG_ERROR, "audit_failed", "error=\"%s\" detail=\"%s\" changes=refused", err_text(e),
                 note->text);
    } else if (!failing && a->failing) {
        log_line(LOG_WARN, "audit_recovered", "sequence=%llu", (unsigned long long)a->trail.chain.seq);
    }
    a->failing = failing;
    atomic_store(&a->well, !failing);
}

/* --- the rounds of the writer --- */

struct round {
    struct audit_take *takes;
    struct backlog backlog;
    bool stop;
};

static err write_takes(struct audit *a, struct round *r, struct note *note)
{
    err e = DONE;
    for (struct audit_take *t = r->takes; t && err_is_ok(e); t = t->next) e = take_rows(a, t, note);
    if (err_is_ok(e)) e = flush_lines(a, note);
    return e;
}

static err write_backlog(struct audit *a, const struct backlog *b, struct note *note)
{
    struct rd at = rd_over(wr_view(&b->events));
    bytes event;
    while (backlog_next(&at, &event)) TRY(add_line(a, 0, event, note));
    if (b->lost) TRY(add_own(a, "audit.lost", "count", b->lost, note));
    return flush_lines(a, note);
}

static void sync_trail(struct audit *a, bool now, struct note *note)
{
    if (!a->sync_due_ms || (!now && clock_mono_ms() < a->sync_due_ms)) return;
    const err e = trail_sync(&a->trail, note);
    if (!err_is_ok(e)) {
        set_failing(a, true, e, note);
        a->sync_due_ms = clock_mono_ms() + RETRY_MS;
        return;
    }
    a->sync_due_ms = 0;
    const uint64_t free_bytes = a->reserve_bytes ? trail_free_bytes(&a->trail) : UINT64_MAX;
    atomic_store(&a->full, free_bytes < a->reserve_bytes);
    pthread_mutex_lock(&a->lock);
    a->head = a->trail.chain;
    pthread_mutex_unlock(&a->lock);
    if (a->trail.chain.row <= a->outbox_done) return;
    a->outbox_done = a->trail.chain.row;
    if (a->outbox.done) a->outbox.done(a->outbox.owner, a->outbox_done);
}

/* After a failure: the outbox, from where the chain stands. */
static err recover(struct audit *a, struct note *note)
{
    TRY(catch_up(a, UINT64_MAX, note));
    TRY(add_own(a, "audit.recovered", "row", a->ahead.row, note));
    TRY(flush_lines(a, note));
    return trail_sync(&a->trail, note);
}

static void write_round(struct audit *a, struct round *r)
{
    struct note note = {{0}};
    err e = a->failing ? recover(a, &note) : DONE;
    if (err_is_ok(e)) e = write_takes(a, r, &note);
    set_failing(a, !err_is_ok(e), e, &note);
    finish_takes(r->takes, e, &note);
    if (err_is_ok(e)) e = write_backlog(a, &r->backlog, &note);
    if (!err_is_ok(e)) {
        set_failing(a, true, e, &note);
        const uint64_t lost = backlog_count(&r->backlog);
        metric_add(METRIC_AUDIT_LOST, (int64_t)lost);
        pthread_mutex_lock(&a->lock);
        a->backlog.lost += r->backlog.lost + lost;
        pthread_mutex_unlock(&a->lock);
    }
    sync_trail(a, r->backlog.urgent || r->stop, &note);
    backlog_drop(&r->backlog);
}

static void add_counted(void *owner, const struct event_draft *draft)
{
    struct audit *a = owner;
    uint8_t room[1024];
    struct wr w = wr_fixed(room, sizeof room);
    event_write(draft, clock_utc_ns(), &w);
    if (!w.bad) wait_for_writer(a, wr_view(&w), false);
}

/* Milliseconds until the writer has something to do; 0: now; UINT64_MAX: until woken. Under the lock. */
static uint64_t next_due(const struct audit *a)
{
    const uint64_t now = clock_mono_ms();
    uint64_t due = UINT64_MAX;
    if (a->takes || a->stop || a->backlog.urgent) return 0;
    if (a->backlog.since_ms) due = a->backlog.since_ms + GATHER_MS;
    if (a->sync_due_ms && a->sync_due_ms < due) due = a->sync_due_ms;
    if (a->failing && now + RETRY_MS < due) due = now + RETRY_MS;
    const int64_t utc = clock_utc_ms();
    if (a->tally.used) {
        const uint64_t minute = now + 60000 - (uint64_t)(utc % 60000);
        if (tally_is_due(&a->tally, utc)) return 0;
        if (minute < due) due = minute;
    }
    return due == UINT64_MAX ? due : due > now ? due - now : 0;
}

static void wait_until_due(struct audit *a)
{
    uint64_t ms;
    while ((ms = next_due(a)) != 0) {
        struct timespec until;
        if (ms == UINT64_MAX) {
            pthread_cond_wait(&a->wake, &a->lock);
            continue;
        }
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += (time_t)(ms / 1000);
        until.tv_nsec += (long)(ms % 1000) * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_cond_timedwait(&a->wake, &a->lock, &until) == ETIMEDOUT) return;
    }
}

static struct round next_round(struct audit *a)
{
    pthread_mutex_lock(&a->lock);
    wait_until_due(a);
    if (a->tally.used && (a->stop || tally_is_due(&a->tally, clock_utc_ms()))) {
        tally_flush(&a->tally, add_counted, a);
    }
    struct round r = {a->takes, backlog_take(&a->backlog), a->stop};
    a->takes = NULL;
    a->takes_end = &a->takes;
    pthread_mutex_unlock(&a->lock);
    return r;
}

static void write_on(struct thread_plain *t)
{
    struct audit *a = LOOP_OF(t, struct audit, writer);
    for (bool stop = false; !stop;) {
        struct round r = next_round(a);
        stop = r.stop;
        pthread_mutex_lock(&a->trail_lock);
        write_round(a, &r);
        pthread_mutex_unlock(&a->trail_lock);
    }
}

/* --- opening and closing --- */

static err begin(struct audit *a, const struct audit_options *o, struct note *note)
{
    struct trail_repair repair;
    a->trail.rotate_bytes = o->rotate_bytes;
    a->trail.keep_files = o->keep_files;
    TRY(trail_open(&a->trail, o->folder, &repair, note));
    a->ahead = a->trail.chain;
    if (repair.cut_bytes) {
        log_line(LOG_WARN, "audit_tail_cut", "bytes=%llu after=%llu", (unsigned long long)repair.cut_bytes,
                 (unsigned long long)a->ahead.seq);
        TRY(add_own(a, "audit.tail_cut", "bytes", repair.cut_bytes, note));
    }
    if (o->outbox.read && o->outbox.last < a->ahead.row) {
        log_line(LOG_WARN, "audit_store_changed", "store_row=%llu trail_row=%llu",
                 (unsigned long long)o->outbox.last, (unsigned long long)a->ahead.row);
        a->ahead.row = o->outbox.last;
        TRY(add_own(a, "audit.store_changed", "row", o->outbox.last, note));
    }
    TRY(catch_up(a, UINT64_MAX, note));
    TRY(flush_lines(a, note));
    a->sync_due_ms = 1;
    sync_trail(a, true, note);
    if (a->failing) return FAIL(AUDIT_FAILED);
    return thread_start_plain(&a->writer, "audit");
}

static void release(struct audit *a)
{
    trail_close(&a->trail);
    wr_drop(&a->lines);
    backlog_drop(&a->backlog);
    pthread_cond_destroy(&a->wake);
    pthread_mutex_destroy(&a->lock);
    pthread_mutex_destroy(&a->trail_lock);
    free(a);
}

err audit_open(const struct audit_options *o, struct audit **out, struct note *note)
{
    struct audit *a = calloc(1, sizeof *a);
    pthread_condattr_t monotonic;
    if (!a) return FAIL(NO_MEMORY);
    a->outbox = o->outbox;
    a->reserve_bytes = o->reserve_bytes;
    a->sync_ms = o->sync_ms ? o->sync_ms : SYNC_MS;
    a->takes_end = &a->takes;
    a->lines = wr_growing(PIECE_BYTES + CHAIN_LINE_MAX);
    a->backlog = backlog_of(o->buffer_bytes ? o->buffer_bytes : BUFFER_BYTES);
    a->trail.fd = -1;
    a->writer.run = write_on;
    atomic_store(&a->well, true);
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_mutex_init(&a->lock, NULL) == 0);
    CHECK(pthread_mutex_init(&a->trail_lock, NULL) == 0);
    CHECK(pthread_cond_init(&a->wake, &monotonic) == 0);
    CHECK(pthread_condattr_destroy(&monotonic) == 0);
    const err e = begin(a, o, note);
    if (err_is_ok(e)) *out = a;
    else release(a);
    return e;
}

void audit_close(struct audit *a)
{
    if (!a) return;
    pthread_mutex_lock(&a->lock);
    a->stop = true;
    pthread_cond_signal(&a->wake);
    pthread_mutex_unlock(&a->lock);
    thread_join_plain(&a->writer);
    release(a);
}
