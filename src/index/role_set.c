/* Compiling: every line of every role that can match anything becomes an entry; equal patterns are
 * merged; what is left is ordered by level, shape and names. */
#include "index/role_set.h"

#include "base/list.h"

#include <stdlib.h>

/* Bits of a shape. */
enum { SHAPE_ANY_ID = 1, SHAPE_ANY_KEYSPACE = 2, SHAPE_ANY_TABLE = 4, SHAPES = 8 };

struct role_set_entry {
    struct resource pattern;    /* names are in the set's block */
    action_set allow;
    action_set deny;
};

static unsigned shape_of(const struct resource *r)
{
    return (r->id_any ? SHAPE_ANY_ID : 0u) | (r->keyspace_any ? SHAPE_ANY_KEYSPACE : 0u) |
           (r->table_any ? SHAPE_ANY_TABLE : 0u);
}

static int compare_names(bytes a, bytes b)
{
    if (a.n != b.n) return a.n < b.n ? -1 : 1;
    return a.n ? memcmp(a.p, b.p, a.n) : 0;
}

/* Components that are `any` hold nothing, so that comparing them compares nothing. */
static int compare_patterns(const struct resource *a, const struct resource *b)
{
    if (a->level != b->level) return a->level < b->level ? -1 : 1;
    const unsigned a_shape = shape_of(a);
    const unsigned b_shape = shape_of(b);
    if (a_shape != b_shape) return a_shape < b_shape ? -1 : 1;
    const int by_id = memcmp(a->id.b, b->id.b, sizeof a->id.b);
    if (by_id) return by_id;
    const int by_keyspace = compare_names(a->keyspace, b->keyspace);
    return by_keyspace ? by_keyspace : compare_names(a->table, b->table);
}

/* The target seen through a shape: components that the shape leaves open are emptied. */
static struct resource seen_through(const struct resource *on, unsigned shape)
{
    struct resource key = *on;
    key.id_any = shape & SHAPE_ANY_ID;
    key.keyspace_any = shape & SHAPE_ANY_KEYSPACE;
    key.table_any = shape & SHAPE_ANY_TABLE;
    if (key.id_any) key.id = (struct uuid){{0}};
    if (key.keyspace_any) key.keyspace = (bytes){0};
    if (key.table_any) key.table = (bytes){0};
    return key;
}

/* --- asking --- */

