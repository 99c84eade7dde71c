/* Timers: a wheel of wheels with one millisecond as its finest tooth; start, stop and move are
 * O(1). */
#pragma once

#include "base/list.h"

#include <stdbool.h>
#include <stdint.h>

enum { WHEEL_BITS = 6, WHEEL_SLOTS = 1 << WHEEL_BITS, WHEEL_LEVELS = 8 };

struct wheel_entry {
    struct list link;
    uint64_t due_ms;
    uint16_t place; /* level * WHEEL_SLOTS + slot + 1; 0: not on the wheel */
};

/* Every entry of level L agrees with now_ms in all digits (of 6 bits) above L and is ahead in digit
 * L; so the lowest level with anything on it holds the earliest entry. */
struct wheel {
    uint64_t now_ms;
    uint64_t used[WHEEL_LEVELS]; /* bit = slot is not empty */
    struct list slots[WHEEL_LEVELS][WHEEL_SLOTS];
    struct list due; /* at or before now_ms, oldest first as far as known */
};

#define WHEEL_NOTHING UINT64_MAX

void wheel_init(struct wheel *w, uint64_t now_ms);
/* The entry must be zeroed before its first use; started again, it moves. */
void wheel_add(struct wheel *w, struct wheel_entry *e, uint64_t due_ms);
/* Safe on an entry that is not on the wheel. */
void wheel_remove(struct wheel *w, struct wheel_entry *e);
/* Moves everything that is due at `now_ms` to w->due. A clock that went back changes nothing. */
void wheel_advance(struct wheel *w, uint64_t now_ms);
/* No entry is due before this; WHEEL_NOTHING when there is none. */
uint64_t wheel_next(const struct wheel *w);
