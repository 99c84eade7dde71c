/* Literals and bound values of a SELECT that the gateway answers, as the bytes of a column's
 * cells. */
#pragma once

#include "base/arena.h"
#include "cql/request.h"
#include "statement/statement.h"

/* The bound values of a request, by number and by name. */
struct table_binds {
    struct request_value *values;
    bytes *names;    /* empty names when they come by number */
    size_t n;
    bool named;
};

/* Errors: CQL_INVALID when there are too few or too many, NO_MEMORY. */
MUST err table_value_binds(const struct request_params *params, uint32_t wanted,
                           struct arena *arena, struct table_binds *out, struct note *note);
/* The first number of a type [option]. */
uint16_t table_value_type(bytes option);
/* `type` is a column's [option]. Errors: CQL_INVALID, NO_MEMORY. */
MUST err table_value_cell(const struct statement_value *v, bytes type,
                          const struct table_binds *binds, struct arena *arena, bytes *out,
                          struct note *note);
/* A bound list, as IN ? takes it. */
MUST err table_value_list(const struct statement_value *v, const struct table_binds *binds,
                          struct arena *arena, bytes **out, size_t *out_n, struct note *note);