static const struct role_set_entry *find(const struct role_set *s, const struct resource *key)
{
    size_t low = 0;
    size_t high = s->entries_n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = compare_patterns(&s->entries[middle].pattern, key);
        if (c == 0) return &s->entries[middle];
        if (c < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

struct masks {
    action_set allow;
    action_set deny;
};

/* Everything that covers the target, which may itself be a pattern. */
static struct masks gather(const struct role_set *s, const struct resource *on)
{
    struct masks got = {0, 0};
    const unsigned open = shape_of(on);
    for (unsigned shape = 0; shape < SHAPES; shape++) {
        if (!(s->shapes[on->level] & 1u << shape) || (open & ~shape)) continue;
        const struct resource key = seen_through(on, shape);
        const struct role_set_entry *e = find(s, &key);
        if (!e) continue;
        got.allow |= e->allow;
        got.deny |= e->deny;
    }
    return got;
}

static bool is_own(const struct role_set *s, const struct resource *on)
{
    return (unsigned)on->level < LEVELS && (on->own_scope || uuid_eq(&s->scope, &on->scope));
}

action_set role_set_allowed(const struct role_set *s, const struct resource *on)
{
    if (!is_own(s, on)) return 0;
    const struct masks m = gather(s, on);
    return m.allow & ~m.deny;
}

action_set role_set_denied(const struct role_set *s, const struct resource *on)
{
    return is_own(s, on) ? gather(s, on).deny : 0;
}

bool role_set_allows(const struct role_set *s, enum action action, const struct resource *on)
{
    return action_level(action) == on->level && role_set_allowed(s, on) & action_bit(action);
}

action_set role_set_denied_within(const struct role_set *s, const struct resource *pattern)
{
    action_set denied = 0;
    if (!s->denies || !is_own(s, pattern)) return 0;
    for (size_t i = 0; i < s->entries_n; i++) {
        const struct role_set_entry *e = &s->entries[i];
        if (e->deny & ~denied && resource_meets(&e->pattern, pattern)) denied |= e->deny;
    }
    return denied;
}

action_set role_set_held(const struct role_set *s, const struct resource *pattern)
{
    if (!is_own(s, pattern)) return 0;
    return gather(s, pattern).allow & ~role_set_denied_within(s, pattern);
}

bool role_set_allows_anywhere(const struct role_set *s, enum action action)
{
    const enum level level = action_level(action);
    for (size_t i = 0; i < s->entries_n; i++) {
        const struct role_set_entry *e = &s->entries[i];
        if (e->pattern.level != level || !(e->allow & action_bit(action))) continue;
        if (!(gather(s, &e->pattern).deny & action_bit(action))) return true;
    }
    return false;
}

action_set role_set_allowed_somewhere(const struct role_set *s)
{
    action_set got = 0;
    for (size_t i = 0; i < s->entries_n; i++) {
        const struct role_set_entry *e = &s->entries[i];
        const action_set more = e->allow & action_of_level(e->pattern.level) & ~got;
        if (more) got |= more & ~gather(s, &e->pattern).deny;
    }
    return got;
}

action_set role_set_in_keyspace(const struct role_set *s, const struct uuid *database,
                                bytes keyspace)
{
    action_set got = 0;
    for (size_t i = 0; i < s->entries_n; i++) {
        const struct role_set_entry *e = &s->entries[i];
        if (e->pattern.level != LEVEL_TABLE || !(e->allow & ~got)) continue;
        if (!e->pattern.id_any && !uuid_eq(&e->pattern.id, database)) continue;
        if (!e->pattern.keyspace_any && !bytes_eq(e->pattern.keyspace, keyspace)) continue;
        struct resource within = e->pattern;
        within.id_any = false;
        within.id = *database;
        within.keyspace_any = false;
        within.keyspace = keyspace;
        got |= e->allow & ~gather(s, &within).deny;
    }
    return got;
}

/* --- compiling --- */

static int compare_uuids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct uuid));
}

static int compare_entries(const void *a, const void *b)
{
    const struct role_set_entry *x = a;
    const struct role_set_entry *y = b;
    return compare_patterns(&x->pattern, &y->pattern);
}

/* The line as an entry; false when it can match nothing that the role has an action for. */
static bool entry_from(const struct role *role, const struct resource *line,
                       const struct uuid *scope, struct role_set_entry *out)
{
    const struct resource r = role_resource(line, scope);
    const action_set actions = role_actions(&role->policy) & action_of_level(r.level);
    if (!actions || !uuid_eq(&r.scope, scope)) return false;
    const bool deny = role->policy.effect == EFFECT_DENY;
    *out = (struct role_set_entry){.pattern = seen_through(&r, shape_of(&r)),
                                   .allow = deny ? 0 : actions,
                                   .deny = deny ? actions : 0};
    return true;
}

/* The roles whose lines count: those that the snapshot has, then drafts that nobody has yet. */
struct sources {
    const struct snapshot *snapshot;
    const struct uuid *scope;
    bool enterprise;
    const struct uuid *roles;
    size_t roles_n;
    const struct role *drafts;
    size_t drafts_n;
};

static const struct role *source(const struct sources *from, size_t i)
{
    if (i >= from->roles_n) return &from->drafts[i - from->roles_n];
    return snapshot_role_of(from->snapshot, from->scope, from->enterprise, &from->roles[i]);
}

static size_t lines_of(const struct sources *from)
{
    size_t lines = 0;
    for (size_t i = 0; i < from->roles_n + from->drafts_n; i++) {
        const struct role *r = source(from, i);
        if (r) lines += r->policy.resources_n;
    }
    return lines;
}

/* Fills `to` and merges equal patterns; returns how many are left. */
static size_t gather_entries(const struct sources *from, struct role_set_entry *to)
{
    size_t all = 0;
    for (size_t i = 0; i < from->roles_n + from->drafts_n; i++) {
        const struct role *r = source(from, i);
        for (size_t k = 0; r && k < r->policy.resources_n; k++) {
            if (entry_from(r, &r->policy.resources[k], from->scope, &to[all])) all++;
        }
    }
    if (all == 0) return 0;
    qsort(to, all, sizeof *to, compare_entries);
    size_t kept = 0;
    for (size_t i = 1; i < all; i++) {
        if (compare_entries(&to[kept], &to[i]) == 0) {
            to[kept].allow |= to[i].allow;
            to[kept].deny |= to[i].deny;
        } else {
            to[++kept] = to[i];
        }
    }
    return kept + 1;
}

