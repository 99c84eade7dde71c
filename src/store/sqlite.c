/* The store in one SQLite file: opening with all its refusals, and the writing half, which runs on the
 * writer thread alone.
 *
 * WAL with synchronous FULL: COMMIT has returned only when the change is on the disk. */
#include "store/sqlite_link.h"

#include "base/check.h"
#include "base/hex.h"
#include "base/owned.h"
#include "base/rd.h"
#include "base/secret.h"
#include "store/fold.h"
#include "store/folder.h"
#include "store/migration.h"
#include "store/gather_vfs.h"
#include "store/sqlite_error.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Pages of the log between two checkpoints: seldom enough to cost a commit little. What is laid out at start is for
 * a quiet daemon; under load the log grows once to its full length and stays. */
enum { CHECKPOINT_PAGES = 4000, LOG_BYTES = 72 << 16, PROOF_SIZE = SHA256_DIGEST_SIZE };
/* In the header of every SQLite file. */
enum { APPLICATION_ID_AT = 68 };

static struct sqlite_store *of(struct store *s)
{
    return LIST_OF(s, struct sqlite_store, base);
}

/* --- the writing half --- */

static err sqlite_begin(struct store *s, struct note *note)
{
    return sqlite_link_run(&of(s)->writer, SQL_BEGIN, note);
}

static void sqlite_rollback(struct store *s)
{
    struct sqlite_link *l = &of(s)->writer;
    if (!sqlite3_get_autocommit(l->db)) (void)!err_is_ok(sqlite_link_run(l, SQL_ROLLBACK, NULL));
}

static err sqlite_commit(struct store *s, uint64_t sequence, uint64_t outbox_row,
                         uint64_t outbox_done, struct note *note)
{
    struct sqlite_store *store = of(s);
    struct sqlite_link *l = &store->writer;
    err e = DONE;
    if (outbox_done > store->swept) {
        sqlite_link_number(l, SQL_OUTBOX_SWEEP, 1, outbox_done);
        e = sqlite_link_run(l, SQL_OUTBOX_SWEEP, note);
    }
    sqlite_link_number(l, SQL_STATE_SET, 1, sequence);
    sqlite_link_number(l, SQL_STATE_SET, 2, outbox_row);
    if (err_is_ok(e)) e = sqlite_link_run(l, SQL_STATE_SET, note);
    if (err_is_ok(e)) e = sqlite_link_run(l, SQL_COMMIT, note);
    if (err_is_ok(e)) store->swept = outbox_done;
    else sqlite_rollback(s);
    return e;
}

static int note_log(void *owner, sqlite3 *db, const char *name, int pages)
{
    struct sqlite_store *store = owner;
    (void)db;
    (void)name;
    store->log_pages = (unsigned)pages;
    return SQLITE_OK;
}

