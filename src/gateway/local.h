/* Statements that the gateway answers itself: USE, system tables, the schema, DESCRIBE. */
#pragma once

#include "cql/request.h"
#include "gateway/admit.h"

static inline bool local_is(const struct statement *what)
{
    return what->route != STATEMENT_ROUTE_FORWARD && what->route != STATEMENT_ROUTE_ESTIMATES;
}

/* `number` is the one that the permit was asked for. */
enum envelope_fate local_answer(struct envelope *e, const struct picture *picture,
                                const struct statement *what, const struct request_params *params,
                                const struct permit *permit, uint64_t number);
/* `text` is the client's own. */
enum envelope_fate local_prepare(struct envelope *e, const struct picture *picture,
                                 const struct statement *what, bytes text);
