/* The common half of every store: checks the permit, queues, and one writer thread that commits many
 * waiting changes in one transaction.
 *
 * 1. A job belongs to the queue, then to the writer, then to its batch; it ends in job_finish.
 * 2. A batch is handed to ports.committed in order of sequence, and only when it is durable.
 * 3. Nothing is posted to a loop for a change that is not durable, but its failure. */
#include "store/backend.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { OUTBOX_LINGER_MS = 1000 };

struct store_batch {
    struct store *store;
    struct store_job *jobs;
    struct change *changes;
    size_t changes_n;
    struct event_row *rows;
    size_t rows_n;
    uint64_t sequence;
};

/* --- jobs --- */

static void arrive(struct loop *l, struct loop_note *n)
{
    (void)l;
    struct store_commit *c = LOOP_OF(n, struct store_commit, arrival);
    c->done(c);
}

static void job_free(struct store_job *j)
{
    arena_drop(&j->arena);
    free(j);
}

static void job_finish(struct store_job *j, err result, uint64_t sequence)
{
    struct store_commit *c = j->commit;
    c->result = result;
    c->note = j->note;
    c->sequence = sequence;
    c->arrival.run = arrive;
    job_free(j);
    loop_post(c->loop, &c->arrival);
}

static err copy_change(struct store_job *j, size_t i, const struct change *from)
{
    struct change *to = &j->changes[i];
    struct wr w = wr_growing(RECORD_BODY_MAX);
    record_write(&from->record, &w);
    const bool fits = !w.bad;
    const bytes body = arena_copy(&j->arena, wr_view(&w));
    wr_drop(&w);
    if (!fits) return note_fail(&j->note, FAIL(BAD_INPUT), "a record is over %d bytes", RECORD_BODY_MAX);
    if (j->arena.bad) return FAIL(NO_MEMORY);
    *to = *from;
    to->by.on.keyspace = to->by.on.table = (bytes){0};
    j->bodies[i] = body;
    return record_read(from->record.kind, body, &j->arena, &to->record);
}

static err copy_event(struct store_job *j, const struct event_draft *event)
{
    if (!event) return DONE;
    struct wr w = wr_growing(EVENT_JSON_MAX);
    event_write(event, clock_utc_ns(), &w);
    const bool fits = !w.bad;
    j->event = arena_copy(&j->arena, wr_view(&w));
    wr_drop(&w);
    return fits && !j->arena.bad ? DONE : FAIL(NO_MEMORY);
}

static err job_fill(struct store_job *j, const struct change *changes, size_t n,
                    const struct event_draft *event)
{
    j->changes = arena_take_array(&j->arena, n, sizeof *j->changes);
    j->bodies = arena_take_array(&j->arena, n, sizeof *j->bodies);
    if (j->arena.bad) return FAIL(NO_MEMORY);
    j->n = n;
    for (size_t i = 0; i < n; i++) TRY(copy_change(j, i, &changes[i]));
    return copy_event(j, event);
}

static err enqueue(struct store *s, struct store_job *j)
{
    pthread_mutex_lock(&s->lock);
    const bool room = s->queued < STORE_QUEUE_MAX && !s->stop;
    if (room) {
        *s->last = j;
        s->last = &j->next;
        s->queued++;
        pthread_cond_signal(&s->work);    /* under the lock: once it is let go, `s` may be closed */
    }
    pthread_mutex_unlock(&s->lock);
    if (room) return DONE;
    return note_fail(&j->note, FAIL(STORE_BUSY), "more than %d changes wait for the store",
                     STORE_QUEUE_MAX);
}

void store_commit(struct store *s, const struct permit *p, const struct change *changes, size_t n,
                  const struct event_draft *event, struct store_commit *c)
{
    CHECK(s->writing && n > 0 && n <= CHANGE_LIST_MAX && c->loop && c->done);
    for (size_t i = 0; i < n; i++) {
        CHECK(permit_covers(p, changes[i].by.action, &changes[i].by.on));
    }
    struct store_job *j = calloc(1, sizeof *j);
    CHECK(j);
    arena_init(&j->arena, STORE_JOB_MEMORY_MAX);
    j->commit = c;
    j->permit = p;
    err e = job_fill(j, changes, n, event);
    if (err_is_ok(e)) e = enqueue(s, j);
    if (!err_is_ok(e)) job_finish(j, e, 0);
}

