/* Stepping and binding, for usage_file*.c. */
#pragma once

#include "usage/usage_file.h"

/* A statement that gives no rows, with what was bound. */
MUST err usage_file_run(struct usage_file *f, enum usage_sql id, struct note *note);
/* One row: true; none: false, or *e set. Open until usage_file_reset. */
bool usage_file_row(struct usage_file *f, enum usage_sql id, err *e, struct note *note);
/* All of those whose hours go on after this one, from the refusals that there are. */
MUST err usage_file_redo_sums(struct usage_file *f, int64_t after, struct note *note);
void usage_file_reset(struct usage_file *f, enum usage_sql id);
/* Lent until the statement is reset. */
void usage_file_number(struct usage_file *f, enum usage_sql id, int at, int64_t v);
void usage_file_text(struct usage_file *f, enum usage_sql id, int at, bytes text);
void usage_file_uuid(struct usage_file *f, enum usage_sql id, int at, const struct uuid *u);

static inline int64_t usage_file_column(struct usage_file *f, enum usage_sql id, int at)
{
    return sqlite3_column_int64(f->q[id], at);
}
static inline bytes usage_file_column_bytes(struct usage_file *f, enum usage_sql id, int at)
{
    const void *p = sqlite3_column_blob(f->q[id], at);
    return bytes_of(p, p ? (size_t)sqlite3_column_bytes(f->q[id], at) : 0);
}
