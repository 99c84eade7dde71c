/* Questions that memory answers. */
#include "usage/usage_read.h"

#include "model/uuid.h"
#include "usage/usage_own.h"

int64_t usage_read_last_ms(const struct usage *u, bytes client_id)
{
    const struct usage_cell *c = u ? usage_last_find(&u->last, client_id) : NULL;
    return c ? atomic_load_explicit(&c->last_ms, memory_order_relaxed) : 0;
}

uint32_t usage_read_sessions(const struct usage *u, bytes client_id)
{
    const struct usage_cell *c = u ? usage_last_find(&u->last, client_id) : NULL;
    const int32_t n = c ? atomic_load_explicit(&c->sessions, memory_order_relaxed) : 0;
    return n > 0 ? (uint32_t)n : 0;
}

uint32_t usage_read_scope_sessions(const struct usage *u, const struct uuid *scope)
{
    return usage_read_sessions(u, bytes_of(scope->b, sizeof scope->b));
}
