/* What nodes answer, on its way back: to the client that asked, under its own stream id. */
#pragma once

#include "gateway/forward.h"

/* For every connection to a node of a worker. */
extern const struct upstream_events reply_events;

/* A node's answer under the client's stream id. */
void reply_write(struct session *s, int16_t stream, const struct frame_header *h, bytes body);
/* Passes a node's ERROR on, but for what clients must not see (decisions 7.11). */
void reply_pass_error(struct session *s, int16_t stream, const struct frame_header *h, bytes body);
/* The error for a request whose answer will not come (decisions 7.4, 7.5). */
void reply_lost(struct session *s, int16_t stream, enum forward_kind kind, uint16_t consistency,
                bool written);
/* Errors of our own for lost answers, as a value: pure. */
struct response_error reply_loss(enum forward_kind kind, uint16_t consistency, bool written);
