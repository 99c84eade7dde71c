/* The exporter's thread: follows the exports that the index knows, lets each take its step, and hands what has
 * ended back to it. Never waits for one of them alone. */
#include "export/export.h"

#include "audit/audit.h"
#include "base/log.h"
#include "export/course.h"
#include "export/place_file.h"
#include "index/index.h"
#include "index/snapshot.h"
#include "loop/thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <urcu/urcu-memb.h>

enum { SEEN_MAX = 256 << 20 };

struct export {
    struct export_options o;
    struct course_means means;
    struct lines room;
    CURLM *multi;
    struct thread_plain thread;
    pthread_mutex_t lock;       /* the list for others than the thread, and states */
    struct course *courses;
    uint64_t version;           /* of the snapshot that was looked at */
    atomic_bool stop;
};

/* --- which there are --- */

static struct course *find(struct export *x, const struct uuid *id)
{
    struct course *c = x->courses;
    while (c && !uuid_eq(&c->id, id)) c = c->next;
    return c;
}

static void add(struct export *x, const struct record *r)
{
    struct course *c = course_new(&x->means, r);
    if (!c) {
        log_line(LOG_ERROR, "export_not_begun", "why=\"no memory\"");
        return;
    }
    pthread_mutex_lock(&x->lock);
    c->next = x->courses;
    x->courses = c;
    pthread_mutex_unlock(&x->lock);
}

/* Ended and begun again between two turns, its version may be what it was. */
static bool is_as_it_was(const struct course *c, const struct record *r)
{
    return c->version == r->version && uuid_eq(&c->record.of.audit_export.series, &r->of.audit_export.series);
}

static void follow_record(struct export *x, const struct record *r)
{
    struct course *c = find(x, &r->of.audit_export.id);
    if (!c) {
        add(x, r);
        return;
    }
    c->seen = true;
    if (!is_as_it_was(c, r)) course_change(&x->means, c, r);
}

static void drop_unseen(struct export *x)
{
    struct course **at = &x->courses;
    while (*at) {
        struct course *c = *at;
        if (c->seen) {
            at = &c->next;
            continue;
        }
        pthread_mutex_lock(&x->lock);
        *at = c->next;
        pthread_mutex_unlock(&x->lock);
        place_file_remove(x->o.places, &c->id);
        course_free(&x->means, c);
    }
}

/* Records as they are now, for files are written outside of the read section. */
struct seen {
    struct arena arena;
    struct record *records;
    size_t n;
};

static void see_one(struct seen *s, const struct record *from)
{
    struct wr w = wr_growing(COURSE_RECORD_MAX);
    struct record *r = &s->records[s->n];
    record_write(from, &w);
    const bytes body = arena_copy(&s->arena, wr_view(&w));
    if (!w.bad && !s->arena.bad && err_is_ok(record_read(from->kind, body, &s->arena, r))) {
        r->version = from->version;
        s->n++;
    }
    wr_drop(&w);
}

/* False: nothing has changed since the last turn, or there is no memory to see it now. */
static bool see(struct export *x, struct seen *s)
{
    urcu_memb_read_lock();
    const struct snapshot *now = index_snapshot(x->o.index);
    const uint64_t version = snapshot_version(now);
    const struct snapshot_list all = snapshot_all(now, RECORD_AUDIT_EXPORT);
    const bool same = version == x->version;
    s->records = same ? NULL : arena_take_array(&s->arena, all.n + 1, sizeof *s->records);
    for (size_t i = 0; s->records && i < all.n; i++) see_one(s, all.records[i]);
    urcu_memb_read_unlock();
    if (same || s->arena.bad) return false;
    x->version = version;
    return true;
}

/* What others change between two turns is seen in the next. */
static void follow_index(struct export *x)
{
    struct seen s = {.n = 0};
    arena_init(&s.arena, SEEN_MAX);
    if (see(x, &s)) {
        for (struct course *c = x->courses; c; c = c->next) c->seen = false;
        for (size_t i = 0; i < s.n; i++) follow_record(x, &s.records[i]);
        drop_unseen(x);
    }
    arena_drop(&s.arena);
}

