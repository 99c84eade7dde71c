/* Interning: a set is known by its scope and its ordered roles. Chains run through the items. */
#include "index/role_sets.h"

#include "base/check.h"

#include <stdlib.h>

enum { SETS_A_CHUNK = 64, FIRST_BUCKETS = 256 };

struct role_sets_item {
    _Atomic(struct role_set *) set;
    _Atomic uint32_t tokens;
    uint32_t next;              /* in the same bucket, + 1 */
    uint64_t hash;
};

bool role_sets_init(struct role_sets *t)
{
    *t = (struct role_sets){.buckets_n = FIRST_BUCKETS};
    t->buckets = calloc(t->buckets_n, sizeof *t->buckets);
    return t->buckets && chunked_init(&t->sets, sizeof(struct role_sets_item), SETS_A_CHUNK);
}

static struct role_sets_item *item(const struct role_sets *t, uint32_t number)
{
    return chunked_at(&t->sets, number);
}

const struct role_set *role_sets_at(const struct role_sets *t, uint32_t number)
{
    const struct role_sets_item *i = item(t, number);
    return i ? atomic_load_explicit(&i->set, memory_order_acquire) : NULL;
}

void role_sets_drop(struct role_sets *t)
{
    for (uint32_t i = 0; t->sets.chunks && i < t->sets.n; i++) {
        role_set_free(atomic_load_explicit(&item(t, i)->set, memory_order_acquire));
    }
    chunked_drop(&t->sets);
    free(t->buckets);
}

/* Only for finding: ids of roles are random, and a full compare follows. */
#ifdef __clang__
__attribute__((no_sanitize("unsigned-integer-overflow")))
#endif
static uint64_t
hash_of(const struct uuid *scope, const struct uuid *roles, size_t n)
{
    uint64_t h;
    memcpy(&h, scope->b, sizeof h);
    for (size_t i = 0; i < n; i++) {
        uint64_t word;
        memcpy(&word, roles[i].b, sizeof word);
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    return h;
}

static bool is_same(const struct role_set *s, const struct uuid *scope, bool enterprise,
                    const struct uuid *roles, size_t n)
{
    return s && s->enterprise == enterprise && uuid_eq(&s->scope, scope) && s->roles_n == n &&
           (n == 0 || memcmp(s->roles, roles, n * sizeof *roles) == 0);
}

static bool find(const struct role_sets *t, uint64_t hash, const struct uuid *scope,
                 bool enterprise, const struct uuid *roles, size_t n, uint32_t *number)
{
    for (uint32_t at = t->buckets[hash & (t->buckets_n - 1)]; at; at = item(t, at - 1)->next) {
        if (item(t, at - 1)->hash != hash) continue;
        if (!is_same(role_sets_at(t, at - 1), scope, enterprise, roles, n)) continue;
        *number = at - 1;
        return true;
    }
    return false;
}

/* Without memory the chains only get longer. */
static void grow(struct role_sets *t)
{
    if (t->sets.n < t->buckets_n) return;
    const size_t buckets_n = t->buckets_n * 2;
    uint32_t *buckets = calloc(buckets_n, sizeof *buckets);
    if (!buckets) return;
    for (uint32_t i = 0; i < t->sets.n; i++) {
        uint32_t *bucket = &buckets[item(t, i)->hash & (buckets_n - 1)];
        item(t, i)->next = *bucket;
        *bucket = i + 1;
    }
    free(t->buckets);
    t->buckets = buckets;
    t->buckets_n = buckets_n;
}

static err add(struct role_sets *t, struct role_set *s, uint64_t hash, uint32_t *number)
{
    const uint32_t at = chunked_add(&t->sets);
    if (at == UINT32_MAX) {
        role_set_free(s);
        return FAIL(NO_MEMORY);
    }
    s->number = at;
    struct role_sets_item *i = item(t, at);
    i->hash = hash;
    uint32_t *bucket = &t->buckets[hash & (t->buckets_n - 1)];
    i->next = *bucket;
    *bucket = at + 1;
    atomic_store_explicit(&i->set, s, memory_order_release);
    grow(t);
    *number = at;
    return DONE;
}

err role_sets_intern(struct role_sets *t, const struct snapshot *snapshot, const struct uuid *scope,
                     bool enterprise, const struct uuid *roles, size_t n, uint64_t version,
                     uint32_t *number)
{
    struct uuid ordered[ROLE_TOKEN_ROLES_MAX];
    if (n > ROLE_TOKEN_ROLES_MAX) return FAIL(BAD_INPUT);
    if (n) memcpy(ordered, roles, n * sizeof *roles);
    n = role_set_order(ordered, n);
    const uint64_t hash = hash_of(scope, ordered, n);
    if (find(t, hash, scope, enterprise, ordered, n, number)) return DONE;
    struct role_set *s;
    TRY(role_set_compile(snapshot, scope, enterprise, ordered, n, 0, version, &s));
    return add(t, s, hash, number);
}

static bool contains(const struct role_set *s, const struct uuid *role)
{
    for (size_t i = 0; i < s->roles_n; i++) {
        if (uuid_eq(&s->roles[i], role)) return true;
    }
    return false;
}

err role_sets_refresh(struct role_sets *t, const struct snapshot *snapshot, const struct uuid *role,
                      uint64_t version, void *owner, void (*changed)(void *owner, uint32_t number))
{
    for (uint32_t i = 0; i < t->sets.n; i++) {
        struct role_set *old = atomic_load_explicit(&item(t, i)->set, memory_order_relaxed);
        if (old->version == version || !contains(old, role)) continue;
        struct role_set *new;
        TRY(role_set_compile(snapshot, &old->scope, old->enterprise, old->roles, old->roles_n, i,
                             version, &new));
        atomic_store_explicit(&item(t, i)->set, new, memory_order_release);
        role_set_retire(old);
        if (changed) changed(owner, i);
    }
    return DONE;
}

void role_sets_count(struct role_sets *t, uint32_t number, int more)
{
    _Atomic uint32_t *tokens = &item(t, number)->tokens;
    const uint32_t was = atomic_load_explicit(tokens, memory_order_relaxed);
    atomic_store_explicit(tokens, was + (uint32_t)more, memory_order_relaxed);
}

size_t role_sets_holders(const struct role_sets *t, const struct uuid *role,
                         const struct uuid *scope)
{
    size_t holders = 0;
    for (uint32_t i = 0;; i++) {
        const struct role_set *s = role_sets_at(t, i);
        if (!s) return holders;
        if (contains(s, role) && (!scope || uuid_eq(&s->scope, scope))) {
            holders += atomic_load_explicit(&item(t, i)->tokens, memory_order_relaxed);
        }
    }
}

uint32_t role_sets_n(const struct role_sets *t)
{
    uint32_t n = 0;
    while (role_sets_at(t, n)) n++;
    return n;
}

size_t role_sets_bytes(const struct role_sets *t)
{
    size_t all = t->buckets_n * sizeof *t->buckets +
                 atomic_load_explicit(&t->sets.bytes, memory_order_relaxed);
    for (uint32_t i = 0;; i++) {
        const struct role_set *s = role_sets_at(t, i);
        if (!s) return all;
        all += s->bytes;
    }
}
