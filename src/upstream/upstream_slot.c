/* Stream ids are taken from a stack and put back on it; what is in flight stands in a list by age,
 * so that deadlines cost nothing while nothing is late. */
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
    memset(u->oldest, 0, sizeof u->oldest);
    memset(u->youngest, 0, sizeof u->youngest);
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

static unsigned age_list(const struct upstream_slot *slot)
{
    if (slot->flags & UPSTREAM_SLOT_ORPHAN) return UPSTREAM_AGE_ORPHAN;
    return slot->flags & UPSTREAM_SLOT_LONG ? UPSTREAM_AGE_LONG : UPSTREAM_AGE_NORMAL;
}

static uint16_t mark_of(const struct upstream *u, const struct upstream_slot *slot)
{
    return (uint16_t)(upstream_stream(u, slot) + 1);
}

static struct upstream_slot *at_mark(struct upstream *u, uint16_t mark)
{
    return mark ? &u->slots[mark - 1] : NULL;
}

static void age_add(struct upstream *u, struct upstream_slot *slot)
{
    const unsigned list = age_list(slot);
    const uint16_t mark = mark_of(u, slot);
    struct upstream_slot *last = at_mark(u, u->youngest[list]);
    slot->older = u->youngest[list];
    slot->younger = 0;
    if (last) {
        last->younger = mark;
    } else {
        u->oldest[list] = mark;
    }
    u->youngest[list] = mark;
}

/* Safe on a slot that is on no list: then it neither has neighbours nor is the first. */
static void age_remove(struct upstream *u, struct upstream_slot *slot)
{
    const unsigned list = age_list(slot);
    const uint16_t mark = mark_of(u, slot);
    struct upstream_slot *older = at_mark(u, slot->older);
    struct upstream_slot *younger = at_mark(u, slot->younger);
    if (older) older->younger = slot->younger;
    if (younger) younger->older = slot->older;
    if (u->oldest[list] == mark) u->oldest[list] = slot->younger;
    if (u->youngest[list] == mark) u->youngest[list] = slot->older;
    slot->older = 0;
    slot->younger = 0;
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
    age_remove(u, slot);
    if (slot->flags & UPSTREAM_SLOT_ORPHAN) u->orphans_n--;
    upstream_shared_give(u->set.shared, slot->kept);
    slot->kept = NULL;
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
    slot->end_at = u->appended;
    age_add(u, slot);
}

void upstream_slot_begun(struct upstream *u, struct upstream_slot *slot)
{
    age_remove(u, slot);
}

void upstream_orphan(struct upstream *u, struct upstream_slot *slot)
{
    if (slot->flags & UPSTREAM_SLOT_ORPHAN) return;
    age_remove(u, slot);
    slot->flags |= UPSTREAM_SLOT_ORPHAN;
    slot->owner = NULL;
    slot->sent_ms = loop_now_ms(u->set.loop);
    u->orphans_n++;
    age_add(u, slot);
    metric_add(METRIC_ORPHANS, 1);
}

static void sweep_list(struct upstream *u, unsigned list, uint64_t limit_ms, uint64_t now_ms)
{
    struct upstream_slot *slot = at_mark(u, u->oldest[list]);
    while (slot && now_ms >= slot->sent_ms + limit_ms) {
        metric_add(METRIC_DEADLINES, 1);
        if (u->set.events->on_expired && !(slot->flags & UPSTREAM_SLOT_OURS)) {
            u->set.events->on_expired(u, slot);
        }
        if (u->state.state == UPSTREAM_GONE) return;
        upstream_orphan(u, slot);
        slot = at_mark(u, u->oldest[list]);
    }
}

void upstream_slot_sweep(struct upstream *u, uint64_t now_ms)
{
    sweep_list(u, UPSTREAM_AGE_NORMAL, u->set.deadline_ms, now_ms);
    if (u->state.state == UPSTREAM_GONE) return;
    sweep_list(u, UPSTREAM_AGE_LONG, u->set.long_deadline_ms, now_ms);
}

bool upstream_slot_is_clogged(const struct upstream *u, uint64_t now_ms)
{
    if (u->orphans_n <= UPSTREAM_ORPHANS_MAX) return false;
    const uint16_t mark = u->oldest[UPSTREAM_AGE_ORPHAN];
    return mark && now_ms >= u->slots[mark - 1].sent_ms + UPSTREAM_ORPHAN_OLD_MS;
}

static int how_lost(const struct upstream *u, const struct upstream_slot *slot)
{
    if (u->in_part && upstream_stream(u, slot) == u->part.stream) return UPSTREAM_BEGUN;
    return slot->end_at && slot->end_at <= u->written ? UPSTREAM_WRITTEN : UPSTREAM_NEVER_WRITTEN;
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
