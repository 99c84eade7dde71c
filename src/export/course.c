/* Read on → a request → it has arrived: the place moves and is kept. Otherwise the same again, later. */
#include "export/course.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "export/place_file.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_MAX = 64 << 10, SAVE_EVERY = 4096 /* records passed over without a word to its server */ };

static const struct record_audit_export *what(const struct course *c)
{
    return &c->record.of.audit_export;
}

/* What the log calls it, for several may go to one address: the organization, or all of them. */
static const char *name(const struct course *c, char text[UUID_TEXT + 1])
{
    if (uuid_is_zero(&c->id)) return "all";
    uuid_write(&c->id, text);
    text[UUID_TEXT] = 0;
    return text;
}

/* --- where it stands --- */

void course_save(const struct course_means *m, struct course *c)
{
    struct note note = {{0}};
    char text[UUID_TEXT + 1];
    if (c->saved == c->at.seq) return;
    const err e = place_file_write(m->o->places, &c->id, &what(c)->series, c->at.seq, &note);
    if (err_is_ok(e)) c->saved = c->at.seq;
    else log_line(LOG_WARN, "export_place_failed", "organization=%s why=\"%s\"", name(c, text), note.text);
}

static void show(const struct course_means *m, struct course *c, uint64_t last)
{
    pthread_mutex_lock(m->lock);
    const uint64_t before = c->state.behind;
    c->state.seq = c->at.seq;
    c->state.behind = last > c->at.seq ? last - c->at.seq : 0;
    const int64_t more = (int64_t)c->state.behind - (int64_t)before;
    pthread_mutex_unlock(m->lock);
    metric_add(METRIC_EXPORT_BEHIND, more);
}

static void forget_failure(const struct course_means *m, struct course *c)
{
    pthread_mutex_lock(m->lock);
    const bool was_failing = c->state.failing;
    c->state.failing = false;
    c->state.problem[0] = 0;
    c->state.next_ms = 0;
    pthread_mutex_unlock(m->lock);
    c->failures = 0;
    if (was_failing) metric_add(METRIC_EXPORTS_FAILING, -1);
}

static void show_success(const struct course_means *m, struct course *c, size_t records)
{
    forget_failure(m, c);
    pthread_mutex_lock(m->lock);
    c->state.sent += records;
    if (records) c->state.success_ms = clock_utc_ms();
    pthread_mutex_unlock(m->lock);
    metric_add(METRIC_EXPORTED, (int64_t)records);
    char text[UUID_TEXT + 1];
    if (!c->told) return;
    c->told = false;
    log_line(LOG_INFO, "export_well", "endpoint=\"%.*s\" organization=%s", BYTES_FMT(what(c)->endpoint), name(c, text));
}

/* What a server says must not look like further fields of the line. */
static void log_failure(const struct course *c, const char *why)
{
    char said[sizeof c->state.problem], text[UUID_TEXT + 1];
    (void)snprintf(said, sizeof said, "%s", why);
    for (char *p = said; *p; p++) *p = *p == '"' ? '\'' : *p;
    log_line(LOG_WARN, "export_failing", "endpoint=\"%.*s\" organization=%s why=\"%s\"", BYTES_FMT(what(c)->endpoint),
             name(c, text), said);
}

static void show_failure(const struct course_means *m, struct course *c, const char *why)
{
    pthread_mutex_lock(m->lock);
    const bool was_failing = c->state.failing;
    c->state.failing = true;
    c->state.failure_ms = clock_utc_ms();
    const char *before = c->state.problem;
    const bool other_reason = strncmp(before, why, sizeof c->state.problem - 1) != 0;
    (void)snprintf(c->state.problem, sizeof c->state.problem, "%s", why);
    pthread_mutex_unlock(m->lock);
    metric_add(METRIC_EXPORT_FAILURES, 1);
    if (!was_failing) metric_add(METRIC_EXPORTS_FAILING, 1);
    c->told = true;
    if (other_reason) log_failure(c, why);
}

/* --- its record --- */

/* False: there is no memory, and the record is what it was. */
static bool copy_record(struct course *c, const struct record *from)
{
    struct wr w = wr_growing(COURSE_RECORD_MAX);
    struct arena arena;
    struct record record = {.version = from->version};
    arena_init(&arena, ARENA_MAX);
    record_write(from, &w);
    const bytes body = arena_copy(&arena, wr_view(&w));
    const bool whole = !w.bad && !arena.bad && err_is_ok(record_read(from->kind, body, &arena, &record));
    wr_drop(&w);
    if (!whole) {
        arena_drop(&arena);
        return false;
    }
    arena_drop(&c->arena);
    c->arena = arena;
    c->record = record;
    c->version = from->version;
    return true;
}

