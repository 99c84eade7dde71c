/* The rounds of the writer: it waits until something is due, takes all that is there, writes and syncs it. */
#include "audit/audit_own.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <errno.h>
#include <time.h>

enum {
    GATHER_MS = 5,               /* how long a record of the backlog waits for company */
    RETRY_MS = 1000
};

/* --- one round --- */

static void set_failing(struct audit *a, bool failing, err e, const struct note *note)
{
    if (failing) audit_lines_forget(a);
    if (failing && !a->failing) {
        log_line(LOG_ERROR, "audit_failed", "error=\"%s\" detail=\"%s\" changes=refused", err_text(e),
                 note->text);
    } else if (!failing && a->failing) {
        log_line(LOG_WARN, "audit_recovered", "sequence=%llu", (unsigned long long)a->trail.chain.seq);
    }
    a->failing = failing;
    atomic_store(&a->well, !failing);
}

struct round {
    struct audit_take *takes;
    struct backlog backlog;
    bool stop;
};

static err write_takes(struct audit *a, struct round *r, struct note *note)
{
    err e = DONE;
    for (struct audit_take *t = r->takes; t && err_is_ok(e); t = t->next) e = audit_lines_take(a, t, note);
    if (err_is_ok(e)) e = audit_lines_flush(a, note);
    return e;
}

static err write_backlog(struct audit *a, const struct backlog *b, struct note *note)
{
    struct rd at = rd_over(wr_view(&b->events));
    bytes event;
    while (backlog_next(&at, &event)) TRY(audit_lines_add(a, 0, event, note));
    if (b->lost) TRY(audit_lines_add_own(a, "audit.lost", "count", b->lost, note));
    return audit_lines_flush(a, note);
}

void audit_rounds_sync(struct audit *a, bool now, struct note *note)
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
    TRY(audit_lines_catch_up(a, UINT64_MAX, note));
    TRY(audit_lines_add_own(a, "audit.recovered", "row", a->ahead.row, note));
    TRY(audit_lines_flush(a, note));
    return trail_sync(&a->trail, note);
}

static void write_round(struct audit *a, struct round *r)
{
    struct note note = {{0}};
    err e = a->failing ? recover(a, &note) : DONE;
    if (err_is_ok(e)) e = write_takes(a, r, &note);
    set_failing(a, !err_is_ok(e), e, &note);
    audit_finish(r->takes, e, &note);
    if (err_is_ok(e)) e = write_backlog(a, &r->backlog, &note);
    if (!err_is_ok(e)) {
        set_failing(a, true, e, &note);
        const uint64_t lost = backlog_count(&r->backlog);
        metric_add(METRIC_AUDIT_LOST, (int64_t)lost);
        pthread_mutex_lock(&a->lock);
        a->backlog.lost += r->backlog.lost + lost;
        pthread_mutex_unlock(&a->lock);
    }
    audit_rounds_sync(a, r->backlog.urgent || r->stop, &note);
    backlog_drop(&r->backlog);
}

static void add_counted(void *owner, const struct event_draft *draft)
{
    struct audit *a = owner;
    uint8_t room[1024];
    struct wr w = wr_fixed(room, sizeof room);
    event_write(draft, clock_utc_ns(), &w);
    if (!w.bad) audit_wait(a, wr_view(&w), false);
}

/* --- waiting --- */

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

void audit_rounds_run(struct thread_plain *t)
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
