/* The reference store: a sorted array in memory, as plain as can be. What SQLite answers must be what
 * this answers. */
#include "store/backend.h"

#include "base/check.h"
#include "store/fold.h"

#include <stdlib.h>

struct entry {
    enum record_kind kind;
    uint64_t version;
    struct uuid scope;
    struct uuid claim_scope;
    bytes id;       /* all three: own copies */
    bytes claim;    /* folded; empty: none */
    bytes body;
};

struct row {
    uint64_t row;
    bytes event;
};

/* How to take one change back: the entry that was there, or that none was. */
struct undo {
    struct undo *next;
    enum record_kind kind;
    bytes id;
    struct entry *former;
};

struct memory {
    struct store base;
    pthread_mutex_t data;    /* guards all below */
    struct entry **entries;  /* by (kind, id) */
    size_t n;
    size_t size;
    struct row *rows;
    size_t rows_n;
    uint64_t sequence;
    uint64_t outbox_last;
};

static struct memory *of(struct store *s)
{
    return LIST_OF(s, struct memory, base);
}

static bytes copy(bytes b)
{
    uint8_t *p = malloc(b.n + 1);
    CHECK(p);
    if (b.n) memcpy(p, b.p, b.n);
    return (bytes){p, b.n};
}

static void drop(bytes b)
{
    free((void *)(uintptr_t)b.p);
}

static void entry_free(struct entry *e)
{
    if (!e) return;
    drop(e->id);
    drop(e->claim);
    drop(e->body);
    free(e);
}

static int compare(enum record_kind kind, bytes id, const struct entry *e)
{
    if (kind != e->kind) return kind < e->kind ? -1 : 1;
    const size_t n = id.n < e->id.n ? id.n : e->id.n;
    const int order = n ? memcmp(id.p, e->id.p, n) : 0;
    if (order) return order;
    return id.n == e->id.n ? 0 : id.n < e->id.n ? -1 : 1;
}

