/* Events and rows as they come from any thread; opening and closing. */
#include "audit/audit_own.h"

#include "audit/event_name.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdlib.h>

enum {
    BUFFER_BYTES = 1 << 20,
    SYNC_MS = 100
};

/* --- recording, on any thread --- */

void audit_wait(struct audit *a, bytes event, bool durable)
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
    audit_wait(a, wr_view(small.bad ? &large : &small), event_name_is_durable(bytes_of_text(draft->name)));
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

/* --- rows, on the thread that brings them --- */

static void arrive(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct audit_take *t = LOOP_OF(n, struct audit_take, arrival);
    t->done(t);
}

void audit_finish(struct audit_take *takes, err e, const struct note *note)
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
    err e = has_takes(a) ? FAIL(NOT_READY) : audit_lines_take(a, t, &note);
    if (err_is_ok(e)) e = audit_lines_flush(a, &note);
    const bool to_sync = was_synced && a->sync_due_ms != 0;
    if (!err_is_ok(e)) audit_lines_forget(a);
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
    if (take_in_passing(a, t)) audit_finish(t, DONE, &none);
    else queue_take(a, t);
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
        TRY(audit_lines_add_own(a, "audit.tail_cut", "bytes", repair.cut_bytes, note));
    }
    if (o->outbox.read && o->outbox.last < a->ahead.row) {
        log_line(LOG_WARN, "audit_store_changed", "store_row=%llu trail_row=%llu",
                 (unsigned long long)o->outbox.last, (unsigned long long)a->ahead.row);
        a->ahead.row = o->outbox.last;
        TRY(audit_lines_add_own(a, "audit.store_changed", "row", o->outbox.last, note));
    }
    TRY(audit_lines_catch_up(a, UINT64_MAX, note));
    TRY(audit_lines_flush(a, note));
    a->sync_due_ms = 1;
    audit_rounds_sync(a, true, note);
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
    a->lines = wr_growing(AUDIT_PIECE_BYTES + CHAIN_LINE_MAX);
    a->backlog = backlog_of(o->buffer_bytes ? o->buffer_bytes : BUFFER_BYTES);
    a->trail.fd = -1;
    a->writer.run = audit_rounds_run;
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
