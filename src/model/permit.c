#include "model/permit_issue.h"

#include <assert.h>

struct permit {
    struct principal who;
    bool all;               /* the local operator: every action, everywhere */
    uint64_t statement;     /* number + 1, or 0 */
    size_t n;
    struct ask asks[];
};

static_assert(sizeof(struct permit) <= PERMIT_STATEMENT_SIZE, "a statement's permit fits its storage");

const struct permit *permit_issue(struct arena *a, const struct principal *who,
                                  const struct ask *asks, size_t n)
{
    if (n > PERMIT_ASKS_MAX) return NULL;
    struct permit *p = arena_take(a, sizeof *p + n * sizeof *asks);
    if (!p) return NULL;
    p->who = *who;
    p->all = who->kind == PRINCIPAL_OPERATOR;
    p->n = n;
    for (size_t i = 0; i < n; i++) {
        p->asks[i] = asks[i];
        p->asks[i].on.keyspace = arena_copy(a, asks[i].on.keyspace);
        p->asks[i].on.table = arena_copy(a, asks[i].on.table);
    }
    return a->bad ? NULL : p;
}

const struct permit *permit_issue_statement(void *storage, const struct principal *who,
                                            uint32_t statement)
{
    struct permit *p = storage;
    p->who = *who;
    p->all = false;
    p->statement = (uint64_t)statement + 1;
    p->n = 0;
    return p;
}

static bool same_resource(const struct resource *a, const struct resource *b)
{
    return resource_covers(a, b) && resource_covers(b, a);
}

bool permit_covers(const struct permit *p, enum action action, const struct resource *on)
{
    if (!p || p->statement) return false;
    if (p->all) return true;
    for (size_t i = 0; i < p->n; i++) {
        if (p->asks[i].action == action && same_resource(&p->asks[i].on, on)) return true;
    }
    return false;
}

bool permit_covers_statement(const struct permit *p, uint32_t statement)
{
    return p && p->statement == (uint64_t)statement + 1;
}

const struct principal *permit_who(const struct permit *p)
{
    return &p->who;
}