/* The place of (kind, id), or where it would be. */
static size_t place(const struct memory *m, enum record_kind kind, bytes id, bool *found)
{
    size_t low = 0;
    size_t high = m->n;
    *found = false;
    while (low < high && !*found) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare(kind, id, m->entries[middle]);
        if (order == 0) {
            *found = true;
            low = middle;
        } else if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Sets, replaces or (e NULL) removes; gives back what was there. */
static struct entry *replace(struct memory *m, enum record_kind kind, bytes id, struct entry *e)
{
    bool found;
    const size_t at = place(m, kind, id, &found);
    struct entry *former = found ? m->entries[at] : NULL;
    if (found && e) {
        m->entries[at] = e;
    } else if (found) {
        memmove(&m->entries[at], &m->entries[at + 1], (m->n - at - 1) * sizeof(struct entry *));
        m->n--;
    } else if (e) {
        if (m->n == m->size) {
            m->size = m->size ? m->size * 2 : 64;
            m->entries = realloc(m->entries, m->size * sizeof(struct entry *));
            CHECK(m->entries);
        }
        memmove(&m->entries[at + 1], &m->entries[at], (m->n - at) * sizeof(struct entry *));
        m->entries[at] = e;
        m->n++;
    }
    return former;
}

static bool is_claimed(const struct memory *m, const struct entry *e)
{
    for (size_t i = 0; e->claim.n && i < m->n; i++) {
        const struct entry *other = m->entries[i];
        if (other->kind == e->kind && bytes_eq(other->claim, e->claim) &&
            uuid_eq(&other->claim_scope, &e->claim_scope) && !bytes_eq(other->id, e->id)) {
            return true;
        }
    }
    return false;
}

static struct entry *entry_new(const struct record *r, bytes id, bytes body)
{
    struct entry *e = calloc(1, sizeof *e);
    CHECK(e);
    struct wr folded = wr_growing(RECORD_BODY_MAX);
    fold_write(record_claim(r), &folded);
    *e = (struct entry){.kind = r->kind, .version = r->version, .scope = record_scope(r).scope,
                        .claim_scope = store_claim_scope(r), .id = copy(id),
                        .claim = copy(wr_view(&folded)), .body = copy(body)};
    wr_drop(&folded);
    return e;
}

static err apply_one(struct memory *m, struct change *c, bytes body, struct undo **undo,
                     struct note *note)
{
    char text[RECORD_ID_MAX];
    const bytes id = bytes_of(text, record_id(&c->record, text));
    bool found;
    const size_t at = place(m, c->record.kind, id, &found);
    const struct entry *there = found ? m->entries[at] : NULL;
    TRY(store_expect(c, found, found ? there->version : 0, found ? &there->scope : NULL, note));
    struct entry *fresh = NULL;
    if (c->verb == CHANGE_PUT) {
        fresh = entry_new(&c->record, id, body);
        if (is_claimed(m, fresh)) {
            entry_free(fresh);
            return store_name_taken(&c->record, note);
        }
    }
    struct undo *u = calloc(1, sizeof *u);
    CHECK(u);
    *u = (struct undo){*undo, c->record.kind, copy(id), replace(m, c->record.kind, id, fresh)};
    *undo = u;
    return DONE;
}

static void undo_all(struct memory *m, struct undo *undo, bool take_back)
{
    struct undo *next;
    for (; undo; undo = next) {
        next = undo->next;
        entry_free(take_back ? replace(m, undo->kind, undo->id, undo->former) : undo->former);
        drop(undo->id);
        free(undo);
    }
}

static void add_row(struct memory *m, uint64_t row, bytes event)
{
    m->rows = realloc(m->rows, (m->rows_n + 1) * sizeof *m->rows);
    CHECK(m->rows);
    m->rows[m->rows_n++] = (struct row){row, copy(event)};
}

static err memory_apply(struct store *s, struct store_job *j, struct note *note)
{
    struct memory *m = of(s);
    struct undo *undo = NULL;
    err e = DONE;
    pthread_mutex_lock(&m->data);
    for (size_t i = 0; i < j->n && err_is_ok(e); i++) {
        e = apply_one(m, &j->changes[i], j->bodies[i], &undo, note);
    }
    undo_all(m, undo, !err_is_ok(e));
    if (err_is_ok(e) && j->event.n) add_row(m, j->row, j->event);
    pthread_mutex_unlock(&m->data);
    return e;
}

static err memory_begin(struct store *s, struct note *note)
{
    (void)s;
    (void)note;
    return DONE;
}

static err memory_commit(struct store *s, uint64_t sequence, uint64_t outbox_row,
                         uint64_t outbox_done, struct note *note)
{
    struct memory *m = of(s);
    (void)note;
    pthread_mutex_lock(&m->data);
    m->sequence = sequence;
    m->outbox_last = outbox_row;
    size_t kept = 0;
    for (size_t i = 0; i < m->rows_n; i++) {
        if (m->rows[i].row > outbox_done) m->rows[kept++] = m->rows[i];
        else drop(m->rows[i].event);
    }
    m->rows_n = kept;
    pthread_mutex_unlock(&m->data);
    return DONE;
}

/* Only after nothing was applied: here a transaction cannot be spoilt. */
static void memory_rollback(struct store *s)
{
    (void)s;
}

static err memory_keys_set(struct store *s, const struct server_keys *keys, struct note *note)
{
    (void)s;
    (void)keys;
    (void)note;
    return DONE;
}

static err memory_get(struct store *s, enum record_kind kind, bytes id, struct arena *a,
                      struct record *out)
{
    struct memory *m = of(s);
    bool found;
    pthread_mutex_lock(&m->data);
    const size_t at = place(m, kind, id, &found);
    const bytes body = found ? arena_copy(a, m->entries[at]->body) : (bytes){0};
    if (found) out->version = m->entries[at]->version;
    pthread_mutex_unlock(&m->data);
    if (!found) return FAIL(NOT_FOUND);
    if (a->bad) return FAIL(NO_MEMORY);
    return record_read(kind, body, a, out);
}

/* The next of this kind and scope after `after`, copied into the arena. */
static bool next_after(struct memory *m, enum record_kind kind, const struct uuid *scope,
                       bytes after, struct arena *a, struct entry *out)
{
    bool found;
    pthread_mutex_lock(&m->data);
    size_t at = place(m, kind, after, &found);
    if (found) at++;
    while (scope && at < m->n && m->entries[at]->kind == kind &&
           !uuid_eq(&m->entries[at]->scope, scope)) {
        at++;
    }
    found = at < m->n && m->entries[at]->kind == kind;
    if (found) {
        *out = *m->entries[at];
        out->id = arena_copy(a, out->id);
        out->body = arena_copy(a, out->body);
    }
    pthread_mutex_unlock(&m->data);
    return found;
}

static err memory_scan(struct store *s, enum record_kind kind, const struct uuid *scope, bytes after,
                       size_t max, store_visit *visit, void *owner, uint64_t *cursor)
{
    struct memory *m = of(s);
    pthread_mutex_lock(&m->data);
    if (cursor) *cursor = m->sequence;
    pthread_mutex_unlock(&m->data);
    struct arena a;
    arena_init(&a, 4 * RECORD_BODY_MAX);
    char last[RECORD_ID_MAX];
    struct entry e;
    err result = DONE;
    for (size_t n = 0; n < max && next_after(m, kind, scope, after, &a, &e); n++) {
        struct record r = {.version = e.version};
        result = record_read(kind, e.body, &a, &r);
        if (!err_is_ok(result) || !visit(owner, &r)) break;
        memcpy(last, e.id.p, e.id.n);
        after = bytes_of(last, e.id.n);
        arena_reset(&a);
    }
    arena_drop(&a);
    return result;
}

static err memory_outbox_read(struct store *s, uint64_t after_row, size_t max,
                              store_outbox_visit *visit, void *owner)
{
    struct memory *m = of(s);
    bool more = true;
    size_t given = 0;
    pthread_mutex_lock(&m->data);
    for (size_t i = 0; more && i < m->rows_n && given < max; i++) {
        if (m->rows[i].row <= after_row) continue;
        more = visit(owner, m->rows[i].row, m->rows[i].event);
        given++;
    }
    pthread_mutex_unlock(&m->data);
    return DONE;
}

static err memory_count(struct store *s, struct store_numbers *out)
{
    struct memory *m = of(s);
    pthread_mutex_lock(&m->data);
    out->sequence = m->sequence;
    out->outbox_last = m->outbox_last;
    out->outbox = m->rows_n;
    for (size_t i = 0; i < m->n; i++) {
        out->records[m->entries[i]->kind]++;
        out->bytes += (int64_t)m->entries[i]->body.n;
    }
    pthread_mutex_unlock(&m->data);
    return DONE;
}

static err memory_check(struct store *s, struct note *note)
{
    (void)s;
    (void)note;
    return DONE;
}

static err memory_backup(struct store *s, const char *path, struct note *note)
{
    (void)s;
    return note_fail(note, FAIL(IO), "a store in memory cannot be copied to %s", path);
}

static void memory_close(struct store *s)
{
    struct memory *m = of(s);
    for (size_t i = 0; i < m->n; i++) entry_free(m->entries[i]);
    for (size_t i = 0; i < m->rows_n; i++) drop(m->rows[i].event);
    free(m->entries);
    free(m->rows);
    pthread_mutex_destroy(&m->data);
    free(m);
}

static const struct store_backend backend = {
    .begin = memory_begin,
    .apply = memory_apply,
    .commit = memory_commit,
    .rollback = memory_rollback,
    .keys_set = memory_keys_set,
    .get = memory_get,
    .scan = memory_scan,
    .outbox_read = memory_outbox_read,
    .count = memory_count,
    .check = memory_check,
    .backup = memory_backup,
    .close = memory_close,
};

err store_memory_open(const struct store_ports *ports, struct store **out)
{
    struct memory *m = calloc(1, sizeof *m);
    if (!m) return FAIL(NO_MEMORY);
    CHECK(pthread_mutex_init(&m->data, NULL) == 0);
    const err e = store_begin(&m->base, &backend, ports, false);
    if (err_is_ok(e)) *out = &m->base;
    else memory_close(&m->base);
    return e;
}
