/* The counts on disk: one SQLite file beside the store, in hours. It is not the truth of anything: no
 * fsync is waited for, and a file that cannot be read is set aside for a new one. */
#pragma once

#include "base/err.h"
#include "usage/usage_count.h"

#include <sqlite3.h>

enum {
    USAGE_FILE_DAYS = 30,
    USAGE_FILE_HOURS = USAGE_FILE_DAYS * 24,
    USAGE_FILE_HOUR_MS = 3600 * 1000,
    USAGE_FILE_TABLES = 1000, /* of one token that are shown, those used last */
    USAGE_FILE_REFUSED = 10,  /* tokens that are shown as refused most, */
    USAGE_FILE_SUMS = 250000  /* found among so many sums of a token's, the newest hours' mostly */
};

enum usage_sql {
#define TABLE(text)
#define SUM(text)
#define SQL(id, text) USAGE_SQL_##id,
#include "usage/usage_sql.def"
#undef SQL
#undef SUM
#undef TABLE
    USAGE_SQLS
};

struct usage_file {
    sqlite3 *db; /* NULL: closed */
    sqlite3_stmt *q[USAGE_SQLS];
};

/* Makes the file (0600) when it is not there. STORE_DAMAGED, STORE_WRONG: set it aside; IO, STORE_FULL,
 * NO_MEMORY. */
MUST err usage_file_open(const char *path, struct usage_file *f, struct note *note);
void usage_file_close(struct usage_file *f);
/* Out of the way, to PATH.damaged, which is replaced. */
void usage_file_set_aside(const char *path);

/* One transaction: what workers handed over. */
MUST err usage_file_begin(struct usage_file *f, struct note *note);
MUST err usage_file_add(struct usage_file *f, const struct usage_delta *d, int64_t now_ms,
                        struct note *note);
MUST err usage_file_commit(struct usage_file *f, struct note *note);
void usage_file_rollback(struct usage_file *f);

/* Tokens after `*after`, at most `max`; `*after` follows. */
typedef void usage_file_visit_token(void *owner, int64_t number, bytes client_id, int64_t used_ms,
                                    int64_t seen_hour);
MUST err usage_file_each_token(struct usage_file *f, int64_t *after, size_t max, size_t *seen,
                               usage_file_visit_token *visit, void *owner, struct note *note);
MUST err usage_file_count_tokens(struct usage_file *f, size_t *out, struct note *note);
MUST err usage_file_remove_token(struct usage_file *f, int64_t number, struct note *note);
/* Removes hours before `first` and after `last`. Sums whose first hours are gone are kept as they are; where the
 * clock was set back behind all that is kept they may then lack some refusals. */
MUST err usage_file_sweep(struct usage_file *f, int64_t first, int64_t last, struct note *note);
/* Bytes in use, and the oldest hour that there is. */
MUST err usage_file_size(struct usage_file *f, int64_t *bytes_n, int64_t *oldest,
                         struct note *note);

/* --- questions --- */

struct usage_seen {
    int64_t number; /* 0: nothing is known of it */
    int64_t used_ms; /* 0: never */
    char from[USAGE_COUNT_FROM];
    char by[USAGE_COUNT_BY];
};
MUST err usage_file_token(struct usage_file *f, bytes client_id, struct usage_seen *out);

struct usage_hour {
    int64_t logins;
    int64_t refusals;
    int64_t statements;
};
/* `first` and the n - 1 hours after it. Of a token by its number, or of a scope. */
struct usage_span {
    int64_t first;
    size_t n;
    struct uuid scope;
    int64_t token; /* 0: all of the scope */
};
MUST err usage_file_hours(struct usage_file *f, const struct usage_span *span,
                          struct usage_hour *out);
MUST err usage_file_refusals(struct usage_file *f, const struct usage_span *span,
                             int64_t out[REFUSALS]);
typedef void usage_file_visit_refused(void *owner, bytes client_id, int64_t n);
MUST err usage_file_refused(struct usage_file *f, const struct usage_span *span,
                            usage_file_visit_refused *visit, void *owner);
struct usage_visit {
    struct uuid database;
    bytes keyspace;
    bytes table;
    int64_t reads;
    int64_t writes;
    int64_t used_ms;
};
typedef void usage_file_visit_table(void *owner, const struct usage_visit *v);
MUST err usage_file_tables(struct usage_file *f, const struct usage_span *span,
                           usage_file_visit_table *visit, void *owner);
