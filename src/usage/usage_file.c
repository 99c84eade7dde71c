/* The file: opening and writing. */
#include "usage/usage_file.h"

#include "base/check.h"
#include "store/sqlite_error.h"
#include "usage/usage_file_own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    APPLICATION_ID = 0x4c4b5531, /* "LKU1" */
    VERSION = 1,
    BUSY_MS = 2000,
    PATH_SIZE = 4096 + 32
};

static const char *const texts[USAGE_SQLS] = {
#define TABLE(text)
#define SQL(id, text) [USAGE_SQL_##id] = text,
#include "usage/usage_sql.def"
#undef SQL
#undef TABLE
};

static const char schema[] = "PRAGMA auto_vacuum = NONE;"
#define TABLE(text) text ";"
#define SQL(id, text)
#include "usage/usage_sql.def"
#undef SQL
#undef TABLE
    ;

/* SQLite's words; the store's own advice would be wrong here. */
static err failed(struct usage_file *f, int result, struct note *note)
{
    const err e = sqlite_error(f->db, result, NULL);
    return note_fail(note, e, "%s", f->db ? sqlite3_errmsg(f->db) : err_text(e));
}

static err exec(struct usage_file *f, const char *sql, struct note *note)
{
    const int got = sqlite3_exec(f->db, sql, NULL, NULL, NULL);
    return got == SQLITE_OK ? DONE : failed(f, got, note);
}

err usage_file_run(struct usage_file *f, enum usage_sql id, struct note *note)
{
    const int got = sqlite3_step(f->q[id]);
    const err e = got == SQLITE_DONE ? DONE : failed(f, got, note);
    usage_file_reset(f, id);
    return e;
}

bool usage_file_row(struct usage_file *f, enum usage_sql id, err *e, struct note *note)
{
    const int got = sqlite3_step(f->q[id]);
    if (got == SQLITE_ROW) return true;
    if (got != SQLITE_DONE) *e = failed(f, got, note);
    return false;
}

void usage_file_reset(struct usage_file *f, enum usage_sql id)
{
    (void)sqlite3_reset(f->q[id]);
    (void)sqlite3_clear_bindings(f->q[id]);
}

void usage_file_number(struct usage_file *f, enum usage_sql id, int at, int64_t v)
{
    (void)sqlite3_bind_int64(f->q[id], at, v);
}

void usage_file_text(struct usage_file *f, enum usage_sql id, int at, bytes text)
{
    (void)sqlite3_bind_text(f->q[id], at, text.n ? (const char *)text.p : "", (int)text.n,
                            SQLITE_STATIC);
}

void usage_file_uuid(struct usage_file *f, enum usage_sql id, int at, const struct uuid *u)
{
    (void)sqlite3_bind_blob(f->q[id], at, u->b, sizeof u->b, SQLITE_STATIC);
}

/* --- opening --- */

static err read_one(struct usage_file *f, const char *sql, int64_t *out, struct note *note)
{
    sqlite3_stmt *q = NULL;
    int got = sqlite3_prepare_v2(f->db, sql, -1, &q, NULL);
    if (got == SQLITE_OK) got = sqlite3_step(q);
    if (got == SQLITE_ROW) *out = sqlite3_column_int64(q, 0);
    const err e = got == SQLITE_ROW ? DONE : failed(f, got, note);
    (void)sqlite3_finalize(q);
    return e;
}

static err make(struct usage_file *f, struct note *note)
{
    char marks[128];
    (void)snprintf(marks, sizeof marks, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
                   APPLICATION_ID, VERSION);
    TRY(exec(f, "BEGIN IMMEDIATE", note));
    TRY(exec(f, schema, note));
    TRY(exec(f, marks, note));
    return exec(f, "COMMIT", note);
}

static err check_kind(struct usage_file *f, struct note *note)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t tables = 0;
    TRY(read_one(f, "SELECT count(*) FROM sqlite_schema", &tables, note));
    if (tables == 0) return make(f, note);
    TRY(read_one(f, "PRAGMA application_id", &application, note));
    TRY(read_one(f, "PRAGMA user_version", &version, note));
    if (application == APPLICATION_ID && version == VERSION) return DONE;
    return note_fail(note, FAIL(STORE_WRONG), "it is no usage file of this version");
}

static err prepare(struct usage_file *f, struct note *note)
{
    for (int i = 0; i < USAGE_SQLS; i++) {
        const int got =
            sqlite3_prepare_v3(f->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &f->q[i], NULL);
        if (got == SQLITE_NOMEM) return FAIL(NO_MEMORY);
        /* Other tables than ours: as wrong as no file of ours at all. */
        if (got == SQLITE_ERROR) return note_fail(note, FAIL(STORE_WRONG), "%s", sqlite3_errmsg(f->db));
        if (got != SQLITE_OK) return failed(f, got, note);
    }
    return DONE;
}

