#include "usage/usage.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "usage/usage_own.h"

#include <stdlib.h>
#include <string.h>

/* What one worker handed over at one time. */
struct parcel {
    struct loop_note note;
    struct list link;
    struct usage *usage;
    struct usage_worker *from; /* NULL: it is gone */
    struct arena arena;
    struct usage_delta *deltas;
    int64_t now_ms;
};

/* Its memory stays until the collector goes, for parcels point to it. */
struct usage_worker {
    struct list link;
    struct usage *usage;
    struct usage_count *count;
    struct parcel *open;    /* that is being filled */
    _Atomic bool under_way; /* a parcel that was not written yet */
};

/* --- handing over --- */

static void parcel_free(struct parcel *p)
{
    list_remove(&p->link);
    if (p->from) atomic_store_explicit(&p->from->under_way, false, memory_order_release);
    arena_drop(&p->arena);
    free(p);
}

static void arrive(struct loop *l, struct loop_note *n);

static struct parcel *parcel_new(struct usage *u, int64_t now_ms)
{
    struct parcel *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    list_init(&p->link);
    p->usage = u;
    p->now_ms = now_ms;
    p->note.run = arrive;
    arena_init(&p->arena, USAGE_PARCEL_BYTES);
    return p;
}

/* Some more into the parcel that is being filled. True: there is more. */
static bool fill(struct usage_worker *w, int64_t now_ms)
{
    if (!w->open) w->open = parcel_new(w->usage, now_ms);
    return w->open && usage_count_take(w->count, now_ms, &w->open->arena, &w->open->deltas);
}

/* The parcel as it is, or NULL: there is nothing in it. */
static struct parcel *take_open(struct usage_worker *w)
{
    struct parcel *p = w->open;
    w->open = NULL;
    if (!p || p->deltas) return p;
    parcel_free(p);
    return NULL;
}

bool usage_worker_hand(struct usage_worker *w, int64_t now_ms)
{
    if (!w || atomic_load_explicit(&w->under_way, memory_order_acquire)) return false;
    if (fill(w, now_ms)) return true;
    struct parcel *p = take_open(w);
    if (!p) return false;
    p->from = w;
    atomic_store_explicit(&w->under_way, true, memory_order_relaxed);
    loop_post(w->usage->thread.loop, &p->note);
    return false;
}

err usage_worker_new(struct usage *u, struct usage_worker **out)
{
    *out = NULL;
    if (!u) return DONE;
    struct usage_worker *w = calloc(1, sizeof *w);
    if (!w) return FAIL(NO_MEMORY);
    w->usage = u;
    const err e = usage_count_new(&w->count);
    if (!err_is_ok(e)) {
        free(w);
        return e;
    }
    pthread_mutex_lock(&u->doors_lock);
    list_add_last(&u->workers, &w->link);
    pthread_mutex_unlock(&u->doors_lock);
    *out = w;
    return DONE;
}

struct usage_count *usage_worker_count(struct usage_worker *w)
{
    return w ? w->count : NULL;
}

void usage_worker_free(struct usage_worker *w, int64_t now_ms)
{
    if (!w) return;
    while (fill(w, now_ms)) continue;
    struct parcel *p = take_open(w);
    if (p) loop_post(w->usage->thread.loop, &p->note);
    usage_count_free(w->count);
    w->count = NULL;
}

/* --- counted under a lock --- */

void usage_note_used(struct usage *u, const struct usage_key *key, const struct usage_who *who,
                     int64_t now_ms)
{
    if (!u) return;
    pthread_mutex_lock(&u->doors_lock);
    usage_count_used(u->doors->count, key, who, now_ms);
    pthread_mutex_unlock(&u->doors_lock);
}

void usage_note_refused(struct usage *u, const struct usage_key *key, enum refusal reason)
{
    if (!u) return;
    pthread_mutex_lock(&u->doors_lock);
    usage_count_refused(u->doors->count, key, reason);
    pthread_mutex_unlock(&u->doors_lock);
}

/* --- collecting --- */

static void flush_soon(struct usage *u)
{
    if (loop_timer_is_on(&u->flush)) return;
    uint64_t wait_ms = 10 * u->flush_took_ms;
    if (wait_ms < USAGE_FLUSH_MIN_MS) wait_ms = USAGE_FLUSH_MIN_MS;
    if (wait_ms > USAGE_FLUSH_MAX_MS) wait_ms = USAGE_FLUSH_MAX_MS;
    loop_start_timer(u->thread.loop, &u->flush, loop_now_ms(u->thread.loop) + wait_ms);
}

static void take_in(struct parcel *p)
{
    list_add_last(&p->usage->parcels, &p->link);
}

