/* The reading half of the SQLite store: a few connections of its own, so that reading never waits for
 * the writer; a scan sees one moment of the store. */
#include "store/sqlite_link.h"

#include "base/check.h"
#include "base/owned.h"
#include "store/folder.h"
#include "store/sqlite_error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static const enum record_kind kinds[] = {
#define RECORD(id, number, name, write, remove) RECORD_##id,
#include "model/record.def"
#undef RECORD
};

static struct sqlite_store *of(struct store *s)
{
    return LIST_OF(s, struct sqlite_store, base);
}

static struct sqlite_link *find_free(struct sqlite_store *s)
{
    for (int i = 0; i < SQLITE_READERS; i++) {
        if (!s->readers[i].busy) return &s->readers[i];
    }
    return NULL;
}

static struct sqlite_link *reader_take(struct store *base)
{
    struct sqlite_store *s = of(base);
    struct sqlite_link *l;
    pthread_mutex_lock(&s->lock);
    while (!(l = find_free(s))) pthread_cond_wait(&s->freed, &s->lock);
    l->busy = true;
    pthread_mutex_unlock(&s->lock);
    return l;
}

static void reader_give(struct store *base, struct sqlite_link *l)
{
    struct sqlite_store *s = of(base);
    pthread_mutex_lock(&s->lock);
    l->busy = false;
    pthread_cond_signal(&s->freed);
    pthread_mutex_unlock(&s->lock);
}

static err read_end(struct sqlite_link *l, err e)
{
    const err ended = sqlite_link_run(l, SQL_READ_END, NULL);
    if (!err_is_ok(ended)) (void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    return e;
}

err sqlite_read_get(struct store *s, enum record_kind kind, bytes id, struct arena *a,
                    struct record *out)
{
    struct sqlite_link *l = reader_take(s);
    err e = DONE;
    bytes body = {0};
    sqlite_link_number(l, SQL_GET, 1, kind);
    sqlite_link_text(l, SQL_GET, 2, id);
    const bool found = sqlite_link_row(l, SQL_GET, &e, NULL);
    if (found) {
        out->version = sqlite_link_column_number(l, SQL_GET, 0);
        body = arena_copy(a, sqlite_link_column(l, SQL_GET, 1));
    }
    sqlite_link_reset(l, SQL_GET);
    reader_give(s, l);
    TRY(e);
    if (!found) return FAIL(NOT_FOUND);
    if (a->bad) return FAIL(NO_MEMORY);
    return record_read(kind, body, a, out);
}

static err read_cursor(struct sqlite_link *l, uint64_t *cursor)
{
    err e = DONE;
    if (cursor && sqlite_link_row(l, SQL_NUMBERS, &e, NULL)) {
        *cursor = sqlite_link_column_number(l, SQL_NUMBERS, 0);
    }
    sqlite_link_reset(l, SQL_NUMBERS);
    return e;
}

static err visit_rows(struct sqlite_link *l, enum sql id, enum record_kind kind, store_visit *visit,
                      void *owner)
{
    struct arena a;
    err e = DONE;
    arena_init(&a, 4 * RECORD_BODY_MAX);
    while (sqlite_link_row(l, id, &e, NULL)) {
        struct record r = {.version = sqlite_link_column_number(l, id, 0)};
        e = record_read(kind, sqlite_link_column(l, id, 2), &a, &r);
        if (!err_is_ok(e) || !visit(owner, &r)) break;
        arena_reset(&a);
    }
    arena_drop(&a);
    return e;
}

err sqlite_read_scan(struct store *s, enum record_kind kind, const struct uuid *scope, bytes after,
                     size_t max, store_visit *visit, void *owner, uint64_t *cursor)
{
    struct sqlite_link *l = reader_take(s);
    const enum sql id = scope ? SQL_SCAN_SCOPE : SQL_SCAN;
    err e = sqlite_link_run(l, SQL_READ_BEGIN, NULL);
    if (err_is_ok(e)) {
        e = read_cursor(l, cursor);
        sqlite_link_number(l, id, 1, kind);
        sqlite_link_text(l, id, 2, after);
        sqlite_link_number(l, id, 3, max > INT64_MAX ? INT64_MAX : max);
        if (scope) sqlite_link_blob(l, id, 4, bytes_of(scope->b, sizeof scope->b));
        if (err_is_ok(e)) e = visit_rows(l, id, kind, visit, owner);
        sqlite_link_reset(l, id);
        e = read_end(l, e);
    }
    reader_give(s, l);
    return e;
}

err sqlite_read_outbox(struct store *s, uint64_t after_row, size_t max, store_outbox_visit *visit,
                       void *owner)
{
    struct sqlite_link *l = reader_take(s);
    err e = DONE;
    sqlite_link_number(l, SQL_OUTBOX_READ, 1, after_row);
    sqlite_link_number(l, SQL_OUTBOX_READ, 2, max > INT64_MAX ? INT64_MAX : max);
    while (sqlite_link_row(l, SQL_OUTBOX_READ, &e, NULL)) {
        const uint64_t row = sqlite_link_column_number(l, SQL_OUTBOX_READ, 0);
        if (!visit(owner, row, sqlite_link_column(l, SQL_OUTBOX_READ, 1))) break;
    }
    sqlite_link_reset(l, SQL_OUTBOX_READ);
    reader_give(s, l);
    return e;
}

static err count_kinds(struct sqlite_link *l, struct store_numbers *out)
{
    err e = DONE;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && err_is_ok(e); i++) {
        sqlite_link_number(l, SQL_COUNT, 1, kinds[i]);
        if (sqlite_link_row(l, SQL_COUNT, &e, NULL)) {
            out->records[kinds[i]] = sqlite_link_column_number(l, SQL_COUNT, 0);
        }
        sqlite_link_reset(l, SQL_COUNT);
    }
    return e;
}