/* One block: the set, its entries, the roles' ids, the names. */
static struct role_set *assemble(const struct role_set_entry *entries, size_t entries_n,
                                 const struct uuid *roles, size_t roles_n)
{
    size_t names = 0;
    for (size_t i = 0; i < entries_n; i++) {
        names += entries[i].pattern.keyspace.n + entries[i].pattern.table.n;
    }
    const size_t size = sizeof(struct role_set) + entries_n * sizeof *entries +
                        roles_n * sizeof *roles + names;
    struct role_set *s = calloc(1, size);
    if (!s) return NULL;
    struct role_set_entry *own_entries = (struct role_set_entry *)(void *)(s + 1);
    struct uuid *own_roles = (struct uuid *)(void *)(own_entries + entries_n);
    uint8_t *at = (uint8_t *)(own_roles + roles_n);
    if (roles_n) memcpy(own_roles, roles, roles_n * sizeof *roles);
    for (size_t i = 0; i < entries_n; i++) {
        own_entries[i] = entries[i];
        bytes *const parts[] = {&own_entries[i].pattern.keyspace, &own_entries[i].pattern.table};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
            if (parts[k]->n) memcpy(at, parts[k]->p, parts[k]->n);
            *parts[k] = bytes_of(at, parts[k]->n);
            at += parts[k]->n;
        }
        const struct resource *p = &own_entries[i].pattern;
        s->denies = s->denies || entries[i].deny;
        s->shapes[p->level] = (uint8_t)(s->shapes[p->level] | 1u << shape_of(p));
    }
    s->entries = own_entries;
    s->entries_n = entries_n;
    s->roles = own_roles;
    s->roles_n = roles_n;
    s->bytes = size;
    return s;
}

static struct role_set *compile_sorted(const struct sources *from)
{
    const size_t lines = lines_of(from);
    struct role_set_entry *entries = malloc((lines + 1) * sizeof *entries);
    if (!entries) return NULL;
    const size_t kept = gather_entries(from, entries);
    struct role_set *s = assemble(entries, kept, from->roles, from->roles_n);
    free(entries);
    return s;
}

size_t role_set_order(struct uuid *roles, size_t n)
{
    if (n < 2) return n;
    qsort(roles, n, sizeof *roles, compare_uuids);
    size_t kept = 0;
    for (size_t i = 1; i < n; i++) {
        if (!uuid_eq(&roles[kept], &roles[i])) roles[++kept] = roles[i];
    }
    return kept + 1;
}

err role_set_compile_drafts(const struct snapshot *snapshot, const struct uuid *scope,
                            bool enterprise, const struct uuid *roles, size_t n,
                            const struct role *drafts, size_t drafts_n, struct role_set **out)
{
    struct uuid *ordered = malloc((n + 1) * sizeof *ordered);
    if (!ordered) return FAIL(NO_MEMORY);
    if (n) memcpy(ordered, roles, n * sizeof *roles);
    n = role_set_order(ordered, n);
    struct role_set *s = compile_sorted(&(struct sources){snapshot, scope, enterprise, ordered, n,
                                                          drafts, drafts_n});
    free(ordered);
    if (!s) return FAIL(NO_MEMORY);
    s->scope = *scope;
    s->enterprise = enterprise;
    *out = s;
    return DONE;
}

err role_set_compile(const struct snapshot *snapshot, const struct uuid *scope, bool enterprise,
                     const struct uuid *roles, size_t n, uint32_t number, uint64_t version,
                     struct role_set **out)
{
    struct role_set *s = NULL;
    TRY(role_set_compile_drafts(snapshot, scope, enterprise, roles, n, NULL, 0, &s));
    s->number = number;
    s->version = version;
    *out = s;
    return DONE;
}

static void drop(struct grace *g)
{
    free(LIST_OF(g, struct role_set, grace));
}

void role_set_retire(struct role_set *s)
{
    grace_call(&s->grace, drop);
}

void role_set_free(struct role_set *s)
{
    free(s);
}
