/* State machines: a row per state, permitted successors as bits, one checked move. */
#pragma once

#include <stdint.h>

#define SM_BIT(state) (UINT32_C(1) << (state))

struct sm_state {
    const char *name;
    uint32_t next;    /* SM_BITs of the states that may follow */
};

struct sm {
    const struct sm_state *table;
    unsigned state;
};

/* CHECKs that the table permits the move. */
void sm_move(struct sm *m, unsigned to);

static inline const char *sm_name(const struct sm *m)
{
    return m->table[m->state].name;
}
