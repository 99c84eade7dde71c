/* DESCRIBE: forwarded by full names; of what comes back a client sees what it may (decisions 7.9).
 */
#pragma once

#include "cql/request.h"
#include "gateway/admit.h"

enum envelope_fate describing_handle(struct envelope *e, const struct picture *picture,
                                     const struct statement *what,
                                     const struct request_params *params,
                                     const struct permit *permit, uint64_t number);
/* A node's answer to it, filtered. */
void describing_pass(struct session *s, int16_t stream, const struct frame_header *h, bytes body);