err sqlite_read_count(struct store *s, struct store_numbers *out)
{
    struct sqlite_link *l = reader_take(s);
    err e = sqlite_link_run(l, SQL_READ_BEGIN, NULL);
    if (err_is_ok(e)) {
        if (sqlite_link_row(l, SQL_NUMBERS, &e, NULL)) {
            out->sequence = sqlite_link_column_number(l, SQL_NUMBERS, 0);
            out->outbox_last = sqlite_link_column_number(l, SQL_NUMBERS, 1);
            out->outbox = sqlite_link_column_number(l, SQL_NUMBERS, 2);
        }
        sqlite_link_reset(l, SQL_NUMBERS);
        if (err_is_ok(e) && sqlite_link_row(l, SQL_PAGES, &e, NULL)) {
            out->bytes = (int64_t)sqlite_link_column_number(l, SQL_PAGES, 0);
        }
        sqlite_link_reset(l, SQL_PAGES);
        if (err_is_ok(e)) e = count_kinds(l, out);
        e = read_end(l, e);
    }
    reader_give(s, l);
    return e;
}

/* --- the whole file --- */

static err check_integrity(struct sqlite_link *l, struct note *note)
{
    err e = DONE;
    if (sqlite_link_row(l, SQL_INTEGRITY, &e, note)) {
        const bytes said = sqlite_link_column(l, SQL_INTEGRITY, 0);
        if (!bytes_eq_text(said, "ok")) {
            e = note_fail(note, FAIL(STORE_DAMAGED), "the store is damaged (%.*s): restore a backup",
                          BYTES_FMT(said));
        }
    }
    sqlite_link_reset(l, SQL_INTEGRITY);
    return e;
}

static err check_claims(struct sqlite_link *l, struct note *note)
{
    err e = DONE;
    if (sqlite_link_row(l, SQL_CLAIM_CHECK, &e, note)) {
        const uint64_t n = sqlite_link_column_number(l, SQL_CLAIM_CHECK, 0);
        if (n) {
            e = note_fail(note, FAIL(STORE_DAMAGED), "%llu names belong to no record",
                          (unsigned long long)n);
        }
    }
    sqlite_link_reset(l, SQL_CLAIM_CHECK);
    return e;
}

static err check_record(enum record_kind kind, bytes id, bytes body, struct arena *a, struct note *note)
{
    struct record r = {.version = 0};
    char text[RECORD_ID_MAX];
    err e = record_read(kind, body, a, &r);
    if (err_is_ok(e) && !bytes_eq(bytes_of(text, record_id(&r, text)), id)) e = FAIL(STORE_DAMAGED);
    if (err_is_ok(e)) return DONE;
    return note_fail(note, e, "%s %.*s cannot be read", record_kind_name(kind), BYTES_FMT(id));
}

static err check_records(struct sqlite_link *l, enum record_kind kind, struct note *note)
{
    struct arena a;
    err e = DONE;
    arena_init(&a, 4 * RECORD_BODY_MAX);
    sqlite_link_number(l, SQL_SCAN, 1, kind);
    sqlite_link_text(l, SQL_SCAN, 2, (bytes){0});
    sqlite_link_number(l, SQL_SCAN, 3, INT64_MAX);
    while (err_is_ok(e) && sqlite_link_row(l, SQL_SCAN, &e, note)) {
        e = check_record(kind, sqlite_link_column(l, SQL_SCAN, 1), sqlite_link_column(l, SQL_SCAN, 2),
                         &a, note);
        arena_reset(&a);
    }
    sqlite_link_reset(l, SQL_SCAN);
    arena_drop(&a);
    return e;
}

err sqlite_read_check(struct store *s, struct note *note)
{
    struct sqlite_link *l = reader_take(s);
    err e = check_integrity(l, note);
    if (err_is_ok(e)) e = check_claims(l, note);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && err_is_ok(e); i++) {
        e = check_records(l, kinds[i], note);
    }
    reader_give(s, l);
    return e;
}

static err copy_pages(sqlite3 *from, sqlite3 *to, struct note *note)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    if (!b) return sqlite_error(to, SQLITE_ERROR, note);
    int got = sqlite3_backup_step(b, -1);
    const int finished = sqlite3_backup_finish(b);
    if (got == SQLITE_DONE) got = finished;
    return got == SQLITE_OK ? DONE : sqlite_error(to, got, note);
}

static err backup_into(struct sqlite_link *from, const char *path, struct note *note)
{
    struct sqlite_link to = {0};
    err e = sqlite_link_open(&to, path, NULL, SQLITE_OPEN_READWRITE, note);
    if (err_is_ok(e)) e = sqlite_link_exec(&to, "PRAGMA synchronous = FULL", note);
    if (err_is_ok(e)) e = copy_pages(from->db, to.db, note);
    sqlite_link_close(&to);
    return e;
}

err sqlite_read_backup(struct store *s, const char *path, struct note *note)
{
    OWNED(owned_close) int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return folder_cannot_create(path, note);
    struct sqlite_link *l = reader_take(s);
    err e = backup_into(l, path, note);
    reader_give(s, l);
    if (err_is_ok(e)) e = folder_sync_parent(path, note);
    if (!err_is_ok(e)) (void)unlink(path);
    return e;
}