/* Where it came to, or where it shall begin. */
static void find_place(const struct course_means *m, struct course *c)
{
    uint64_t seq = 0;
    if (!place_file_read(m->o->places, &c->id, &what(c)->series, &seq)) seq = (uint64_t)what(c)->after;
    c->at = (struct follow_place){.seq = seq};
    c->saved = seq;
}

struct course *course_new(const struct course_means *m, const struct record *r)
{
    struct course *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->id = r->of.audit_export.id;
    c->most = MESSAGE_RECORDS_MAX;
    c->seen = true;
    if (!copy_record(c, r)) {
        course_free(m, c);
        return NULL;
    }
    find_place(m, c);
    c->state.seq = c->at.seq;
    c->state.updated_ns = what(c)->updated_ns;
    return c;
}

void course_change(const struct course_means *m, struct course *c, const struct record *r)
{
    const struct uuid series = what(c)->series;
    delivery_free(m->multi, c->delivery);
    c->delivery = NULL;
    c->due_ms = 0;
    course_save(m, c);
    forget_failure(m, c);
    if (!copy_record(c, r)) return;
    const bool anew = !uuid_eq(&series, &what(c)->series);
    if (anew) find_place(m, c);
    pthread_mutex_lock(m->lock);
    if (anew) c->state = (struct export_state){.seq = c->at.seq, .behind = c->state.behind};
    c->state.updated_ns = what(c)->updated_ns;
    pthread_mutex_unlock(m->lock);
}

void course_free(const struct course_means *m, struct course *c)
{
    metric_add(METRIC_EXPORT_BEHIND, -(int64_t)c->state.behind);
    metric_add(METRIC_EXPORTS_FAILING, c->state.failing ? -1 : 0);
    delivery_free(m->multi, c->delivery);
    arena_drop(&c->arena);
    free(c);
}

/* --- its steps --- */

/* Later, each time twice as late; a server that asks for patience is given some. */
static void put_off(const struct course_means *m, struct course *c, uint64_t asked_ms)
{
    uint64_t wait_ms = EXPORT_WAIT_FIRST_MS;
    for (unsigned i = 0; i < c->failures && wait_ms < EXPORT_WAIT_MAX_MS; i++) wait_ms *= 2;
    if (wait_ms > EXPORT_WAIT_MAX_MS) wait_ms = EXPORT_WAIT_MAX_MS;
    if (asked_ms > EXPORT_ASKED_MAX_MS) asked_ms = EXPORT_ASKED_MAX_MS;
    if (asked_ms > wait_ms) wait_ms = asked_ms;
    c->failures++;
    c->due_ms = clock_mono_ms() + wait_ms;
    pthread_mutex_lock(m->lock);
    c->state.next_ms = clock_utc_ms() + (int64_t)wait_ms;
    pthread_mutex_unlock(m->lock);
}

static void fail(const struct course_means *m, struct course *c, err e, const struct note *note)
{
    show_failure(m, c, note->text[0] ? note->text : err_text(e));
    put_off(m, c, 0);
}

static bool add(void *owner, const struct chain_record *r, bytes line)
{
    return message_add(owner, r, line);
}

static err read_on(const struct course_means *m, struct course *c, uint64_t last, struct message *message,
                   struct note *note)
{
    const struct follow f = {.folder = m->o->trail,
                             .scope = uuid_is_zero(&c->id) ? NULL : &c->id,
                             .last = last,
                             .visit = add,
                             .owner = message,
                             .room = m->room};
    TRY(message_begin(what(c), c->most, message));
    c->ahead = c->at;
    const err e = follow_read(&f, &c->ahead, &c->missing, note);
    if (message->body.bad) return FAIL(NO_MEMORY);
    return message->records > 0 ? DONE : e;    /* what stands before a damaged line goes; the line is met again */
}

static err send_on(const struct course_means *m, struct course *c, struct message *message)
{
    struct secret token = {.n = 0};
    c->under_way = message->records;
    err e = what(c)->sealed_token.n ? m->o->unseal(m->o->owner, what(c), &token) : DONE;
    if (err_is_ok(e)) {
        const struct delivery_options o = {what(c), &token, m->o->targets, m->o->ca_file};
        e = delivery_start(m->multi, &o, message, &c->delivery);
    } else {
        message_drop(message);
    }
    secret_drop(&token);
    return e;
}