static err open_it(const char *path, struct usage_file *f, struct note *note)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int got = sqlite3_open_v2(path, &f->db, flags, NULL);
    if (got != SQLITE_OK) return failed(f, got, note);
    sqlite3_extended_result_codes(f->db, 1);
    sqlite3_busy_timeout(f->db, BUSY_MS);
    (void)sqlite3_db_config(f->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(f->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    TRY(exec(f, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL;"
                "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216;", note));
    TRY(check_kind(f, note));
    return prepare(f, note);
}

err usage_file_open(const char *path, struct usage_file *f, struct note *note)
{
    *f = (struct usage_file){0};
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return note_fail(note, FAIL(IO), "%s cannot be opened (errno %d)", path, errno);
    (void)fchmod(fd, 0600);
    (void)close(fd);
    const err e = open_it(path, f, note);
    if (!err_is_ok(e)) usage_file_close(f);
    return e;
}

void usage_file_close(struct usage_file *f)
{
    for (int i = 0; i < USAGE_SQLS; i++) (void)sqlite3_finalize(f->q[i]);
    if (f->db) CHECK(sqlite3_close(f->db) == SQLITE_OK);
    *f = (struct usage_file){0};
}

void usage_file_set_aside(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char from[PATH_SIZE];
        char to[PATH_SIZE];
        (void)snprintf(from, sizeof from, "%s%s", path, endings[i]);
        (void)snprintf(to, sizeof to, "%s.damaged%s", path, endings[i]);
        if (rename(from, to) != 0) (void)unlink(to);
    }
}

/* --- writing --- */

err usage_file_begin(struct usage_file *f, struct note *note)
{
    return usage_file_run(f, USAGE_SQL_BEGIN, note);
}

err usage_file_commit(struct usage_file *f, struct note *note)
{
    return usage_file_run(f, USAGE_SQL_COMMIT, note);
}

void usage_file_rollback(struct usage_file *f)
{
    if (!sqlite3_get_autocommit(f->db)) (void)!err_is_ok(usage_file_run(f, USAGE_SQL_ROLLBACK, NULL));
}

static err add_token(struct usage_file *f, const struct usage_delta *d, int64_t hour,
                     int64_t *number, struct note *note)
{
    usage_file_text(f, USAGE_SQL_TOKEN_ADD, 1, d->client_id);
    usage_file_uuid(f, USAGE_SQL_TOKEN_ADD, 2, &d->scope);
    usage_file_number(f, USAGE_SQL_TOKEN_ADD, 3, d->used_ms);
    usage_file_text(f, USAGE_SQL_TOKEN_ADD, 4, d->used_ms ? d->from : (bytes){0});
    usage_file_text(f, USAGE_SQL_TOKEN_ADD, 5, d->used_ms ? d->by : (bytes){0});
    usage_file_number(f, USAGE_SQL_TOKEN_ADD, 6, hour);
    TRY(usage_file_run(f, USAGE_SQL_TOKEN_ADD, note));
    *number = sqlite3_last_insert_rowid(f->db);
    return DONE;
}

static err use_token(struct usage_file *f, const struct usage_delta *d, int64_t hour,
                     int64_t number, struct note *note)
{
    usage_file_number(f, USAGE_SQL_TOKEN_USE, 1, number);
    usage_file_number(f, USAGE_SQL_TOKEN_USE, 2, d->used_ms);
    usage_file_text(f, USAGE_SQL_TOKEN_USE, 3, d->from);
    usage_file_text(f, USAGE_SQL_TOKEN_USE, 4, d->by);
    usage_file_number(f, USAGE_SQL_TOKEN_USE, 5, hour);
    return usage_file_run(f, USAGE_SQL_TOKEN_USE, note);
}

/* Its number; a later use replaces an earlier one, and any use one that has not come yet: of a clock that
 * was wrong. */
static err note_token(struct usage_file *f, const struct usage_delta *d, int64_t hour,
                      int64_t *number, struct note *note)
{
    err e = DONE;
    usage_file_text(f, USAGE_SQL_TOKEN_FIND, 1, d->client_id);
    const bool known = usage_file_row(f, USAGE_SQL_TOKEN_FIND, &e, note);
    *number = known ? usage_file_column(f, USAGE_SQL_TOKEN_FIND, 0) : 0;
    const int64_t used_ms = known ? usage_file_column(f, USAGE_SQL_TOKEN_FIND, 1) : 0;
    const int64_t seen = known ? usage_file_column(f, USAGE_SQL_TOKEN_FIND, 4) : 0;
    usage_file_reset(f, USAGE_SQL_TOKEN_FIND);
    TRY(e);
    if (!known) return add_token(f, d, hour, number, note);
    const bool ahead = d->used_ms && used_ms / USAGE_FILE_HOUR_MS > hour + 1;
    if (d->used_ms > used_ms || ahead) return use_token(f, d, hour, *number, note);
    if (seen == hour) return DONE;
    usage_file_number(f, USAGE_SQL_TOKEN_SEE, 1, *number);
    usage_file_number(f, USAGE_SQL_TOKEN_SEE, 2, hour);
    return usage_file_run(f, USAGE_SQL_TOKEN_SEE, note);
}

