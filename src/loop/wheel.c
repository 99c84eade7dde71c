/* Timers: an entry waits in the coarsest tooth that still separates it from now, and falls to finer
 * ones as the time comes nearer; each falls at most WHEEL_LEVELS times. */
#include "loop/wheel.h"

#include <string.h>

/* The highest level cannot tell apart what is further away than this; such entries wait in its last
 * tooth and are placed anew when it is reached. */
#define WHEEL_SPAN ((UINT64_C(1) << (WHEEL_BITS * WHEEL_LEVELS)) - 1)

void wheel_init(struct wheel *w, uint64_t now_ms)
{
    memset(w, 0, sizeof *w);
    w->now_ms = now_ms;
    list_init(&w->due);
    for (unsigned level = 0; level < WHEEL_LEVELS; level++) {
        for (unsigned slot = 0; slot < WHEEL_SLOTS; slot++)
            list_init(&w->slots[level][slot]);
    }
}

static unsigned level_of(uint64_t now_ms, uint64_t due_ms)
{
    const unsigned highest = 63U - (unsigned)__builtin_clzll(now_ms ^ due_ms);
    return highest / WHEEL_BITS;
}

static void place(struct wheel *w, struct wheel_entry *e)
{
    if (e->due_ms <= w->now_ms) {
        list_add_last(&w->due, &e->link);
        e->place = 0;
        return;
    }
    const uint64_t horizon = w->now_ms | WHEEL_SPAN;
    const uint64_t until = e->due_ms < horizon ? e->due_ms : horizon;
    const unsigned level = until > w->now_ms ? level_of(w->now_ms, until) : 0;
    const unsigned slot = (unsigned)(until >> (WHEEL_BITS * level)) & (WHEEL_SLOTS - 1);
    list_add_last(&w->slots[level][slot], &e->link);
    w->used[level] |= UINT64_C(1) << slot;
    e->place = (uint16_t)(level * WHEEL_SLOTS + slot + 1);
}

void wheel_add(struct wheel *w, struct wheel_entry *e, uint64_t due_ms)
{
    wheel_remove(w, e);
    e->due_ms = due_ms;
    place(w, e);
}

void wheel_remove(struct wheel *w, struct wheel_entry *e)
{
    if (!e->link.next) return;
    list_remove(&e->link);
    if (e->place == 0) return;
    const unsigned level = (e->place - 1U) / WHEEL_SLOTS;
    const unsigned slot = (e->place - 1U) % WHEEL_SLOTS;
    if (list_is_empty(&w->slots[level][slot])) w->used[level] &= ~(UINT64_C(1) << slot);
    e->place = 0;
}

/* The time at which the earliest tooth begins; *level and *slot say which. */
static uint64_t earliest(const struct wheel *w, unsigned *level, unsigned *slot)
{
    for (unsigned l = 0; l < WHEEL_LEVELS; l++) {
        if (!w->used[l]) continue;
        const unsigned s = (unsigned)__builtin_ctzll(w->used[l]);
        const uint64_t below = (UINT64_C(1) << (WHEEL_BITS * l)) - 1;
        const uint64_t digit = (uint64_t)(WHEEL_SLOTS - 1) << (WHEEL_BITS * l);
        *level = l;
        *slot = s;
        return (w->now_ms & ~(below | digit)) | (uint64_t)s << (WHEEL_BITS * l);
    }
    return WHEEL_NOTHING;
}

static void empty_slot(struct wheel *w, unsigned level, unsigned slot)
{
    struct list *from = &w->slots[level][slot];
    w->used[level] &= ~(UINT64_C(1) << slot);
    struct list waiting;
    list_init(&waiting);
    while (!list_is_empty(from)) {
        struct list *first = from->next;
        list_remove(first);
        list_add_last(&waiting, first);
    }
    while (!list_is_empty(&waiting)) {
        struct list *first = waiting.next;
        list_remove(first);
        place(w, LIST_OF(first, struct wheel_entry, link));
    }
}

void wheel_advance(struct wheel *w, uint64_t now_ms)
{
    while (now_ms > w->now_ms) {
        unsigned level = 0;
        unsigned slot = 0;
        const uint64_t begin = earliest(w, &level, &slot);
        if (begin > now_ms) {
            w->now_ms = now_ms;
            return;
        }
        w->now_ms = begin;
        empty_slot(w, level, slot);
    }
}

uint64_t wheel_next(const struct wheel *w)
{
    if (!list_is_empty(&w->due)) return w->now_ms;
    unsigned level = 0;
    unsigned slot = 0;
    return earliest(w, &level, &slot);
}
