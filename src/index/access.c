/* What cannot be read in an entry names nobody; the API takes none such. */
#include "index/access.h"

#include "base/list.h"
#include "index/grace.h"

#include <stdatomic.h>
#include <stdlib.h>

/* An enabled list; others are not kept. */
struct compiled {
    struct uuid id;
    size_t from;    /* in the table's ranges */
    size_t n;
};

struct access_table {
    struct grace grace;
    size_t lists_n;
    struct compiled *lists;         /* in order of id */
    struct ip_prefix ranges[];
};

void access_drop(struct access *a)
{
    free(atomic_load_explicit(&a->now, memory_order_acquire));
}

/* --- asking --- */

static const struct compiled *find(const struct access_table *t, const struct uuid *id)
{
    size_t low = 0;
    size_t high = t ? t->lists_n : 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = memcmp(t->lists[middle].id.b, id->b, sizeof id->b);
        if (c == 0) return &t->lists[middle];
        if (c < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static int compare_address(const struct ip *a, const struct ip *b)
{
    if (a->family != b->family) return a->family < b->family ? -1 : 1;
    return memcmp(a->b, b->b, sizeof a->b);
}

/* No range lies within another: only the last that does not begin behind the address can hold it. */
static bool holds(const struct ip_prefix *ranges, size_t n, const struct ip *from)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_address(&ranges[middle].base, from) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && ip_is_in(from, &ranges[low - 1]);
}

static const struct access_table *table(const struct access *a)
{
    return atomic_load_explicit(&a->now, memory_order_acquire);
}

bool access_is_closed(const struct access *a, const struct uuid *list)
{
    return find(table(a), list) != NULL;
}

bool access_admits(const struct access *a, const struct uuid *list, const struct ip *from)
{
    const struct access_table *t = table(a);
    const struct compiled *c = find(t, list);
    return !c || holds(t->ranges + c->from, c->n, from);
}

bool access_record_admits(const struct record_access_list *list, const struct ip *from)
{
    if (!list->enabled) return true;
    for (size_t i = 0; i < list->entries_n; i++) {
        struct ip_prefix range;
        const struct record_access *e = &list->entries[i];
        if (!e->enabled || !err_is_ok(ip_prefix_read(e->address, &range))) continue;
        if (ip_is_in(from, &range)) return true;
    }
    return false;
}

/* --- compiling --- */

static int compare_ranges(const void *a, const void *b)
{
    return ip_prefix_compare(a, b);
}

/* Wider ranges come before what lies within them. Returns how many are left. */
static size_t drop_inner(struct ip_prefix *ranges, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && ip_prefix_covers(&ranges[kept - 1], &ranges[i])) continue;
        ranges[kept++] = ranges[i];
    }
    return kept;
}

static size_t compile(const struct record_access_list *list, struct ip_prefix *out)
{
    size_t n = 0;
    for (size_t i = 0; i < list->entries_n; i++) {
        const struct record_access *e = &list->entries[i];
        if (e->enabled && err_is_ok(ip_prefix_read(e->address, &out[n]))) n++;
    }
    if (n) qsort(out, n, sizeof *out, compare_ranges);
    return drop_inner(out, n);
}

static int compare_lists(const void *a, const void *b)
{
    const struct compiled *x = a;
    const struct compiled *y = b;
    return memcmp(x->id.b, y->id.b, sizeof x->id.b);
}

static struct access_table *new_table(size_t lists, size_t ranges)
{
    struct access_table *t = calloc(1, sizeof *t + ranges * sizeof *t->ranges + lists * sizeof *t->lists);
    if (t) t->lists = (struct compiled *)(void *)(t->ranges + ranges);
    return t;
}

/* Returns how many ranges are used now. */
static size_t add(struct access_table *t, const struct record_access_list *list, size_t used)
{
    if (!list->enabled) return used;
    const size_t n = compile(list, t->ranges + used);
    t->lists[t->lists_n++] = (struct compiled){list->id, used, n};
    return used + n;
}

static void fill(struct access_table *t, struct snapshot_list all)
{
    size_t used = 0;
    for (size_t i = 0; i < all.n; i++) used = add(t, &all.records[i]->of.access_list, used);
    if (t->lists_n) qsort(t->lists, t->lists_n, sizeof *t->lists, compare_lists);
}

static void drop(struct grace *g)
{
    free(LIST_OF(g, struct access_table, grace));
}

err access_follow(struct access *a, const struct snapshot *s)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_ACCESS_LIST);
    size_t ranges = 0;
    for (size_t i = 0; i < all.n; i++) ranges += all.records[i]->of.access_list.entries_n;
    struct access_table *new = new_table(all.n, ranges);
    if (!new) return FAIL(NO_MEMORY);
    fill(new, all);
    struct access_table *old = atomic_load_explicit(&a->now, memory_order_relaxed);
    atomic_store_explicit(&a->now, new, memory_order_release);
    if (old) grace_call(&old->grace, drop);
    return DONE;
}

err access_of(struct access *a, const struct record_access_list *list)
{
    struct access_table *new = new_table(1, list->entries_n);
    if (!new) return FAIL(NO_MEMORY);
    (void)add(new, list, 0);
    atomic_store_explicit(&a->now, new, memory_order_release);
    return DONE;
}