/* What could not be folded in now stays in the log until the next time. */
static void sqlite_settle(struct store *s)
{
    struct sqlite_store *store = of(s);
    if (store->log_pages < store->checkpoint_pages) return;
    (void)sqlite3_wal_checkpoint_v2(store->writer.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static err find(struct sqlite_link *l, struct change *c, bytes id, bool *found, struct note *note)
{
    err e = DONE;
    uint64_t version = 0;
    struct uuid scope = {{0}};
    sqlite_link_number(l, SQL_FIND, 1, c->record.kind);
    sqlite_link_text(l, SQL_FIND, 2, id);
    *found = sqlite_link_row(l, SQL_FIND, &e, note);
    if (*found) {
        version = sqlite_link_column_number(l, SQL_FIND, 0);
        const bytes b = sqlite_link_column(l, SQL_FIND, 1);
        if (b.n == sizeof scope) memcpy(&scope, b.p, b.n);
    }
    sqlite_link_reset(l, SQL_FIND);
    TRY(e);
    return store_expect(c, *found, version, &scope, note);
}

static err unclaim(struct sqlite_link *l, enum record_kind kind, bytes id, struct note *note)
{
    sqlite_link_number(l, SQL_UNCLAIM, 1, kind);
    sqlite_link_text(l, SQL_UNCLAIM, 2, id);
    return sqlite_link_run(l, SQL_UNCLAIM, note);
}

static err claim(struct sqlite_link *l, const struct record *r, bytes id, struct note *note)
{
    const bytes name = record_claim(r);
    if (!name.n) return DONE;
    const struct uuid scope = store_claim_scope(r);
    struct wr folded = wr_growing(RECORD_BODY_MAX);
    fold_write(name, &folded);
    if (folded.bad) return FAIL(NO_MEMORY);
    sqlite_link_number(l, SQL_CLAIM, 1, r->kind);
    sqlite_link_blob(l, SQL_CLAIM, 2, bytes_of(scope.b, sizeof scope.b));
    sqlite_link_blob(l, SQL_CLAIM, 3, wr_view(&folded));
    sqlite_link_text(l, SQL_CLAIM, 4, id);
    const int got = sqlite3_step(l->q[SQL_CLAIM]);
    const bool taken = (got & 0xff) == SQLITE_CONSTRAINT;
    const err e = got == SQLITE_DONE || taken ? DONE : sqlite_error(l->db, got, note);
    sqlite_link_reset(l, SQL_CLAIM);
    wr_drop(&folded);
    return taken ? store_name_taken(r, note) : e;
}

static void bind_record(struct sqlite_link *l, enum sql q, const struct record *r, const struct uuid *scope, bytes id,
                        bytes body)
{
    sqlite_link_number(l, q, 1, r->kind);
    sqlite_link_text(l, q, 2, id);
    sqlite_link_number(l, q, 3, r->version);
    sqlite_link_blob(l, q, 4, bytes_of(scope->b, sizeof scope->b));
    sqlite_link_blob(l, q, 5, body);
}

static err put(struct sqlite_link *l, const struct record *r, bytes id, bytes body, struct note *note)
{
    const struct uuid scope = record_scope(r).scope;
    bind_record(l, SQL_PUT, r, &scope, id, body);
    return sqlite_link_run(l, SQL_PUT, note);
}

/* What must not be there is not looked for first: that it is shows when it is added. */
static err add(struct sqlite_link *l, struct change *c, bytes id, bytes body, struct note *note)
{
    const struct uuid scope = record_scope(&c->record).scope;
    TRY(store_expect(c, false, 0, &scope, note));
    bind_record(l, SQL_ADD, &c->record, &scope, id, body);
    const int got = sqlite3_step(l->q[SQL_ADD]);
    const bool found = (got & 0xff) == SQLITE_CONSTRAINT;
    const err e = got == SQLITE_DONE || found ? DONE : sqlite_error(l->db, got, note);
    sqlite_link_reset(l, SQL_ADD);
    return found ? store_expect(c, true, 0, &scope, note) : e;
}

static bool is_only_added(const struct change *c)
{
    return c->verb == CHANGE_PUT && c->expect == CHANGE_ABSENT && record_claim(&c->record).n == 0;
}

static err apply_one(struct sqlite_link *l, struct change *c, bytes body, struct note *note)
{
    char text[RECORD_ID_MAX];
    const bytes id = bytes_of(text, record_id(&c->record, text));
    const enum record_kind kind = c->record.kind;
    bool found;
    if (is_only_added(c)) return add(l, c, id, body, note);
    TRY(find(l, c, id, &found, note));
    if (found) TRY(unclaim(l, kind, id, note));
    if (c->verb == CHANGE_PUT) {
        TRY(claim(l, &c->record, id, note));
        return put(l, &c->record, id, body, note);
    }
    sqlite_link_number(l, SQL_REMOVE, 1, kind);
    sqlite_link_text(l, SQL_REMOVE, 2, id);
    return sqlite_link_run(l, SQL_REMOVE, note);
}

static err apply_all(struct sqlite_link *l, struct store_job *j, struct note *note)
{
    for (size_t i = 0; i < j->n; i++) TRY(apply_one(l, &j->changes[i], j->bodies[i], note));
    if (!j->event.n) return DONE;
    sqlite_link_number(l, SQL_OUTBOX_ADD, 1, j->row);
    sqlite_link_blob(l, SQL_OUTBOX_ADD, 2, j->event);
    return sqlite_link_run(l, SQL_OUTBOX_ADD, note);
}

/* One record without a unique name is refused before anything of it is written. */
static bool is_refused_first(const struct store_job *j)
{
    return j->n == 1 && record_claim(&j->changes[0].record).n == 0;
}

static err sqlite_apply(struct store *s, struct store_job *j, struct note *note)
{
    struct sqlite_link *l = &of(s)->writer;
    if (j->alone || is_refused_first(j)) return apply_all(l, j, note);
    TRY(sqlite_link_run(l, SQL_JOB_BEGIN, note));
    const err e = apply_all(l, j, note);
    const enum err_class class = err_row(e)->class;
    if (class == ERR_CLASS_CONFLICT || class == ERR_CLASS_NOT_FOUND) {
        TRY(sqlite_link_run(l, SQL_JOB_UNDO, note));
    } else {
        TRY(e);
    }
    TRY(sqlite_link_run(l, SQL_JOB_END, note));
    return e;
}

/* --- server keys --- */

static void prove(const struct server_key *key, uint8_t out[PROOF_SIZE])
{
    const bytes label = BYTES("latchkey store v1");
    struct hmac_sha256_ctx hmac;
    hmac_sha256_set_key(&hmac, sizeof key->key, key->key);
    hmac_sha256_update(&hmac, label.n, label.p);
    hmac_sha256_digest(&hmac, PROOF_SIZE, out);
    secret_wipe(&hmac, sizeof hmac);
}

static err add_proofs(struct sqlite_link *l, const struct server_keys *keys, struct note *note)
{
    TRY(sqlite_link_run(l, SQL_KEY_CLEAR, note));
    for (size_t i = 0; i < keys->n; i++) {
        uint8_t proof[PROOF_SIZE];
        prove(&keys->list[i], proof);
        sqlite_link_number(l, SQL_KEY_ADD, 1, keys->list[i].id);
        sqlite_link_blob(l, SQL_KEY_ADD, 2, bytes_of(proof, sizeof proof));
        TRY(sqlite_link_run(l, SQL_KEY_ADD, note));
    }
    return DONE;
}

static err sqlite_keys_set(struct store *s, const struct server_keys *keys, struct note *note)
{
    TRY(sqlite_begin(s, note));
    err e = add_proofs(&of(s)->writer, keys, note);
    if (err_is_ok(e)) e = sqlite_link_run(&of(s)->writer, SQL_COMMIT, note);
    if (!err_is_ok(e)) sqlite_rollback(s);
    return e;
}

static err check_proof(uint16_t id, bytes proof, const struct server_keys *keys, struct note *note)
{
    const struct server_key *key = server_keys_find(keys, id);
    uint8_t own[PROOF_SIZE] = {0};
    if (!key) {
        return note_fail(note, FAIL(KEY_MISSING), "the store needs server key %u, which the key file has not:"
                         " put back the key file that belongs to this store", id);
    }
    prove(key, own);
    if (secret_eq(bytes_of(own, sizeof own), proof)) return DONE;
    return note_fail(note, FAIL(KEY_MISSING), "server key %u is not the one that this store was made with: put"
                     " back the key file that belongs to this store", id);
}

/* Every key that the store knows is there and the same; `*known` counts them. */
static err check_keys(struct sqlite_link *l, enum sql read, const struct server_keys *keys,
                      size_t *known, struct note *note)
{
    err e = DONE;
    *known = 0;
    while (err_is_ok(e) && sqlite_link_row(l, read, &e, note)) {
        const uint64_t id = sqlite_link_column_number(l, read, 0);
        e = check_proof((uint16_t)id, sqlite_link_column(l, read, 1), keys, note);
        (*known)++;
    }
    sqlite_link_reset(l, read);
    return e;
}

/* --- opening and closing --- */

static err check_modes(const char *path, struct note *note)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char name[4096];
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (snprintf(name, sizeof name, "%s%s", path, suffixes[i]) >= (int)sizeof name) {
            return note_fail(note, FAIL(BAD_INPUT), "the path of the store is too long");
        }
        const err e = folder_check_file(name, note);
        if (i == 0 || e.code != ERR_NOT_FOUND) TRY(e);
    }
    return DONE;
}

