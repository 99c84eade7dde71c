/* A SELECT carried out by the gateway itself on rows that it has: columns, aliases, equalities and
 * INs, count(*), DISTINCT, LIMIT, pages. */
#pragma once

#include "base/arena.h"
#include "cql/request.h"
#include "cql/response.h"
#include "statement/statement.h"

/* Rows to select from; embed it. A cell with p == NULL is null. */
struct table_source {
    bytes keyspace;
    bytes table;
    const struct response_column *columns;
    size_t columns_n;
    size_t rows_n;
    bytes (*cell)(const struct table_source *s, size_t row, size_t column);
    bool (*shows)(const struct table_source *s, size_t row);    /* NULL: all rows */
};

/* Appends a Rows frame to w. Errors: CQL_INVALID (another shape of query, an unknown column, values
 * that do not fit; said in the note), NO_MEMORY. Nothing of use is in w then. */
MUST err table_select_run(const struct table_source *source, const struct statement *what,
                          const struct request_params *params, struct response_to to,
                          struct arena *arena, struct wr *w, struct note *note);
/* Appends the PREPARED frame of the same statement. */
MUST err table_select_prepare(const struct table_source *source, const struct statement *what,
                              struct response_to to, bytes id, struct arena *arena, struct wr *w,
                              struct note *note);
