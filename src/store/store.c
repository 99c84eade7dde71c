/* The common half of every store: opening and closing, and what any thread asks. */
#include "store/backend.h"

#include "base/check.h"

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
    s->writer.run = store_write_on;
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
