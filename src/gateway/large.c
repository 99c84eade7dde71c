/* One at a time for a client: whatever else it is told meanwhile waits aside (session_io). A second
 * large answer for the same client, and those that are read here first, are gathered as before. */
#include "gateway/large.h"

#include "base/metric.h"
#include "gateway/session_io.h"

static uint32_t *place(struct worker_door *door, uint32_t statement)
{
    return &door->large[statement % WORKER_LARGE];
}

static uint32_t tag(uint32_t statement)
{
    return ~statement; /* 0: empty, and GATE_UNNUMBERED */
}

enum node_lane large_lane(const struct worker_door *door, uint32_t statement)
{
    const uint32_t there = door->large[statement % WORKER_LARGE];
    return there && there == tag(statement) ? NODE_BULK : NODE_ORDINARY;
}

/* True when nothing of the body must be read here before it is passed on. */
static bool passes_unread(const struct upstream_slot *slot, const struct frame_header *h)
{
    const uint8_t read_here = FORWARD_OF_JOB | FORWARD_OF_DESCRIBE | FORWARD_AWAITS;
    return h->opcode == OPCODE_RESULT && !(slot->flags & read_here) &&
           !(h->flags & FRAME_FLAG_TRACING);
}

bool large_begins(struct upstream *up, const struct upstream_slot *slot,
                  const struct frame_header *h)
{
    struct worker_door *door = node_of(up)->owner;
    if (!passes_unread(slot, h)) return false;
    *place(door, slot->statement) = tag(slot->statement);
    struct session *s = slot->owner;
    if (s->generation != slot->generation) return false;
    if (!session_is_open(s) || s->hurried) return true; /* nobody reads it, nothing keeps it */
    if (s->pieces_from) return false;
    struct frame_header own = *h;
    uint8_t head[FRAME_HEADER_SIZE];
    own.stream = slot->client_stream;
    frame_write_header(head, &own);
    session_io_begin_pieces(s, up);
    session_io_piece(s, bytes_of(head, sizeof head));
    return true;
}

void large_piece(struct upstream *up, const struct upstream_slot *slot,
                 const struct frame_header *h, bytes piece, uint32_t offset)
{
    struct session *s = slot->owner;
    const bool last = offset + piece.n == h->body_len;
    const bool read = session_is_open(s) && !s->hurried && s->pieces_from == up;
    if (read) session_io_piece(s, piece);
    if (!last) return;
    if (read) session_io_end_pieces(s);
    if (read) metric_add(METRIC_REPLIES, 1);
    session_gave(s, forward_bytes_of(slot));
}

void large_lost(const struct upstream *up, struct session *s)
{
    if (s->pieces_from == up) session_close(s, "the node was lost within an answer");
}
