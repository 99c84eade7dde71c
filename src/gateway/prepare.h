/* PREPARE: one text is asked of a node once, whoever and however many want it; and statements that
 * a connection's node lacks are prepared ahead of the requests that need them (decisions 7.1, 7.2).
 */
#pragma once

#include "cql/request.h"
#include "cql/response.h"
#include "gateway/session.h"
#include "gateway/statement_record.h"

enum envelope_fate prepare_handle(struct envelope *e);

/* Prepares the statement on this connection's node and takes the request up again when that is
 * done. */
void prepare_ask(const struct envelope *e, struct upstream *up, struct statement_record *r);
/* The same without anybody who waits: a request that needs several asks for all at once. */
void prepare_ahead(struct worker_door *door, uint8_t version, struct upstream *up,
                   struct statement_record *r);

/* How a job's slot ended; the header and body of the node's answer, or neither. */
void prepare_on_reply(struct upstream *up, const struct upstream_slot *slot,
                      const struct frame_header *h, bytes body);
void prepare_on_lost(const struct upstream_slot *slot);
