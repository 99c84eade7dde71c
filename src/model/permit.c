#include "model/permit_issue.h"

#include <assert.h>

struct permit {
    struct principal who;
    bool all;               /* the local operator: every action, everywhere */
    bool of_statement;      /* covers one statement, by its number, and nothing else */
    uint64_t statement;
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
                                            uint64_t statement)
{
    struct permit *p = storage;
    p->who = *who;
    p->all = false;
    p->of_statement = true;
    p->statement = statement;
    p->n = 0;
    return p;
}

static bool same_resource(const struct resource *a, const struct resource *b)
{
    return resource_covers(a, b) && resource_covers(b, a);
}

bool permit_covers(const struct permit *p, enum action action, const struct resource *on)
{
    if (!p || p->of_statement) return false;
    if (p->all) return true;
    for (size_t i = 0; i < p->n; i++) {
        if (p->asks[i].action == action && same_resource(&p->asks[i].on, on)) return true;
    }
    return false;
}

bool permit_covers_statement(const struct permit *p, uint64_t statement)
{
    return p && p->of_statement && p->statement == statement;
}

const struct principal *permit_who(const struct permit *p)
{
    return &p->who;
}
