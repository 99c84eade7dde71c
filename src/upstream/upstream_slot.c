/* Stream ids are taken from a stack and put back on it, so those in flight are the lower ones.
 * Deadlines are looked at once a second, all of them: a list by age would cost every request more
 * than that. */
#include "upstream/upstream_slot.h"

#include "base/check.h"
#include "base/metric.h"

#include <stdlib.h>

err upstream_slot_init(struct upstream *u)
{
    u->slots = calloc(UPSTREAM_STREAMS, sizeof *u->slots);
    u->free_streams = malloc(UPSTREAM_STREAMS * sizeof *u->free_streams);
    if (!u->slots || !u->free_streams) {
        upstream_slot_drop(u);
        return FAIL(NO_MEMORY);
    }
    for (uint32_t i = 0; i < UPSTREAM_STREAMS; i++) {
        u->free_streams[i] = (uint16_t)(UPSTREAM_STREAMS - 1 - i);
    }
    u->free_n = UPSTREAM_STREAMS;
    u->taken_n = 0;
    u->orphans_n = 0;
    return DONE;
}

void upstream_slot_drop(struct upstream *u)
{
    free(u->slots);
    free(u->free_streams);
    u->slots = NULL;
    u->free_streams = NULL;
    u->free_n = 0;
}

struct upstream_slot *upstream_take(struct upstream *u, int16_t *stream)
{
    if (!upstream_is_ready(u) || u->free_n == 0) return NULL;
    const uint16_t id = u->free_streams[--u->free_n];
    struct upstream_slot *slot = &u->slots[id];
    *slot = (struct upstream_slot){.flags = UPSTREAM_SLOT_TAKEN};
    u->taken_n++;
    *stream = (int16_t)id;
    return slot;
}

void upstream_slot_free(struct upstream *u, struct upstream_slot *slot)
{
    CHECK(slot->flags & UPSTREAM_SLOT_TAKEN);
    if (slot->flags & UPSTREAM_SLOT_ORPHAN) u->orphans_n--;
    slot->owner = NULL;
    slot->flags = 0;
    u->free_streams[u->free_n++] = (uint16_t)upstream_stream(u, slot);
    u->taken_n--;
}

void upstream_give(struct upstream *u, struct upstream_slot *slot)
{
    upstream_slot_free(u, slot);
}

void upstream_slot_sent(struct upstream *u, struct upstream_slot *slot)
{
    slot->sent_ms = loop_now_ms(u->set.loop);
    slot->end_at = outbox_appended(&u->out);
}

void upstream_orphan(struct upstream *u, struct upstream_slot *slot)
{
    if (slot->flags & UPSTREAM_SLOT_ORPHAN) return;
    slot->flags |= UPSTREAM_SLOT_ORPHAN;
    slot->owner = NULL;
    slot->sent_ms = loop_now_ms(u->set.loop);
    u->orphans_n++;
    metric_add(METRIC_ORPHANS, 1);
}

/* Its answer has begun to come: no deadline any more. */
static bool has_begun(const struct upstream *u, const struct upstream_slot *slot)
{
    return u->in_part && upstream_stream(u, slot) == u->part.stream;
}

static bool is_late(const struct upstream *u, const struct upstream_slot *slot, uint64_t now_ms)
{
    const bool slow = slot->flags & UPSTREAM_SLOT_LONG;
    if (slot->flags & UPSTREAM_SLOT_ORPHAN || slot->end_at == 0 || has_begun(u, slot)) return false;
    return now_ms >= slot->sent_ms + (slow ? u->set.long_deadline_ms : u->set.deadline_ms);
}

void upstream_slot_expire(struct upstream *u, struct upstream_slot *slot)
{
    metric_add(METRIC_DEADLINES, 1);
    if (u->set.events->on_expired && !(slot->flags & UPSTREAM_SLOT_OURS)) {
        u->set.events->on_expired(u, slot);
    }
    if (u->state.state != UPSTREAM_GONE) upstream_orphan(u, slot);
}

bool upstream_slot_sweep(struct upstream *u, uint64_t now_ms)
{
    uint32_t left = u->taken_n;
    bool old = false;
    for (uint32_t i = 0; i < UPSTREAM_STREAMS && left; i++) {
        struct upstream_slot *slot = &u->slots[i];
        if (!(slot->flags & UPSTREAM_SLOT_TAKEN)) continue;
        left--;
        if (is_late(u, slot, now_ms)) upstream_slot_expire(u, slot);
        if (u->state.state == UPSTREAM_GONE) return false;
        old |= slot->flags & UPSTREAM_SLOT_ORPHAN &&
               now_ms >= slot->sent_ms + UPSTREAM_ORPHAN_OLD_MS;
    }
    return old && u->orphans_n > UPSTREAM_ORPHANS_MAX;
}

static int how_lost(const struct upstream *u, const struct upstream_slot *slot)
{
    if (has_begun(u, slot)) return UPSTREAM_BEGUN;
    const bool written = slot->end_at && slot->end_at <= outbox_written(&u->out);
    return written ? UPSTREAM_WRITTEN : UPSTREAM_NEVER_WRITTEN;
}

void upstream_slot_lose_all(struct upstream *u)
{
    if (!u->slots) return;
    for (uint32_t i = 0; i < UPSTREAM_STREAMS && u->taken_n; i++) {
        struct upstream_slot *slot = &u->slots[i];
        if (!(slot->flags & UPSTREAM_SLOT_TAKEN)) continue;
        if (!(slot->flags & (UPSTREAM_SLOT_ORPHAN | UPSTREAM_SLOT_OURS))) {
            u->set.events->on_lost(u, slot, how_lost(u, slot));
        }
        upstream_slot_free(u, slot);
    }
}
