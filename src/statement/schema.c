/* One table of everything that has a name, found by (sort of thing, keyspace, name). What is
 * dropped stays in its place, marked, and is used again when the name returns. */
#include "statement/schema.h"

enum { FIRST_SIZE = 64 };

struct node {
    struct schema_entry e;    /* first: an entry's pointer is its node's */
    struct node *next;        /* all of them */
    uint64_t hash;
    bool gone;
};

struct schema {
    struct arena *arena;
    struct hash_seed seed;
    struct node **slots;
    size_t size;              /* a power of two */
    size_t used;              /* slots taken, marked ones too */
    size_t count;
    struct node *all;
};

err schema_new(struct arena *arena, struct hash_seed seed, struct schema **out)
{
    struct schema *s = arena_take(arena, sizeof *s);
    struct node **slots = s ? arena_take_array(arena, FIRST_SIZE, sizeof *slots) : NULL;
    if (!slots) return FAIL(NO_MEMORY);
    *s = (struct schema){.arena = arena, .seed = seed, .slots = slots, .size = FIRST_SIZE};
    *out = s;
    return DONE;
}

static uint64_t hash(const struct schema *s, enum schema_object object, bytes keyspace, bytes name)
{
    const uint64_t a = hash_bytes(s->seed, keyspace);
    return (a ^ (a >> 29)) * UINT64_C(0x9E3779B97F4A7C15) + hash_bytes(s->seed, name) + object;
}

/* The slot of this name, or the empty one where it would be. */
static struct node **slot(const struct schema *s, uint64_t h, enum schema_object object,
                          bytes keyspace, bytes name)
{
    for (size_t i = (size_t)h & (s->size - 1);; i = (i + 1) & (s->size - 1)) {
        struct node *n = s->slots[i];
        if (!n) return &s->slots[i];
        if (n->hash == h && n->e.object == object && bytes_eq(n->e.name, name) &&
            bytes_eq(n->e.keyspace, keyspace)) {
            return &s->slots[i];
        }
    }
}

static err grow(struct schema *s)
{
    const size_t size = s->size * 2;
    struct node **slots = arena_take_array(s->arena, size, sizeof *slots);
    if (!slots) return FAIL(NO_MEMORY);
    s->slots = slots;
    s->size = size;
    for (struct node *n = s->all; n; n = n->next) {
        *slot(s, n->hash, n->e.object, n->e.keyspace, n->e.name) = n;
    }
    return DONE;
}

static err revive(struct schema *s, struct node *n)
{
    if (!n->gone) return DONE;
    const struct schema_entry old = n->e;
    n->e = (struct schema_entry){
        .object = old.object, .keyspace = old.keyspace, .name = old.name};
    n->gone = false;
    s->count++;
    return DONE;
}

static err add(struct schema *s, enum schema_object object, bytes keyspace, bytes name,
               struct node **out)
{
    const uint64_t h = hash(s, object, keyspace, name);
    struct node **place = slot(s, h, object, keyspace, name);
    if (*place) {
        *out = *place;
        return revive(s, *place);
    }
    if (s->used * 4 >= s->size * 3) {
        TRY(grow(s));
        place = slot(s, h, object, keyspace, name);
    }
    struct node *n = arena_take(s->arena, sizeof *n);
    if (!n) return FAIL(NO_MEMORY);
    n->e.object = object;
    n->e.keyspace = arena_copy(s->arena, keyspace);
    n->e.name = arena_copy(s->arena, name);
    if (s->arena->bad) return FAIL(NO_MEMORY);
    n->hash = h;
    n->next = s->all;
    s->all = n;
    *place = n;
    s->used++;
    s->count++;
    *out = n;
    return DONE;
}

static struct node *find(const struct schema *s, enum schema_object object, bytes keyspace,
                         bytes name)
{
    struct node *n = *slot(s, hash(s, object, keyspace, name), object, keyspace, name);
    return n && !n->gone ? n : NULL;
}

err schema_add_keyspace(struct schema *s, bytes keyspace)
{
    struct node *n;
    return add(s, SCHEMA_KEYSPACE, keyspace, (bytes){0}, &n);
}

err schema_add_table(struct schema *s, bytes keyspace, bytes table)
{
    struct node *n;
    return add(s, SCHEMA_TABLE, keyspace, table, &n);
}

