/* Bytes from a node, cut into answers and given to those who asked.
 *
 * All upstreams of a thread read into one buffer; only a frame that is not complete is kept aside.
 * A body over UPSTREAM_WHOLE_MAX is passed on as it comes, so that a large page never waits whole.
 */
#include "upstream/upstream_read.h"

#include "upstream/upstream_login.h"
#include "upstream/upstream_slot.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

static bool is_gone(const struct upstream *u)
{
    return u->state.state == UPSTREAM_GONE;
}

static void lose(struct upstream *u, err why, const char *words)
{
    (void)snprintf(u->why, sizeof u->why, "%s", words);
    upstream_close(u, why);
}

/* The slot that an answer belongs to; NULL (and the connection closed) for one that nobody asked
 * for. */
static struct upstream_slot *slot_of(struct upstream *u, const struct frame_header *h)
{
    struct upstream_slot *slot = &u->slots[h->stream];
    if (slot->flags & UPSTREAM_SLOT_TAKEN) return slot;
    lose(u, FAIL(FRAME_BAD), "the node answered a stream that nothing was asked on");
    return NULL;
}

static bool has_listener(const struct upstream_slot *slot)
{
    return !(slot->flags & (UPSTREAM_SLOT_ORPHAN | UPSTREAM_SLOT_OURS));
}

static void end_slot(struct upstream *u, struct upstream_slot *slot)
{
    if (is_gone(u)) return;
    if (slot->flags & UPSTREAM_SLOT_OURS) u->heartbeat_out = false;
    upstream_slot_free(u, slot);
    if (u->state.state == UPSTREAM_DRAIN && u->taken_n == u->orphans_n) {
        lose(u, DONE, "drained");
    }
}

static void deliver(struct upstream *u, const struct frame_header *h, bytes body)
{
    if (h->opcode == OPCODE_EVENT) {
        if (u->set.events->on_event) u->set.events->on_event(u, body);
        return;
    }
    if (u->state.state == UPSTREAM_STARTUP || u->state.state == UPSTREAM_LOGIN) {
        upstream_login_answer(u, h, body);
        return;
    }
    struct upstream_slot *slot = slot_of(u, h);
    if (!slot) return;
    if (has_listener(slot)) u->set.events->on_reply(u, slot, h, body);
    end_slot(u, slot);
}

/* --- answers in pieces --- */

static void begin_part(struct upstream *u, const struct frame_header *h)
{
    struct upstream_slot *slot = slot_of(u, h);
    if (!slot) return;
    u->part = *h;
    u->part_at = 0;
    u->in_part = true;
    u->gathers = false;
    u->gathered.n = 0;
    if (!has_listener(slot)) return;
    u->gathers = !u->set.events->takes_parts || !u->set.events->takes_parts(u, slot, h);
    if (u->gathers && h->body_len > UPSTREAM_GATHER_MAX) upstream_slot_expire(u, slot);
}

static void end_part(struct upstream *u, struct upstream_slot *slot)
{
    u->in_part = false;
    if (u->gathers && has_listener(slot)) {
        u->set.events->on_reply(u, slot, &u->part, wr_view(&u->gathered));
    }
    wr_drop(&u->gathered);
    end_slot(u, slot);
}

static void take_part(struct upstream *u, bytes part)
{
    struct upstream_slot *slot = &u->slots[u->part.stream];
    const uint32_t offset = u->part_at;
    u->part_at += (uint32_t)part.n;
    if (!has_listener(slot)) {
        wr_drop(&u->gathered);
    } else if (!u->gathers) {
        u->set.events->on_reply_part(u, slot, &u->part, part, offset);
    } else {
        wr_bytes(&u->gathered, part);
        if (u->gathered.bad) lose(u, FAIL(NO_MEMORY), "no memory for an answer");
    }
    if (!is_gone(u) && u->part_at == u->part.body_len) end_part(u, slot);
}

/* --- frames --- */

/* One frame, or the beginning of a large one; how many bytes were used, 0: more are needed. */
static size_t take_frame(struct upstream *u, bytes in)
{
    struct frame_header h;
    const err got = frame_read_header(in, FRAME_REPLY_MAX, &h);
    if (got.code == ERR_FRAME_SHORT) return 0;
    if (!err_is_ok(got) || !err_is_ok(frame_check_response(&h, u->set.version))) {
        lose(u, FAIL(FRAME_BAD),
             "the node sent something that is no answer of this protocol version");
        return 0;
    }
    const size_t whole = FRAME_HEADER_SIZE + (size_t)h.body_len;
    if (in.n >= whole) {
        deliver(u, &h, bytes_part(in, FRAME_HEADER_SIZE, h.body_len));
        return whole;
    }
    if (h.body_len <= UPSTREAM_WHOLE_MAX) return 0;
    if (u->state.state < UPSTREAM_READY || h.opcode == OPCODE_EVENT) {
        lose(u, FAIL(FRAME_TOO_BIG), "the node sent an answer over the limit");
        return 0;
    }
    begin_part(u, &h);
    return FRAME_HEADER_SIZE;
}

/* Gives what is complete to its owners and returns the rest. */
static bytes take_all(struct upstream *u, bytes in)
{
    while (in.n && !is_gone(u)) {
        size_t used;
        if (u->in_part) {
            const bytes part = bytes_part(in, 0, u->part.body_len - u->part_at);
            used = part.n;
            take_part(u, part);
        } else {
            used = take_frame(u, in);
            if (used == 0) break;
        }
        in = bytes_part(in, used, in.n);
    }
    return in;
}

/* False: nothing more to read now. */
static bool read_once(struct upstream *u, size_t *budget)
{
    uint8_t *buffer = upstream_shared_buffer(u->set.shared);
    const size_t held = u->held.n;
    const size_t room = UPSTREAM_SHARED_SIZE - held;
    if (held) memcpy(buffer, u->held.p, held);
    const ssize_t n = recv(u->io.fd, buffer + held, room, 0);
    if (n < 0) {
        if (errno == EINTR) return true;
        if (errno != EAGAIN) lose(u, FAIL(PEER_GONE), "the connection to the node broke");
        return false;
    }
    if (n == 0) {
        lose(u, FAIL(PEER_GONE), "the node closed the connection");
        return false;
    }
    u->heard_ms = loop_now_ms(u->set.loop);
    const bytes rest = take_all(u, bytes_of(buffer, held + (size_t)n));
    if (is_gone(u)) return false;
    u->held.n = 0;
    wr_bytes(&u->held, rest);
    if (u->held.bad) {
        lose(u, FAIL(NO_MEMORY), "no memory for an answer");
        return false;
    }
    *budget -= (size_t)n < *budget ? (size_t)n : *budget;
    return (size_t)n == room;
}

void upstream_read_all(struct upstream *u)
{
    static_assert(UPSTREAM_WHOLE_MAX + FRAME_HEADER_SIZE < UPSTREAM_SHARED_SIZE,
                  "a held frame fits");
    size_t budget = UPSTREAM_READ_BUDGET;
    while (budget && read_once(u, &budget))
        continue;
}