/* A file of the trail that is gone or cut short has records that were written, and will not have them soon. */
static err check_moved(const struct course *c, uint64_t last, struct note *note)
{
    const struct follow_place *a = &c->at;
    const struct follow_place *b = &c->ahead;
    if (a->seq != b->seq || a->file != b->file || a->offset != b->offset) return DONE;
    return note_fail(note, FAIL(AUDIT_BROKEN), "the trail's files end after record %llu, though %llu were written",
                     (unsigned long long)a->seq, (unsigned long long)last);
}

/* All up to there has arrived, or is not its own. */
static void move_on(const struct course_means *m, struct course *c)
{
    const struct follow_gap *gap = &c->missing;
    char text[UUID_TEXT + 1];
    c->at = c->ahead;
    if (gap->records == 0) return;
    log_line(LOG_WARN, "export_gap", "organization=%s records=%llu before=%llu why=\"files of the trail are gone\"",
             name(c, text), (unsigned long long)gap->records, (unsigned long long)gap->before);
    pthread_mutex_lock(m->lock);
    c->state.missing += gap->records;
    pthread_mutex_unlock(m->lock);
}

/* Nothing in what was read is its own. */
static bool pass_over(const struct course_means *m, struct course *c, uint64_t last)
{
    move_on(m, c);
    if (c->at.seq - c->saved >= SAVE_EVERY) course_save(m, c);
    if (c->failures) show_success(m, c, 0);
    show(m, c, last);
    return c->at.seq < last;
}

/* A trail that ends before the place is another one, whose records nobody has seen. */
static void begin_anew_if_cut(const struct course_means *m, struct course *c, uint64_t last)
{
    if (c->at.seq <= last) return;
    char text[UUID_TEXT + 1];
    log_line(LOG_WARN, "export_begins_anew", "organization=%s place=%llu newest=%llu", name(c, text),
             (unsigned long long)c->at.seq, (unsigned long long)last);
    c->at = (struct follow_place){.seq = 0};
    course_save(m, c);    /* else, after a crash, it would begin in the middle of a trail that has grown by then */
}

bool course_step(const struct course_means *m, struct course *c, uint64_t last, bool may_send)
{
    struct message message;
    struct note note = {{0}};
    if (c->delivery || clock_mono_ms() < c->due_ms) {
        show(m, c, last);
        return false;
    }
    begin_anew_if_cut(m, c, last);
    show(m, c, last);
    if (c->at.seq == last || !may_send) return false;
    err e = read_on(m, c, last, &message, &note);
    if (err_is_ok(e) && message.records > 0) {
        e = send_on(m, c, &message);
    } else {
        message_drop(&message);
        if (err_is_ok(e)) e = check_moved(c, last, &note);
        if (err_is_ok(e)) return pass_over(m, c, last);
    }
    if (!err_is_ok(e)) fail(m, c, e, &note);
    return false;
}

/* Slowly, after a server that takes few at once: every try that is too large is one more request. */
static void take_more(struct course *c)
{
    c->most += c->most / 4 + 1;
    if (c->most > MESSAGE_RECORDS_MAX) c->most = MESSAGE_RECORDS_MAX;
}

/* Not a failure until one record alone is too large. */
static bool take_fewer(struct course *c, const struct delivery_end *end)
{
    if (!end->too_large || c->under_way <= 1) return false;
    c->most = c->under_way / 2;
    if (end->wait_ms > 0) return false;
    metric_add(METRIC_EXPORT_FAILURES, 1);
    return true;
}

void course_arrive(const struct course_means *m, struct course *c, CURLcode result)
{
    struct delivery_end end;
    delivery_judge(c->delivery, result, &end);
    delivery_free(m->multi, c->delivery);
    c->delivery = NULL;
    if (end.arrived) {
        move_on(m, c);
        take_more(c);
        c->due_ms = 0;
        show_success(m, c, c->under_way);
        course_save(m, c);
        return;
    }
    if (take_fewer(c, &end)) return;
    if (end.too_slow && c->under_way > 1) c->most = c->under_way / 2;
    show_failure(m, c, end.why.text);
    put_off(m, c, end.wait_ms);
}
