/* Keeping an understood statement: one block for those that are forwarded, an arena for the rest.
 */
#include "gateway/plan.h"

#include <stdlib.h>

enum { ARENA_MAX = 1 << 20 };

/* Takes the next piece of the block that follows a plan. */
static bytes put(uint8_t **at, bytes b)
{
    uint8_t *to = *at;
    if (b.n) memcpy(to, b.p, b.n);
    *at += b.n;
    return bytes_of(to, b.n);
}

static size_t names_size(const struct statement_need *n)
{
    return n->keyspace.n + n->table.n + n->named.n;
}

static err keep_forwarded(const struct statement *s, struct plan **out)
{
    size_t size = sizeof(struct plan) + s->needs_n * sizeof *s->needs + s->text.n + s->keyspace.n +
                  s->table.n;
    for (size_t i = 0; i < s->needs_n; i++)
        size += names_size(&s->needs[i]);
    struct plan *p = malloc(size);
    if (!p) return FAIL(NO_MEMORY);
    *p = (struct plan){.what = *s, .size = size};
    struct statement_need *needs = (struct statement_need *)(void *)(p + 1);
    uint8_t *at = (uint8_t *)(needs + s->needs_n);
    for (size_t i = 0; i < s->needs_n; i++) {
        needs[i] = s->needs[i];
        needs[i].keyspace = put(&at, s->needs[i].keyspace);
        needs[i].table = put(&at, s->needs[i].table);
        needs[i].named = put(&at, s->needs[i].named);
    }
    p->what.needs = needs;
    p->what.text = put(&at, s->text);
    p->what.keyspace = put(&at, s->keyspace);
    p->what.table = put(&at, s->table);
    p->what.select = (struct statement_select){0};
    *out = p;
    return DONE;
}

/* A statement that the gateway answers is understood once more, in memory of its own. */
static err keep_local(const struct picture *picture, bytes keyspace, bytes text, struct plan **out)
{
    struct plan *p = calloc(1, sizeof *p);
    if (!p) return FAIL(NO_MEMORY);
    arena_init(&p->arena, ARENA_MAX + STATEMENT_ARENA_FACTOR * text.n);
    const bytes own_keyspace = arena_copy(&p->arena, keyspace);
    const bytes own = arena_copy(&p->arena, text);
    struct note note;
    const err e = p->arena.bad ? FAIL(NO_MEMORY)
                               : statement_understand(picture->schema, own_keyspace, own, &p->arena,
                                                      &p->what, &note);
    if (!err_is_ok(e)) {
        plan_free(p);
        return e;
    }
    if (p->what.text.n == 0) p->what.text = own;
    p->size = sizeof *p + p->arena.used;
    *out = p;
    return DONE;
}

err plan_new(const struct picture *picture, bytes keyspace, bytes text,
             const struct statement *what, struct plan **out)
{
    if (what->route == STATEMENT_ROUTE_FORWARD || what->route == STATEMENT_ROUTE_ESTIMATES) {
        TRY(keep_forwarded(what, out));
    } else {
        TRY(keep_local(picture, keyspace, text, out));
    }
    (*out)->schema_version = picture->version;
    return DONE;
}

void plan_free(struct plan *p)
{
    if (!p) return;
    arena_drop(&p->arena);
    free(p);
}

static void free_later(struct grace *g)
{
    plan_free(LIST_OF(g, struct plan, grace));
}

void plan_retire(struct plan *p)
{
    if (p) grace_call(&p->grace, free_later);
}

enum forward_kind plan_kind(const struct statement *s)
{
    switch (statement_kind_class(s->kind)) {
    case STATEMENT_CLASS_TRUNC:
    case STATEMENT_CLASS_DDL:
        return FORWARD_SCHEMA;
    case STATEMENT_CLASS_WRITE:
        if (s->conditional) return FORWARD_CAS;
        if (s->counter) return FORWARD_COUNTER;
        return s->batch == STATEMENT_BATCH_NONE ? FORWARD_SIMPLE : FORWARD_BATCH;
    case STATEMENT_CLASS_READ:
    case STATEMENT_CLASS_LOCAL:
    case STATEMENT_CLASS_REFUSED:
        break;
    }
    return FORWARD_READ;
}

bool plan_is_slow(const struct statement *s)
{
    return plan_kind(s) == FORWARD_SCHEMA;
}