/* SQLite takes over the mode of the file for its companions. */
static err make_file(const char *path, struct note *note)
{
    OWNED(owned_close) int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0) return folder_sync_parent(path, note);
    return folder_cannot_create(path, note);
}

/* Room for the log between two checkpoints, written in advance: a sync of a file that does not grow is
 * half as dear. To SQLite a log of zeroes is an empty one. A log that is there belongs to the store. */
static void lay_out_log(const char *path)
{
    static const uint8_t zeroes[64 << 10];
    char name[FOLDER_PATH_MAX];
    if (snprintf(name, sizeof name, "%s-wal", path) >= (int)sizeof name) return;
    OWNED(owned_close) int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool whole = fd >= 0;
    for (size_t n = 0; whole && n < LOG_BYTES; n += sizeof zeroes) {
        whole = write(fd, zeroes, sizeof zeroes) == (ssize_t)sizeof zeroes;
    }
    if (whole) whole = fsync(fd) == 0;
    if (fd >= 0 && !whole) (void)unlink(name);
}

/* Before SQLite looks at the file: nothing is laid beside a file that is not ours. */
static bool is_marked_as_ours(const char *path)
{
    uint8_t mark[4] = {0};
    OWNED(owned_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || pread(fd, mark, sizeof mark, APPLICATION_ID_AT) != sizeof mark) return false;
    struct rd r = rd_over(bytes_of(mark, sizeof mark));
    return rd_u32be(&r) == MIGRATION_APPLICATION_ID;
}

