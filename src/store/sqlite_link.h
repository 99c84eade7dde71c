/* One connection to the SQLite file with its prepared statements, and what the two halves of the
 * SQLite store (sqlite.c writes, sqlite_read.c reads) share. */
#pragma once

#include "store/backend.h"

#include <sqlite3.h>

enum sql {
#define SQL(id, side, text) SQL_##id,
#include "store/sqlite_sql.def"
#undef SQL
    SQLS
};

enum { SQLITE_READERS = 4, SQLITE_BUSY_MS = 5000 };

struct sqlite_link {
    sqlite3 *db;
    sqlite3_stmt *q[SQLS];
    bool busy;                /* a reader that is in use */
};

struct sqlite_store {
    struct store base;
    struct sqlite_link writer;             /* db NULL when read only */
    struct sqlite_link readers[SQLITE_READERS];
    pthread_mutex_t lock;                  /* guards readers[].busy */
    pthread_cond_t freed;
    uint64_t swept;                        /* outbox rows up to here were deleted */
    unsigned checkpoint_pages;             /* of the log, after which it is folded into the file */
    unsigned log_pages;                    /* in the log after the last commit */
    char *path;
    char *vfs;
};

/* Opens with SQLite's own `flags`; statements come later, when the schema is there. */
MUST err sqlite_link_open(struct sqlite_link *l, const char *path, const char *vfs, int flags,
                          struct note *note);
MUST err sqlite_link_prepare(struct sqlite_link *l, bool writer, struct note *note);
void sqlite_link_close(struct sqlite_link *l);
MUST err sqlite_link_exec(struct sqlite_link *l, const char *sql, struct note *note);

/* Runs a statement that gives no rows, with what was bound, and forgets the bindings. */
MUST err sqlite_link_run(struct sqlite_link *l, enum sql id, struct note *note);
/* One row: true; none: false, or *e set. The statement stays open until sqlite_link_reset. */
bool sqlite_link_row(struct sqlite_link *l, enum sql id, err *e, struct note *note);
void sqlite_link_reset(struct sqlite_link *l, enum sql id);

void sqlite_link_number(struct sqlite_link *l, enum sql id, int at, uint64_t v);
/* Lent until the statement is reset. */
void sqlite_link_text(struct sqlite_link *l, enum sql id, int at, bytes text);
void sqlite_link_blob(struct sqlite_link *l, enum sql id, int at, bytes blob);
/* Valid until the next step or reset. */
bytes sqlite_link_column(struct sqlite_link *l, enum sql id, int at);
uint64_t sqlite_link_column_number(struct sqlite_link *l, enum sql id, int at);

/* sqlite_read.c */
err sqlite_read_get(struct store *s, enum record_kind kind, bytes id, struct arena *a,
                    struct record *out);
err sqlite_read_scan(struct store *s, enum record_kind kind, const struct uuid *scope, bytes after,
                     size_t max, store_visit *visit, void *owner, uint64_t *cursor);
err sqlite_read_outbox(struct store *s, uint64_t after_row, size_t max, store_outbox_visit *visit,
                       void *owner);
err sqlite_read_count(struct store *s, struct store_numbers *out);
err sqlite_read_check(struct store *s, struct note *note);
err sqlite_read_backup(struct store *s, const char *path, struct note *note);
