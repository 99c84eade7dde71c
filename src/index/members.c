/* The new array is made from the snapshot's memberships; an entry whose record is the same version is
 * kept, so that nobody is bothered by somebody else's change. */
#include "index/members.h"

#include "base/list.h"
#include "index/grace.h"

#include <stdlib.h>

struct members_list {
    struct grace grace;
    size_t n;
    struct member list[];
};

void members_drop(struct members *m)
{
    free(atomic_load_explicit(&m->now, memory_order_acquire));
}

static const struct member *find(const struct members_list *l, const struct uuid *id)
{
    size_t low = 0;
    size_t high = l ? l->n : 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = memcmp(l->list[middle].id.b, id->b, sizeof id->b);
        if (c == 0) return &l->list[middle];
        if (c < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool members_find(const struct members *m, const struct uuid *id, struct member *out)
{
    const struct member *found = find(atomic_load_explicit(&m->now, memory_order_acquire), id);
    if (found) *out = *found;
    return found != NULL;
}

static err take(const struct record *r, const struct snapshot *s, struct role_sets *sets,
                struct live_words *live, uint64_t version, struct member *out)
{
    const struct record_membership *m = &r->of.membership;
    *out = (struct member){.id = m->id, .version = r->version};
    TRY(role_sets_intern(sets, s, &m->scope, m->enterprise, m->roles, m->roles_n, version,
                         &out->role_set));
    out->live = live_word_take(live);
    if (out->live == UINT32_MAX) return FAIL(NO_MEMORY);
    role_sets_count(sets, out->role_set, 1);
    return DONE;
}

static void let_go(const struct member *m, struct role_sets *sets, struct live_words *live)
{
    (void)live_word_end(live, m->live);
    live_word_give(live, m->live);
    role_sets_count(sets, m->role_set, -1);
}

static bool is_kept(const struct members_list *l, const struct member *m)
{
    const struct member *other = find(l, &m->id);
    return other && other->live == m->live;
}

/* Lets go of what stands in `l` and not, as the same entry, in `other`. */
static void let_go_of_others(const struct members_list *l, const struct members_list *other,
                             struct role_sets *sets, struct live_words *live)
{
    for (size_t i = 0; l && i < l->n; i++) {
        if (!is_kept(other, &l->list[i])) let_go(&l->list[i], sets, live);
    }
}

static int by_id(const void *a, const void *b)
{
    const struct member *x = a;
    const struct member *y = b;
    return memcmp(x->id.b, y->id.b, sizeof x->id.b);
}

static void drop(struct grace *g)
{
    free(LIST_OF(g, struct members_list, grace));
}

err members_follow(struct members *m, const struct snapshot *s, struct role_sets *sets,
                   struct live_words *live, uint64_t version)
{
    struct members_list *old = atomic_load_explicit(&m->now, memory_order_relaxed);
    const struct snapshot_list all = snapshot_all(s, RECORD_MEMBERSHIP);
    struct members_list *new = calloc(1, sizeof *new + all.n * sizeof *new->list);
    if (!new) return FAIL(NO_MEMORY);
    err e = DONE;
    for (size_t i = 0; i < all.n && err_is_ok(e); i++) {
        const struct record *r = all.records[i];
        if (r->of.membership.invited) continue;
        const struct member *known = find(old, &r->of.membership.id);
        struct member *at = &new->list[new->n];
        if (known && known->version == r->version) {
            *at = *known;
        } else {
            e = take(r, s, sets, live, version, at);
        }
        if (err_is_ok(e)) new->n++;
    }
    qsort(new->list, new->n, sizeof *new->list, by_id);
    if (!err_is_ok(e)) {
        let_go_of_others(new, old, sets, live);
        free(new);
        return e;
    }
    atomic_store_explicit(&m->now, new, memory_order_release);
    let_go_of_others(old, new, sets, live);
    if (old) grace_call(&old->grace, drop);
    return DONE;
}