static err open_writer(struct sqlite_store *s, const struct store_sqlite_options *o, struct note *note)
{
    struct sqlite_link *l = &s->writer;
    const int create = o->create && o->vfs ? SQLITE_OPEN_CREATE : 0;
    if (!o->vfs && !o->create && is_marked_as_ours(o->path)) lay_out_log(o->path);
    const char *layer = gather_vfs(o->vfs);
    TRY(sqlite_link_open(l, o->path, layer ? layer : o->vfs, SQLITE_OPEN_READWRITE | create, note));
    TRY(sqlite_link_exec(l, "PRAGMA synchronous = FULL", note));    /* before anything is written: gather_vfs.h */
    if (o->create) TRY(migration_create(l->db, note));
    else TRY(migration_run(l->db, false, note));
    if (!o->vfs && o->create) lay_out_log(o->path);
    TRY(sqlite_link_exec(l, "PRAGMA journal_mode = WAL", note));
    s->checkpoint_pages = o->checkpoint_pages ? o->checkpoint_pages : CHECKPOINT_PAGES;
    (void)sqlite3_wal_hook(l->db, note_log, s);
    TRY(sqlite_link_prepare(l, true, note));
    if (!o->keys) return DONE;
    size_t known = 0;
    TRY(check_keys(l, SQL_KEY_GET, o->keys, &known, note));
    return known == o->keys->n ? DONE : sqlite_keys_set(&s->base, o->keys, note);
}

static err open_readers(struct sqlite_store *s, const struct store_sqlite_options *o, struct note *note)
{
    const int flags = o->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    for (int i = 0; i < SQLITE_READERS; i++) {
        struct sqlite_link *l = &s->readers[i];
        TRY(sqlite_link_open(l, o->path, o->vfs, flags, note));
        if (o->read_only && i == 0) TRY(migration_run(l->db, true, note));
        TRY(sqlite_link_exec(l, "PRAGMA query_only = ON", note));
        TRY(sqlite_link_prepare(l, false, note));
    }
    size_t known = 0;
    return o->read_only && o->keys ? check_keys(&s->readers[0], SQL_KEY_READ, o->keys, &known, note) : DONE;
}

static err read_state(struct sqlite_store *s, struct note *note)
{
    err e = DONE;
    if (sqlite_link_row(&s->writer, SQL_STATE_GET, &e, note)) {
        s->base.sequence = sqlite_link_column_number(&s->writer, SQL_STATE_GET, 0);
        s->base.outbox_row = sqlite_link_column_number(&s->writer, SQL_STATE_GET, 1);
    } else if (err_is_ok(e)) {
        e = note_fail(note, FAIL(STORE_DAMAGED), "the store's row of state is missing: restore a backup");
    }
    sqlite_link_reset(&s->writer, SQL_STATE_GET);
    return e;
}

static void sqlite_close(struct store *base)
{
    struct sqlite_store *s = of(base);
    for (int i = 0; i < SQLITE_READERS; i++) sqlite_link_close(&s->readers[i]);
    sqlite_link_close(&s->writer);
    pthread_cond_destroy(&s->freed);
    pthread_mutex_destroy(&s->lock);
    free(s->path);
    free(s->vfs);
    free(s);
}

static const struct store_backend backend = {
    .begin = sqlite_begin,
    .apply = sqlite_apply,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .settle = sqlite_settle,
    .keys_set = sqlite_keys_set,
    .get = sqlite_read_get,
    .scan = sqlite_read_scan,
    .outbox_read = sqlite_read_outbox,
    .count = sqlite_read_count,
    .check = sqlite_read_check,
    .backup = sqlite_read_backup,
    .close = sqlite_close,
};

static err open_all(struct sqlite_store *s, const struct store_sqlite_options *o,
                    const struct store_ports *ports, struct note *note)
{
    if (!o->vfs && o->create) TRY(make_file(o->path, note));
    else if (!o->vfs) TRY(check_modes(o->path, note));
    if (!o->read_only) {
        TRY(open_writer(s, o, note));
        TRY(read_state(s, note));
        if (s->base.outbox_row < o->outbox_from) s->base.outbox_row = o->outbox_from;
    }
    TRY(open_readers(s, o, note));
    if (o->keys) store_key_know(&s->base, o->keys);
    return store_begin(&s->base, &backend, ports, o->read_only);
}

err store_sqlite_open(const struct store_sqlite_options *o, const struct store_ports *ports,
                      struct store **out, struct note *note)
{
    CHECK(!(o->create && o->read_only));
    struct sqlite_store *s = calloc(1, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    CHECK(pthread_mutex_init(&s->lock, NULL) == 0);
    CHECK(pthread_cond_init(&s->freed, NULL) == 0);
    s->path = strdup(o->path);
    s->vfs = o->vfs ? strdup(o->vfs) : NULL;
    const err e = open_all(s, o, ports, note);
    if (err_is_ok(e)) {
        *out = &s->base;
        return DONE;
    }
    sqlite_close(&s->base);
    if (o->create && !o->vfs && e.code != ERR_CONFLICT) (void)unlink(o->path);
    return e;
}
