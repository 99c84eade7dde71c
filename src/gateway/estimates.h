/* Estimates of a table that bound values name (statement/statement.h): decided with the values of
 * each request, never from what was decided before. */
#pragma once

#include "cql/request.h"
#include "gateway/admit.h"

enum envelope_fate estimates_answer(struct envelope *e, const struct picture *picture,
                                    const struct statement *what,
                                    const struct request_params *params);