static void arrive(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct parcel *p = LOOP_OF(n, struct parcel, note);
    take_in(p);
    flush_soon(p->usage);
}

/* Whoever counts there waits for a step at most. */
static void collect_doors(struct usage *u)
{
    for (bool more = true; more;) {
        pthread_mutex_lock(&u->doors_lock);
        more = fill(u->doors, clock_utc_ms());
        pthread_mutex_unlock(&u->doors_lock);
    }
    struct parcel *p = take_open(u->doors);
    if (p) take_in(p);
}

static void collect(struct loop *l, struct loop_timer *t)
{
    struct usage *u = LOOP_OF(t, struct usage, collect);
    collect_doors(u);
    if (!list_is_empty(&u->parcels)) flush_soon(u);
    loop_start_timer(l, t, loop_now_ms(l) + USAGE_HAND_MS);
}

/* --- writing --- */

static bool is_damage(err e)
{
    return e.code == ERR_STORE_DAMAGED || e.code == ERR_STORE_WRONG;
}

static err open_both(struct usage *u, struct note *note)
{
    TRY(usage_file_open(u->path, &u->writer, note));
    const err e = usage_file_open(u->path, &u->reader, note);
    if (!err_is_ok(e)) usage_file_close(&u->writer);
    return e;
}

static void open_file(struct usage *u)
{
    struct note note = {{0}};
    err e = open_both(u, &note);
    if (is_damage(e)) {
        log_line(LOG_ERROR, "usage_set_aside", "path=%s.damaged why=\"%s\"", u->path, note.text);
        usage_file_set_aside(u->path);
        note.text[0] = '\0';
        e = open_both(u, &note);
    }
    if (err_is_ok(e)) return;
    log_line(LOG_ERROR, "usage_not_kept", "path=%s why=\"%s\"", u->path,
             note.text[0] ? note.text : err_text(e));
}

void usage_own_failed(struct usage *u, const char *doing, err e, const struct note *note)
{
    usage_file_rollback(&u->writer);
    if (log_limit_pass(&u->failures, clock_mono_ms(), 1)) {
        log_line(LOG_ERROR, "usage_failed", "doing=%s why=\"%s\"", doing,
                 note->text[0] ? note->text : err_text(e));
    }
    if (!is_damage(e)) return;
    pthread_mutex_lock(&u->reader_lock);
    usage_file_close(&u->writer);
    usage_file_close(&u->reader);
    log_line(LOG_ERROR, "usage_set_aside", "path=%s.damaged why=\"%s\"", u->path, note->text);
    usage_file_set_aside(u->path);
    open_file(u);
    pthread_mutex_unlock(&u->reader_lock);
}

static err write_all(struct usage *u, struct note *note)
{
    TRY(usage_file_begin(&u->writer, note));
    for (struct list *at = u->parcels.next; at != &u->parcels; at = at->next) {
        const struct parcel *p = LIST_OF(at, struct parcel, link);
        for (const struct usage_delta *d = p->deltas; d; d = d->next)
            TRY(usage_file_add(&u->writer, d, p->now_ms, note));
    }
    return usage_file_commit(&u->writer, note);
}

/* Memory follows the file, so that both say the same; where the file fails, memory goes on alone. A
 * scope's time is when something of it was written: whoever read before read something older. */
static void note_last(struct usage *u, const struct usage_delta *d, int64_t now_ms)
{
    err e = DONE;
    if (d->client_id.n) e = usage_last_note(&u->last, d->client_id, d->used_ms, d->sessions);
    if (err_is_ok(e)) {
        e = usage_last_note(&u->last, bytes_of(d->scope.b, sizeof d->scope.b), now_ms, d->sessions);
    }
    metric_add(err_is_ok(e) ? METRIC_USAGE_WRITTEN : METRIC_USAGE_LOST, 1);
}

static void note_all(struct usage *u)
{
    const int64_t now_ms = clock_utc_ms();
    for (struct list *at = u->parcels.next; at != &u->parcels; at = at->next) {
        const struct parcel *p = LIST_OF(at, struct parcel, link);
        for (const struct usage_delta *d = p->deltas; d; d = d->next) note_last(u, d, now_ms);
    }
}

/* Counts that cannot be written are lost: they are worth less than the memory that they would take. */
static void write_parcels(struct usage *u)
{
    struct note note = {{0}};
    struct list *first;
    if (list_is_empty(&u->parcels)) return;
    const uint64_t began_ms = clock_mono_ms();
    err e = u->writer.db ? write_all(u, &note) : FAIL(NOT_READY);
    note_all(u);
    if (!err_is_ok(e)) metric_add(METRIC_USAGE_LOST, 1);
    if (!err_is_ok(e) && u->writer.db) usage_own_failed(u, "write", e, &note);
    while ((first = list_first(&u->parcels))) parcel_free(LIST_OF(first, struct parcel, link));
    u->flush_took_ms = clock_mono_ms() - began_ms;
}

