/* A connection: opened, prepared, stepped, bound; nothing here knows what the statements mean. */
#include "store/sqlite_link.h"

#include "base/check.h"
#include "store/sqlite_error.h"

enum { SQL_W = 1, SQL_R = 2 };

static const struct {
    const char *text;
    int side;
} texts[SQLS] = {
#define SQL(id, side, text) [SQL_##id] = {text, SQL_##side},
#include "store/sqlite_sql.def"
#undef SQL
};

err sqlite_link_exec(struct sqlite_link *l, const char *sql, struct note *note)
{
    const int got = sqlite3_exec(l->db, sql, NULL, NULL, NULL);
    return got == SQLITE_OK ? DONE : sqlite_error(l->db, got, note);
}

err sqlite_link_open(struct sqlite_link *l, const char *path, const char *vfs, int flags,
                     struct note *note)
{
    const int got = sqlite3_open_v2(path, &l->db, flags | SQLITE_OPEN_NOMUTEX, vfs);
    if (got != SQLITE_OK) return sqlite_error(l->db, got, note);
    sqlite3_extended_result_codes(l->db, 1);
    sqlite3_busy_timeout(l->db, SQLITE_BUSY_MS);
    (void)sqlite3_db_config(l->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(l->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return sqlite_link_exec(l, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;", note);
}

err sqlite_link_prepare(struct sqlite_link *l, bool writer, struct note *note)
{
    for (int i = 0; i < SQLS; i++) {
        if (texts[i].side != (writer ? SQL_W : SQL_R)) continue;
        const int got = sqlite3_prepare_v3(l->db, texts[i].text, -1, SQLITE_PREPARE_PERSISTENT,
                                           &l->q[i], NULL);
        if (got != SQLITE_OK) return sqlite_error(l->db, got, note);
    }
    return DONE;
}

void sqlite_link_close(struct sqlite_link *l)
{
    for (int i = 0; i < SQLS; i++) sqlite3_finalize(l->q[i]);
    if (l->db) CHECK(sqlite3_close(l->db) == SQLITE_OK);
    *l = (struct sqlite_link){0};
}

err sqlite_link_run(struct sqlite_link *l, enum sql id, struct note *note)
{
    const int got = sqlite3_step(l->q[id]);
    const err e = got == SQLITE_DONE ? DONE : sqlite_error(l->db, got, note);
    sqlite_link_reset(l, id);
    return e;
}

bool sqlite_link_row(struct sqlite_link *l, enum sql id, err *e, struct note *note)
{
    const int got = sqlite3_step(l->q[id]);
    if (got == SQLITE_ROW) return true;
    if (got != SQLITE_DONE) *e = sqlite_error(l->db, got, note);
    return false;
}

void sqlite_link_reset(struct sqlite_link *l, enum sql id)
{
    (void)sqlite3_reset(l->q[id]);
    (void)sqlite3_clear_bindings(l->q[id]);
}

void sqlite_link_number(struct sqlite_link *l, enum sql id, int at, uint64_t v)
{
    (void)sqlite3_bind_int64(l->q[id], at, (sqlite3_int64)v);
}

void sqlite_link_text(struct sqlite_link *l, enum sql id, int at, bytes text)
{
    (void)sqlite3_bind_text(l->q[id], at, text.n ? (const char *)text.p : "", (int)text.n,
                            SQLITE_STATIC);
}

void sqlite_link_blob(struct sqlite_link *l, enum sql id, int at, bytes blob)
{
    (void)sqlite3_bind_blob(l->q[id], at, blob.n ? (const void *)blob.p : "", (int)blob.n,
                            SQLITE_STATIC);
}

bytes sqlite_link_column(struct sqlite_link *l, enum sql id, int at)
{
    const void *p = sqlite3_column_blob(l->q[id], at);
    return bytes_of(p, p ? (size_t)sqlite3_column_bytes(l->q[id], at) : 0);
}

uint64_t sqlite_link_column_number(struct sqlite_link *l, enum sql id, int at)
{
    return (uint64_t)sqlite3_column_int64(l->q[id], at);
}