/* --- batches --- */

size_t store_batch_changes(const struct store_batch *b, const struct change **out)
{
    *out = b->changes;
    return b->changes_n;
}

size_t store_batch_outbox(const struct store_batch *b, const struct event_row **out)
{
    *out = b->rows;
    return b->rows_n;
}

uint64_t store_batch_sequence(const struct store_batch *b)
{
    return b->sequence;
}

static struct store_batch *batch_new(struct store *s, struct store_job *jobs)
{
    struct store_batch *b = calloc(1, sizeof *b);
    CHECK(b);
    size_t jobs_n = 0;
    for (struct store_job *j = jobs; j; j = j->next, jobs_n++) b->changes_n += j->n;
    b->changes = calloc(b->changes_n, sizeof *b->changes);
    b->rows = calloc(jobs_n, sizeof *b->rows);
    CHECK(b->changes && b->rows);
    b->store = s;
    b->jobs = jobs;
    b->sequence = s->sequence;
    size_t at = 0;
    for (struct store_job *j = jobs; j; j = j->next) {
        memcpy(b->changes + at, j->changes, j->n * sizeof *b->changes);
        at += j->n;
        if (j->event.n) b->rows[b->rows_n++] = (struct event_row){j->row, j->event};
    }
    return b;
}

void store_batch_finish(struct store_batch *b, err result)
{
    struct store *s = b->store;
    struct store_job *next;
    for (struct store_job *j = b->jobs; j; j = next) {
        next = j->next;
        if (result.code == ERR_AUDIT_FAILED) {
            (void)!err_is_ok(note_fail(&j->note, result, "it was done and its record is kept in the store, but the audit"
                                       " trail cannot be written: make room on its disk; until then changes are"
                                       " refused"));
        }
        job_finish(j, result, b->sequence);
    }
    free(b->changes);
    free(b->rows);
    free(b);
    pthread_mutex_lock(&s->lock);
    s->batches--;
    pthread_cond_broadcast(&s->idle);
    pthread_mutex_unlock(&s->lock);
}

static void hand_over(struct store *s, struct store_job *jobs)
{
    struct store_batch *b = batch_new(s, jobs);
    pthread_mutex_lock(&s->lock);
    s->batches++;
    pthread_mutex_unlock(&s->lock);
    metric_add(METRIC_COMMITS, 1);
    if (s->ports.committed) s->ports.committed(s->ports.owner, b);
    else store_batch_finish(b, DONE);
}

/* --- the writer --- */

struct work {
    struct store_job *jobs;
    struct store_errand *errand;
    uint64_t outbox_done;
    bool stop;
};

static void linger(struct store *s)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += OUTBOX_LINGER_MS / 1000;
    while (!s->first && !s->stop && !s->errand) {
        if (pthread_cond_timedwait(&s->work, &s->lock, &until) == ETIMEDOUT) return;
    }
}

static struct store_job *take_jobs(struct store *s)
{
    struct store_job *taken = s->first;
    struct store_job **end = &s->first;
    size_t n = 0;
    while (*end && n < STORE_BATCH_MAX) {
        end = &(*end)->next;
        n++;
    }
    s->first = *end;
    *end = NULL;
    if (!s->first) s->last = &s->first;
    s->queued -= n;
    return n ? taken : NULL;
}

static struct work wait_for_work(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->stop && !s->errand && s->outbox_done <= s->outbox_gone) {
        pthread_cond_wait(&s->work, &s->lock);
    }
    linger(s);
    struct work w = {take_jobs(s), s->errand, s->outbox_done, false};
    w.stop = s->stop && !s->first && !w.jobs && !w.errand;
    pthread_mutex_unlock(&s->lock);
    return w;
}

