#include "base/sm.h"

#include "base/check.h"

void sm_move(struct sm *m, unsigned to)
{
    CHECK(to < 32 && (m->table[m->state].next & SM_BIT(to)) != 0);
    m->state = to;
}