static struct schema_column *find_column(const struct schema_entry *table, bytes column)
{
    for (const struct schema_column *c = table->columns; c; c = c->next) {
        if (bytes_eq(c->name, column)) return (struct schema_column *)(uintptr_t)c;
    }
    return NULL;
}

err schema_add_column(struct schema *s, bytes keyspace, bytes table, bytes column,
                      enum schema_column_kind kind, bytes type)
{
    struct node *n;
    TRY(add(s, SCHEMA_TABLE, keyspace, table, &n));
    struct schema_column *c = find_column(&n->e, column);
    if (!c) {
        c = arena_take(s->arena, sizeof *c);
        if (!c) return FAIL(NO_MEMORY);
        c->name = arena_copy(s->arena, column);
        c->next = n->e.columns;
        n->e.columns = c;
    }
    c->kind = kind;
    c->counter = bytes_eq_text(type, "counter");
    if (c->counter) n->e.counter = true;
    return s->arena->bad ? FAIL(NO_MEMORY) : DONE;
}

static void unlink_view(struct node *view)
{
    if (!view->e.owner) return;
    const struct schema_entry **from = &((struct node *)(uintptr_t)view->e.owner)->e.views;
    while (*from && *from != &view->e) {
        from = &((struct node *)(uintptr_t)*from)->e.sibling;
    }
    if (*from) *from = view->e.sibling;
    view->e.owner = NULL;
    view->e.sibling = NULL;
}

err schema_add_view(struct schema *s, bytes keyspace, bytes view, bytes base)
{
    struct node *v;
    struct node *b;
    TRY(add(s, SCHEMA_TABLE, keyspace, view, &v));
    TRY(add(s, SCHEMA_TABLE, keyspace, base, &b));
    unlink_view(v);
    v->e.view = true;
    v->e.owner = &b->e;
    v->e.sibling = b->e.views;
    b->e.views = &v->e;
    return DONE;
}

err schema_add_index(struct schema *s, bytes keyspace, bytes table, bytes index)
{
    struct node *i;
    struct node *t;
    TRY(add(s, SCHEMA_INDEX, keyspace, index, &i));
    TRY(add(s, SCHEMA_TABLE, keyspace, table, &t));
    i->e.owner = &t->e;
    return DONE;
}

err schema_add_type(struct schema *s, bytes keyspace, bytes type)
{
    struct node *n;
    return add(s, SCHEMA_TYPE, keyspace, type, &n);
}

err schema_add_function(struct schema *s, bytes keyspace, bytes function)
{
    struct node *n;
    TRY(add(s, SCHEMA_FUNCTION, keyspace, function, &n));
    n->e.overloads++;
    return DONE;
}

err schema_add_aggregate(struct schema *s, bytes keyspace, bytes aggregate, bytes state_function,
                         bytes final_function)
{
    struct node *n;
    TRY(add(s, SCHEMA_AGGREGATE, keyspace, aggregate, &n));
    n->e.overloads++;
    n->e.state_function = arena_copy(s->arena, state_function);
    n->e.final_function = arena_copy(s->arena, final_function);
    return s->arena->bad ? FAIL(NO_MEMORY) : DONE;
}

static void forget(struct schema *s, struct node *n)
{
    if (n->gone) return;
    if (n->e.view) unlink_view(n);
    n->gone = true;
    s->count--;
}

void schema_drop(struct schema *s, enum schema_object object, bytes keyspace, bytes name)
{
    struct node *n = find(s, object, keyspace, name);
    if (!n) return;
    const bool overloaded = object == SCHEMA_FUNCTION || object == SCHEMA_AGGREGATE;
    if (overloaded && n->e.overloads > 1) {
        n->e.overloads--;
        return;
    }
    if (object == SCHEMA_TABLE || object == SCHEMA_KEYSPACE) {
        for (struct node *other = s->all; other; other = other->next) {
            const bool inside = object == SCHEMA_KEYSPACE && bytes_eq(other->e.keyspace, keyspace);
            if (inside || other->e.owner == &n->e) forget(s, other);
        }
    }
    forget(s, n);
}

const struct schema_entry *schema_find(const struct schema *s, enum schema_object object,
                                       bytes keyspace, bytes name)
{
    const struct node *n = find(s, object, keyspace, name);
    return n ? &n->e : NULL;
}

bool schema_has_keyspace(const struct schema *s, bytes keyspace)
{
    return find(s, SCHEMA_KEYSPACE, keyspace, (bytes){0}) != NULL;
}

size_t schema_count(const struct schema *s)
{
    return s->count;
}