/* Applies what may still be applied; `*applied` keeps those, the others are finished. */
static err apply_all(struct store *s, struct store_job *jobs, struct store_job **applied,
                     uint64_t *row, struct note *note)
{
    struct store_job *next;
    err spoilt = DONE;
    for (struct store_job *j = jobs; j; j = next) {
        next = j->next;
        j->next = NULL;
        err e = spoilt;
        if (err_is_ok(e) && s->ports.recheck) e = s->ports.recheck(s->ports.owner, j->permit);
        if (err_is_ok(e)) e = store_key_check(s, j);
        if (err_is_ok(e)) {
            j->row = j->event.n ? *row + 1 : 0;
            e = s->ops->apply(s, j, &j->note);
            const enum err_class class = err_row(e)->class;
            if (class != ERR_CLASS_NONE && class != ERR_CLASS_CONFLICT && class != ERR_CLASS_NOT_FOUND) {
                spoilt = e;
                *note = j->note;
            }
        } else if (!err_is_ok(spoilt)) {
            j->note = *note;
        }
        if (!err_is_ok(e)) {
            job_finish(j, e, 0);
            continue;
        }
        if (j->event.n) *row = j->row;
        *applied = j;
        applied = &j->next;
    }
    return spoilt;
}

static void fail_all(struct store_job *jobs, err e, const struct note *note)
{
    struct store_job *next;
    for (struct store_job *j = jobs; j; j = next) {
        next = j->next;
        j->note = *note;
        job_finish(j, e, 0);
    }
}

/* One transaction; the outbox is swept along. */
static void transact(struct store *s, const struct work *w)
{
    struct note note = {{0}};
    struct store_job *applied = NULL;
    uint64_t row = s->outbox_row;
    err e = s->ops->begin(s, &note);
    if (!err_is_ok(e)) {
        fail_all(w->jobs, e, &note);
    } else {
        const bool sweep = w->outbox_done > s->outbox_gone;
        if (w->jobs) w->jobs->alone = !w->jobs->next && !sweep;
        e = apply_all(s, w->jobs, &applied, &row, &note);
        const uint64_t sequence = s->sequence + (applied ? 1 : 0);
        if (err_is_ok(e) && (applied || sweep)) {
            e = s->ops->commit(s, sequence, row, w->outbox_done, &note);
        } else {
            s->ops->rollback(s);
        }
        if (!err_is_ok(e)) {
            fail_all(applied, e, &note);
        } else {
            s->sequence = sequence;
            s->outbox_row = row;
            if (applied) hand_over(s, applied);
            if (s->ops->settle) s->ops->settle(s);
        }
    }
    if (err_is_ok(e)) {
        pthread_mutex_lock(&s->lock);
        s->outbox_gone = w->outbox_done;
        pthread_mutex_unlock(&s->lock);
    } else {
        log_line(LOG_ERROR, "store_failed", "error=\"%s\" detail=\"%s\"", err_text(e), note.text);
    }
}

/* What was committed under a key that goes is in the index by then, for whoever counts. */
static void run_errand(struct store *s, struct store_errand *errand)
{
    pthread_mutex_lock(&s->lock);
    while (s->batches) pthread_cond_wait(&s->idle, &s->lock);
    pthread_mutex_unlock(&s->lock);
    const err e = s->ops->keys_set(s, errand->keys, errand->note);
    if (err_is_ok(e)) store_key_know(s, errand->keys);
    pthread_mutex_lock(&s->lock);
    errand->result = e;
    errand->done = true;
    s->errand = NULL;
    pthread_cond_broadcast(&s->idle);
    pthread_mutex_unlock(&s->lock);
}

static void write_on(struct thread_plain *t)
{
    struct store *s = LOOP_OF(t, struct store, writer);
    for (;;) {
        const struct work w = wait_for_work(s);
        if (w.errand) run_errand(s, w.errand);
        if (w.jobs || w.outbox_done > s->outbox_gone) transact(s, &w);
        if (w.stop) return;
    }
}

err store_begin(struct store *s, const struct store_backend *ops, const struct store_ports *ports,
                bool read_only)
{
    s->ops = ops;
    if (ports) s->ports = *ports;
    s->last = &s->first;
    pthread_condattr_t monotonic;
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_mutex_init(&s->lock, NULL) == 0);
    CHECK(pthread_cond_init(&s->work, &monotonic) == 0);
    CHECK(pthread_cond_init(&s->idle, NULL) == 0);
    CHECK(pthread_condattr_destroy(&monotonic) == 0);
    s->writer.run = write_on;
    if (read_only) return DONE;
    const err e = thread_start_plain(&s->writer, "store");
    s->writing = err_is_ok(e);
    return e;
}

