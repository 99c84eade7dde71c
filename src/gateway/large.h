/* Answers over UPSTREAM_WHOLE_MAX: passed on piece by piece, so that none of them is ever in memory
 * as a whole while its client reads; and the statements that have had one, which from then on are
 * sent on the second connection to a node: on the shared one every small answer behind a large one
 * waits as long as that takes to come. */
#pragma once

#include "gateway/forward.h"

/* Whether the answer that begins is taken in pieces; then its header has been passed on, unless its
 * client has left. */
bool large_begins(struct upstream *up, const struct upstream_slot *slot,
                  const struct frame_header *h);
void large_piece(struct upstream *up, const struct upstream_slot *slot,
                 const struct frame_header *h, bytes piece, uint32_t offset);
/* The connection was lost within an answer: a client that has its beginning is closed, for
 * there is no other way to say it. */
void large_lost(const struct upstream *up, struct session *s);

/* Where the statement's next request should go. */
enum node_lane large_lane(const struct worker_door *door, uint32_t statement);