static err note_place(struct usage_file *f, const struct uuid *database,
                      const struct usage_delta_table *t, int64_t hour, int64_t *number,
                      struct note *note)
{
    err e = DONE;
    usage_file_uuid(f, USAGE_SQL_PLACE_FIND, 1, database);
    usage_file_text(f, USAGE_SQL_PLACE_FIND, 2, t->keyspace);
    usage_file_text(f, USAGE_SQL_PLACE_FIND, 3, t->table);
    const bool known = usage_file_row(f, USAGE_SQL_PLACE_FIND, &e, note);
    *number = known ? usage_file_column(f, USAGE_SQL_PLACE_FIND, 0) : 0;
    const int64_t seen = known ? usage_file_column(f, USAGE_SQL_PLACE_FIND, 1) : 0;
    usage_file_reset(f, USAGE_SQL_PLACE_FIND);
    TRY(e);
    if (known && seen == hour) return DONE;
    if (known) {
        usage_file_number(f, USAGE_SQL_PLACE_SEE, 1, *number);
        usage_file_number(f, USAGE_SQL_PLACE_SEE, 2, hour);
        return usage_file_run(f, USAGE_SQL_PLACE_SEE, note);
    }
    usage_file_uuid(f, USAGE_SQL_PLACE_ADD, 1, database);
    usage_file_text(f, USAGE_SQL_PLACE_ADD, 2, t->keyspace);
    usage_file_text(f, USAGE_SQL_PLACE_ADD, 3, t->table);
    usage_file_number(f, USAGE_SQL_PLACE_ADD, 4, hour);
    TRY(usage_file_run(f, USAGE_SQL_PLACE_ADD, note));
    *number = sqlite3_last_insert_rowid(f->db);
    return DONE;
}

static err add_visits(struct usage_file *f, const struct usage_delta *d, int64_t token,
                      int64_t hour, struct note *note)
{
    for (const struct usage_delta_table *t = d->tables; t; t = t->next) {
        int64_t place = 0;
        TRY(note_place(f, &d->database, t, hour, &place, note));
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 1, hour);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 2, token);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 3, place);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 4, t->reads);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 5, t->writes);
        usage_file_number(f, USAGE_SQL_VISIT_ADD, 6, d->used_ms);
        TRY(usage_file_run(f, USAGE_SQL_VISIT_ADD, note));
    }
    return DONE;
}

static err add_refusals(struct usage_file *f, const struct usage_delta *d, int64_t token,
                        int64_t hour, struct note *note)
{
    for (unsigned r = REFUSAL_NONE + 1; r < REFUSALS; r++) {
        if (!d->refused[r]) continue;
        usage_file_number(f, USAGE_SQL_REFUSAL_ADD, 1, hour);
        usage_file_uuid(f, USAGE_SQL_REFUSAL_ADD, 2, &d->scope);
        usage_file_number(f, USAGE_SQL_REFUSAL_ADD, 3, token);
        usage_file_number(f, USAGE_SQL_REFUSAL_ADD, 4, refusal_number((enum refusal)r));
        usage_file_number(f, USAGE_SQL_REFUSAL_ADD, 5, d->refused[r]);
        TRY(usage_file_run(f, USAGE_SQL_REFUSAL_ADD, note));
    }
    return DONE;
}

static err add_hour(struct usage_file *f, enum usage_sql id, const struct usage_delta *d,
                    struct note *note)
{
    usage_file_number(f, id, 3, d->logins);
    usage_file_number(f, id, 4, d->refusals);
    usage_file_number(f, id, 5, d->statements);
    return usage_file_run(f, id, note);
}

err usage_file_add(struct usage_file *f, const struct usage_delta *d, int64_t now_ms,
                   struct note *note)
{
    const int64_t hour = now_ms / USAGE_FILE_HOUR_MS;
    int64_t token = 0;
    if (d->client_id.n) TRY(note_token(f, d, hour, &token, note));
    TRY(add_refusals(f, d, token, hour, note));
    if (token) TRY(add_visits(f, d, token, hour, note));
    if (!d->logins && !d->refusals && !d->statements) return DONE;
    usage_file_number(f, USAGE_SQL_SCOPE_ADD, 1, hour);
    usage_file_uuid(f, USAGE_SQL_SCOPE_ADD, 2, &d->scope);
    TRY(add_hour(f, USAGE_SQL_SCOPE_ADD, d, note));
    if (!token) return DONE;
    usage_file_number(f, USAGE_SQL_HOUR_ADD, 1, hour);
    usage_file_number(f, USAGE_SQL_HOUR_ADD, 2, token);
    return add_hour(f, USAGE_SQL_HOUR_ADD, d, note);
}
