/* The file: opening it, and its transactions. */
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
    VERSION = 2,
    BUSY_MS = 2000,
    PATH_SIZE = 4096 + 32
};

static const char *const texts[USAGE_SQLS] = {
#define TABLE(text)
#define SUM(text)
#define SQL(id, text) [USAGE_SQL_##id] = text,
#include "usage/usage_sql.def"
#undef SQL
#undef SUM
#undef TABLE
};

static const char schema[] = "PRAGMA auto_vacuum = NONE;"
#define TABLE(text) text ";"
#define SUM(text) text ";"
#define SQL(id, text)
#include "usage/usage_sql.def"
#undef SQL
#undef SUM
#undef TABLE
    ;

static const char sums[] =
#define TABLE(text)
#define SUM(text) text ";"
#define SQL(id, text)
#include "usage/usage_sql.def"
#undef SQL
#undef SUM
#undef TABLE
    "INSERT INTO scope_refusal (hour, scope, reason, n)"
    " SELECT hour, scope, reason, sum(n) FROM refusal GROUP BY hour, scope, reason;";

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

static err check_kind(struct usage_file *f, bool *lacks_sums, struct note *note)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t tables = 0;
    TRY(read_one(f, "SELECT count(*) FROM sqlite_schema", &tables, note));
    if (tables == 0) return make(f, note);
    TRY(read_one(f, "PRAGMA application_id", &application, note));
    TRY(read_one(f, "PRAGMA user_version", &version, note));
    *lacks_sums = version == 1;
    if (application == APPLICATION_ID && (*lacks_sums || version == VERSION)) return DONE;
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

/* Of a file of version 1 they are made once: some seconds for a million refusals. */
static err add_sums(struct usage_file *f, struct note *note)
{
    TRY(exec(f, "BEGIN IMMEDIATE", note));
    TRY(exec(f, sums, note));
    TRY(prepare(f, note));
    TRY(usage_file_redo_sums(f, 0, note));
    return exec(f, "PRAGMA user_version = 2; COMMIT", note);
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
    bool lacks_sums = false;
    TRY(check_kind(f, &lacks_sums, note));
    return lacks_sums ? add_sums(f, note) : prepare(f, note);
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

/* --- transactions --- */

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
