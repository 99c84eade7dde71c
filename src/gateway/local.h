/* Statements that the gateway answers itself: USE, system tables, the schema, DESCRIBE. */
#pragma once

#include "cql/request.h"
#include "gateway/admit.h"

static inline bool local_is(const struct statement *what)
{
    return what->route != STATEMENT_ROUTE_FORWARD && what->route != STATEMENT_ROUTE_ESTIMATES;
}

/* Whose PREPARE is answered here as well; the columns of estimates only a node knows. */
static inline bool local_prepares(const struct statement *what)
{
    return local_is(what) && what->route != STATEMENT_ROUTE_ESTIMATES_BOUND;
}

/* `number` is the one that the permit was asked for. */
enum envelope_fate local_answer(struct envelope *e, const struct picture *picture,
                                const struct statement *what, const struct request_params *params,
                                const struct permit *permit, uint64_t number);
/* `text` is the client's own. */
enum envelope_fate local_prepare(struct envelope *e, const struct picture *picture,
                                 const struct statement *what, bytes text);