void store_close(struct store *s)
{
    if (!s) return;
    if (s->writing) {
        pthread_mutex_lock(&s->lock);
        s->stop = true;
        pthread_cond_signal(&s->work);
        pthread_mutex_unlock(&s->lock);
        thread_join_plain(&s->writer);
        pthread_mutex_lock(&s->lock);
        while (s->batches) pthread_cond_wait(&s->idle, &s->lock);
        pthread_mutex_unlock(&s->lock);
    }
    pthread_cond_destroy(&s->idle);
    pthread_cond_destroy(&s->work);
    pthread_mutex_destroy(&s->lock);
    s->ops->close(s);
}

/* --- what any thread asks --- */

err store_keys_set(struct store *s, const struct server_keys *keys, struct note *note)
{
    struct store_errand errand = {.keys = keys, .note = note};
    CHECK(s->writing);
    pthread_mutex_lock(&s->lock);
    while (s->errand) pthread_cond_wait(&s->idle, &s->lock);
    s->errand = &errand;
    pthread_cond_signal(&s->work);
    while (!errand.done) pthread_cond_wait(&s->idle, &s->lock);
    pthread_mutex_unlock(&s->lock);
    return errand.result;
}

void store_outbox_done(struct store *s, uint64_t up_to_row)
{
    pthread_mutex_lock(&s->lock);
    if (up_to_row > s->outbox_done) {
        s->outbox_done = up_to_row;
        pthread_cond_signal(&s->work);
    }
    pthread_mutex_unlock(&s->lock);
}

err store_get(struct store *s, enum record_kind kind, bytes id, struct arena *a, struct record *out)
{
    return s->ops->get(s, kind, id, a, out);
}

err store_scan(struct store *s, enum record_kind kind, const struct uuid *scope, bytes after,
               size_t max, store_visit *visit, void *owner, uint64_t *cursor)
{
    return s->ops->scan(s, kind, scope, after, max, visit, owner, cursor);
}

err store_outbox_read(struct store *s, uint64_t after_row, size_t max, store_outbox_visit *visit,
                      void *owner)
{
    pthread_mutex_lock(&s->lock);
    if (after_row < s->outbox_done) after_row = s->outbox_done;
    pthread_mutex_unlock(&s->lock);
    return s->ops->outbox_read(s, after_row, max, visit, owner);
}

err store_count(struct store *s, struct store_numbers *out)
{
    *out = (struct store_numbers){0};
    return s->ops->count(s, out);
}

err store_check(struct store *s, struct note *note)
{
    return s->ops->check(s, note);
}

err store_backup(struct store *s, const char *path, struct note *note)
{
    return s->ops->backup(s, path, note);
}

/* --- what backends share --- */

struct uuid store_claim_scope(const struct record *r)
{
    static const struct uuid everywhere;
    if (r->kind == RECORD_ORGANIZATION) return r->of.organization.enterprise;
    if (r->kind == RECORD_PERSON) return everywhere;
    return record_scope(r).scope;
}

err store_expect(struct change *c, bool found, uint64_t version, const struct uuid *scope,
                 struct note *note)
{
    struct record *r = &c->record;
    const char *kind = record_kind_name(r->kind);
    char id[RECORD_ID_MAX];
    const int id_n = (int)record_id(r, id);
    const struct resource own = record_scope(r);
    if (found && c->expect == CHANGE_ABSENT) {
        return note_fail(note, FAIL(CONFLICT), "%s %.*s exists already", kind, id_n, id);
    }
    const bool foreign = found && !uuid_eq(scope, &own.scope);
    const bool must_exist = c->verb == CHANGE_REMOVE ||
                            (c->expect != CHANGE_ANY_VERSION && c->expect != CHANGE_ABSENT);
    if (foreign || (!found && must_exist)) {
        return note_fail(note, FAIL(NOT_FOUND), "%s %.*s not found", kind, id_n, id);
    }
    if (found && c->expect != CHANGE_ANY_VERSION && c->expect != version) {
        return note_fail(note, FAIL(VERSION_CHANGED), "%s %.*s was changed by somebody else meanwhile",
                         kind, id_n, id);
    }
    r->version = found ? version + 1 : 1;
    if (r->kind == RECORD_ROLE) r->of.role.version = r->version;
    return DONE;
}

err store_name_taken(const struct record *r, struct note *note)
{
    const bytes name = record_claim(r);
    return note_fail(note, FAIL(NAME_TAKEN), "the %s name \"%.*s\" is taken", record_kind_name(r->kind),
                     BYTES_FMT(name));
}