static void flush(struct loop *l, struct loop_timer *t)
{
    (void)l;
    write_parcels(LOOP_OF(t, struct usage, flush));
}

static void sweep(struct loop *l, struct loop_timer *t)
{
    struct usage *u = LOOP_OF(t, struct usage, sweep);
    const bool more = u->writer.db && usage_sweep_turn(u, loop_now_utc_ms(l));
    loop_start_timer(l, t, loop_now_ms(l) + (more ? 1 : USAGE_SWEEP_EVERY_MS));
}

/* --- questions --- */

err usage_ask(struct usage *u, err (*ask)(void *owner, struct usage_file *f), void *owner)
{
    if (!u) return ask(owner, NULL);
    pthread_mutex_lock(&u->reader_lock);
    const err e = ask(owner, u->reader.db ? &u->reader : NULL);
    pthread_mutex_unlock(&u->reader_lock);
    return e;
}

/* --- from beginning to end --- */

static void load_one(void *owner, int64_t number, bytes client_id, int64_t used_ms,
                     int64_t seen_hour)
{
    struct usage *u = owner;
    (void)number;
    (void)seen_hour;
    if (!used_ms) return;
    if (!err_is_ok(usage_last_note(&u->last, client_id, used_ms, 0))) metric_add(METRIC_USAGE_LOST, 1);
}

static err load(struct usage *u, struct note *note)
{
    int64_t after = 0;
    size_t n;
    TRY(usage_file_count_tokens(&u->writer, &n, note));
    TRY(usage_last_reserve(&u->last, n));
    do {
        TRY(usage_file_each_token(&u->writer, &after, USAGE_SWEEP_TOKENS, &n, load_one, u, note));
    } while (n == USAGE_SWEEP_TOKENS);
    return DONE;
}

static void begin(struct worker *thread)
{
    struct usage *u = LOOP_OF(thread, struct usage, thread);
    const uint64_t now_ms = loop_now_ms(thread->loop);
    u->collect.fire = collect;
    u->flush.fire = flush;
    u->sweep.fire = sweep;
    loop_start_timer(thread->loop, &u->collect, now_ms + USAGE_HAND_MS);
    loop_start_timer(thread->loop, &u->sweep, now_ms + USAGE_SWEEP_FIRST_MS);
}

static void end(struct worker *thread)
{
    struct usage *u = LOOP_OF(thread, struct usage, thread);
    loop_stop_timer(thread->loop, &u->collect);
    loop_stop_timer(thread->loop, &u->sweep);
    loop_stop_timer(thread->loop, &u->flush);
}

static void drop(struct usage *u)
{
    for (struct list *l; (l = list_first(&u->workers));) {
        struct usage_worker *w = LIST_OF(l, struct usage_worker, link);
        list_remove(l);
        usage_count_free(w->count);
        free(w);
    }
    usage_file_close(&u->writer);
    usage_file_close(&u->reader);
    usage_last_drop(&u->last);
    pthread_mutex_destroy(&u->doors_lock);
    pthread_mutex_destroy(&u->reader_lock);
    free(u->path);
    free(u);
}

static err prepare(struct usage *u)
{
    struct note note = {{0}};
    u->path = strdup(u->set.path);
    if (!u->path) return FAIL(NO_MEMORY);
    TRY(usage_last_init(&u->last));
    TRY(usage_worker_new(u, &u->doors));
    open_file(u);
    const err e = u->writer.db ? load(u, &note) : DONE;
    if (!err_is_ok(e)) usage_own_failed(u, "load", e, &note);
    u->thread.begin = begin;
    u->thread.end = end;
    return thread_start(&u->thread, "usage");
}

err usage_open(const struct usage_options *options, struct usage **out)
{
    struct usage *u = calloc(1, sizeof *u);
    if (!u) return FAIL(NO_MEMORY);
    u->set = *options;
    list_init(&u->parcels);
    list_init(&u->workers);
    pthread_mutex_init(&u->doors_lock, NULL);
    pthread_mutex_init(&u->reader_lock, NULL);
    const err e = prepare(u);
    if (!err_is_ok(e)) {
        drop(u);
        return e;
    }
    *out = u;
    return DONE;
}

void usage_close(struct usage *u)
{
    if (!u) return;
    thread_stop(&u->thread);
    thread_join(&u->thread);
    collect_doors(u);
    write_parcels(u);
    drop(u);
}