/* --- turns --- */

/* True: one of them has something to do. */
static bool take_ended(struct export *x)
{
    const CURLMsg *m;
    bool any = false;
    int left = 0;
    while ((m = curl_multi_info_read(x->multi, &left))) {
        if (m->msg != CURLMSG_DONE) continue;
        const CURLcode result = m->data.result;
        struct course *c = x->courses;
        while (c && !(c->delivery && c->delivery->easy == m->easy_handle)) c = c->next;
        if (c) course_arrive(&x->means, c, result);
        any = any || c;
    }
    return any;
}

static size_t count_under_way(const struct export *x)
{
    size_t n = 0;
    for (const struct course *c = x->courses; c; c = c->next) n += c->delivery != NULL;
    return n;
}

/* The one that went first goes last the next time. */
static void rotate(struct export *x)
{
    struct course *first = x->courses;
    if (!first || !first->next) return;
    struct course *last = first;
    while (last->next) last = last->next;
    pthread_mutex_lock(&x->lock);
    x->courses = first->next;
    last->next = first;
    first->next = NULL;
    pthread_mutex_unlock(&x->lock);
}

static bool step_all(struct export *x)
{
    const uint64_t last = x->courses ? audit_head(x->o.audit).seq : 0;
    bool more = false;
    size_t n = count_under_way(x);
    rotate(x);
    for (struct course *c = x->courses; c && !atomic_load(&x->stop); c = c->next) {
        const bool was_under_way = c->delivery != NULL;
        more |= course_step(&x->means, c, last, n < EXPORT_AT_ONCE);
        n += c->delivery && !was_under_way;
    }
    return more;
}

static void run(struct thread_plain *t)
{
    struct export *x = LOOP_OF(t, struct export, thread);
    int running = 0;
    while (!atomic_load(&x->stop)) {
        follow_index(x);
        bool more = step_all(x);
        (void)curl_multi_perform(x->multi, &running);
        more |= take_ended(x);
        if (!more) (void)curl_multi_poll(x->multi, NULL, 0, EXPORT_TURN_MS, NULL);
    }
    for (struct course *c = x->courses; c; c = c->next) course_save(&x->means, c);
}

/* --- opening and closing --- */

static void close_all(struct export *x)
{
    while (x->courses) {
        struct course *c = x->courses;
        x->courses = c->next;
        course_free(&x->means, c);
    }
    curl_multi_cleanup(x->multi);
    pthread_mutex_destroy(&x->lock);
    free(x);
    curl_global_cleanup();
}

err export_open(const struct export_options *options, struct export **out, struct note *note)
{
    TRY(place_file_open(options->places, note));
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) return FAIL(NO_MEMORY);
    struct export *x = calloc(1, sizeof *x);
    if (!x) {
        curl_global_cleanup();
        return FAIL(NO_MEMORY);
    }
    pthread_mutex_init(&x->lock, NULL);
    x->o = *options;
    x->multi = curl_multi_init();
    x->means = (struct course_means){&x->o, x->multi, &x->lock, &x->room};
    x->thread.run = run;
    const err e = x->multi ? thread_start_plain(&x->thread, "export") : FAIL(NO_MEMORY);
    if (!err_is_ok(e)) {
        close_all(x);
        return e;
    }
    *out = x;
    return DONE;
}

bool export_read_state(struct export *x, const struct record_audit_export *e, struct export_state *out)
{
    pthread_mutex_lock(&x->lock);
    const struct course *c = find(x, &e->id);
    const bool known = c && c->state.updated_ns == e->updated_ns;
    if (known) *out = c->state;
    pthread_mutex_unlock(&x->lock);
    return known;
}

const char *export_state_word(const struct export_state *s)
{
    if (s->failing) return "failing";
    return s->behind ? "delivering" : "current";
}

void export_close(struct export *x)
{
    if (!x) return;
    atomic_store(&x->stop, true);
    (void)curl_multi_wakeup(x->multi);
    thread_join_plain(&x->thread);
    close_all(x);
}
