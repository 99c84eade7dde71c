/* A snapshot is listings, one a kind of record, each kept in two orders. A change copies the
 * arrays of pointers of the kind that it touches; records and other kinds are shared with the former
 * snapshot until they are replaced. */
#include "index/snapshot.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/list.h"
#include "index/grace.h"
#include "index/held.h"
#include "model/change.h"

#include <stdlib.h>

enum { KINDS = RECORD_KINDS_END, ORDERS = 2, BY_ID = 0, BY_NAME = 1 };

struct listing {
    size_t n;
    size_t bytes;
    const struct record **order[ORDERS];
};

struct snapshot {
    struct grace grace;
    uint64_t version;
    struct listing *kind[KINDS];      /* NULL: empty */
    struct listing *dead[KINDS];      /* to be freed with it */
    struct held *dead_records;
};

/* --- orders --- */

static int compare_nocase(bytes a, bytes b)
{
    const size_t n = a.n < b.n ? a.n : b.n;
    for (size_t i = 0; i < n; i++) {
        uint8_t x = a.p[i];
        uint8_t y = b.p[i];
        if (x >= 'A' && x <= 'Z') x = (uint8_t)(x | 0x20);
        if (y >= 'A' && y <= 'Z') y = (uint8_t)(y | 0x20);
        if (x != y) return x < y ? -1 : 1;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

static int compare(int order, const struct record *a, const struct record *b)
{
    const struct uuid a_id = record_uuid(a);
    const struct uuid b_id = record_uuid(b);
    if (order == BY_NAME) {
        const struct uuid a_scope = record_under(a);
        const struct uuid b_scope = record_under(b);
        const int by_scope = memcmp(a_scope.b, b_scope.b, sizeof a_scope.b);
        if (by_scope) return by_scope;
        const int by_name = compare_nocase(record_label(a), record_label(b));
        if (by_name) return by_name;
    }
    return memcmp(a_id.b, b_id.b, sizeof a_id.b);
}

/* The first place whose record is not before `r`. */
static size_t listing_place(const struct listing *l, int order, const struct record *r)
{
    size_t low = 0;
    size_t high = l ? l->n : 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(order, l->order[order][middle], r) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct record *listing_find(const struct listing *l, const struct uuid *id)
{
    size_t low = 0;
    size_t high = l ? l->n : 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct uuid at = record_uuid(l->order[BY_ID][middle]);
        const int c = memcmp(at.b, id->b, sizeof at.b);
        if (c == 0) return l->order[BY_ID][middle];
        if (c < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* --- building --- */

static struct listing *listing_copy(const struct listing *from, size_t more)
{
    const size_t n = from ? from->n : 0;
    const size_t size = sizeof(struct listing) + ORDERS * (n + more) * sizeof(struct record *);
    struct listing *l = malloc(size);
    if (!l) return NULL;
    *l = (struct listing){.n = n, .bytes = size};
    for (int o = 0; o < ORDERS; o++) {
        l->order[o] = (const struct record **)(void *)(l + 1) + (size_t)o * (n + more);
        if (n) memcpy(l->order[o], from->order[o], n * sizeof *l->order[o]);
    }
    return l;
}

static void listing_insert(struct listing *l, const struct record *r)
{
    for (int o = 0; o < ORDERS; o++) {
        const size_t at = listing_place(l, o, r);
        const struct record **p = l->order[o];
        memmove(p + at + 1, p + at, (l->n - at) * sizeof *p);
        p[at] = r;
    }
    l->n++;
}

/* `r` is in the listing. */
static void listing_remove(struct listing *l, const struct record *r)
{
    for (int o = 0; o < ORDERS; o++) {
        const size_t at = listing_place(l, o, r);
        const struct record **p = l->order[o];
        CHECK(at < l->n && p[at] == r);
        memmove(p + at, p + at + 1, (l->n - at - 1) * sizeof *p);
    }
    l->n--;
}

static uint64_t born(const struct record *r)
{
    return held_of(r)->born;
}

/* What was made for this very snapshot and is out of it again has never been seen by anybody. */
static void listing_drop(struct listing *l, const struct record *r, uint64_t version)
{
    listing_remove(l, r);
    if (born(r) == version) held_free(r);
}

static err listing_change(struct listing *l, const struct change *c, uint64_t version)
{
    const struct uuid id = record_uuid(&c->record);
    const struct record *old = listing_find(l, &id);
    if (c->verb == CHANGE_REMOVE) {
        if (old) listing_drop(l, old, version);
        return DONE;
    }
    if (old && old->version > c->record.version) return DONE;
    const struct held *h = held_new(&c->record, version);
    if (!h) return FAIL(NO_MEMORY);
    if (old) listing_drop(l, old, version);
    listing_insert(l, &h->record);
    return DONE;
}

static void listing_undo(struct listing *l, uint64_t version)
{
    if (!l) return;
    for (size_t i = 0; i < l->n; i++) {
        if (born(l->order[BY_ID][i]) == version) held_free(l->order[BY_ID][i]);
    }
    free(l);
}

static err build_kind(const struct listing *from, enum record_kind kind,
                      const struct change *changes, size_t n, uint64_t version,
                      struct listing **out)
{
    size_t touched = 0;
    for (size_t i = 0; i < n; i++) touched += changes[i].record.kind == kind;
    struct listing *l = listing_copy(from, touched);
    if (!l) return FAIL(NO_MEMORY);
    err result = DONE;
    for (size_t i = 0; i < n && err_is_ok(result); i++) {
        if (changes[i].record.kind == kind) result = listing_change(l, &changes[i], version);
    }
    if (!err_is_ok(result)) {
        listing_undo(l, version);
        return result;
    }
    *out = l;
    return DONE;
}

err snapshot_build(const struct snapshot *from, const struct change *changes, size_t n,
                   uint64_t version, struct snapshot **out)
{
    struct snapshot *s = calloc(1, sizeof *s);
    if (!s) return FAIL(NO_MEMORY);
    s->version = version;
    bool touched[KINDS] = {false};
    for (size_t i = 0; i < n; i++) {
        if (record_is_listed(changes[i].record.kind)) touched[changes[i].record.kind] = true;
    }
    for (int k = RECORD_ENTERPRISE; k < KINDS; k++) {
        const struct listing *old = from ? from->kind[k] : NULL;
        s->kind[k] = from ? from->kind[k] : NULL;
        if (!touched[k]) continue;
        const err e = build_kind(old, (enum record_kind)k, changes, n, version, &s->kind[k]);
        if (err_is_ok(e)) continue;
        while (--k >= RECORD_ENTERPRISE) {
            if (touched[k]) listing_undo(s->kind[k], version);
        }
        free(s);
        return e;
    }
    *out = s;
    return DONE;
}

/* --- freeing --- */

static void drop(struct grace *g)
{
    struct snapshot *s = LIST_OF(g, struct snapshot, grace);
    for (struct held *h = s->dead_records; h;) {
        struct held *next = h->next;
        free(h);
        h = next;
    }
    for (int k = 0; k < KINDS; k++) free(s->dead[k]);
    free(s);
}

/* Both are in order of id: what stands in `l` and not, as the same object, in `next` is dead. */
static void collect_dead(struct snapshot *s, const struct listing *l, const struct listing *next)
{
    size_t j = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct record *r = l->order[BY_ID][i];
        while (next && j < next->n && compare(BY_ID, next->order[BY_ID][j], r) < 0) j++;
        if (next && j < next->n && next->order[BY_ID][j] == r) continue;
        struct held *h = held_of(r);
        h->next = s->dead_records;
        s->dead_records = h;
    }
}

static void mark_dead(struct snapshot *s, const struct snapshot *next)
{
    for (int k = 0; k < KINDS; k++) {
        const struct listing *other = next ? next->kind[k] : NULL;
        if (!s->kind[k] || s->kind[k] == other) continue;
        collect_dead(s, s->kind[k], other);
        s->dead[k] = s->kind[k];
    }
}

void snapshot_retire(struct snapshot *s, const struct snapshot *next)
{
    mark_dead(s, next);
    grace_call(&s->grace, drop);
}

void snapshot_free(struct snapshot *s)
{
    if (!s) return;
    mark_dead(s, NULL);
    drop(&s->grace);
}

size_t snapshot_bytes(const struct snapshot *s)
{
    size_t all = sizeof *s;
    for (int k = 0; k < KINDS; k++) {
        const struct listing *l = s->kind[k];
        if (!l) continue;
        all += l->bytes;
        for (size_t i = 0; i < l->n; i++) {
            all += held_of(l->order[BY_ID][i])->bytes;
        }
    }
    return all;
}

/* --- looking --- */

uint64_t snapshot_version(const struct snapshot *s)
{
    return s->version;
}

const struct record *snapshot_record(const struct snapshot *s, enum record_kind kind,
                                     const struct uuid *id)
{
    CHECK((int)kind < KINDS);
    return listing_find(s->kind[kind], id);
}

uint64_t snapshot_record_version(const struct snapshot *s, enum record_kind kind,
                                 const struct uuid *id)
{
    const struct record *r = snapshot_record(s, kind, id);
    return r ? r->version : 0;
}

const struct record_enterprise *snapshot_enterprise(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_ENTERPRISE, id);
    return r ? &r->of.enterprise : NULL;
}

const struct record_organization *snapshot_organization(const struct snapshot *s,
                                                        const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_ORGANIZATION, id);
    return r ? &r->of.organization : NULL;
}

const struct record_database *snapshot_database(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_DATABASE, id);
    return r ? &r->of.database : NULL;
}

const struct record_person *snapshot_person(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_PERSON, id);
    return r ? &r->of.person : NULL;
}

const struct record_membership *snapshot_membership(const struct snapshot *s,
                                                    const struct uuid *person,
                                                    const struct uuid *scope)
{
    const struct uuid id = record_membership_id(person, scope);
    const struct record *r = snapshot_record(s, RECORD_MEMBERSHIP, &id);
    return r ? &r->of.membership : NULL;
}

const struct record_session *snapshot_session(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_SESSION, id);
    return r ? &r->of.session : NULL;
}

const struct record_access_list *snapshot_access_list(const struct snapshot *s,
                                                      const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_ACCESS_LIST, id);
    return r ? &r->of.access_list : NULL;
}

const struct record_replay *snapshot_replay(const struct snapshot *s, const struct uuid *id)
{
    const struct record *r = snapshot_record(s, RECORD_REPLAY, id);
    return r ? &r->of.replay : NULL;
}

const struct role *snapshot_role(const struct snapshot *s, const struct uuid *id)
{
    const struct role *builtin = builtin_role(id);
    if (builtin) return builtin;
    const struct record *r = snapshot_record(s, RECORD_ROLE, id);
    return r ? &r->of.role : NULL;
}

const struct role *snapshot_role_of(const struct snapshot *s, const struct uuid *scope,
                                    bool enterprise, const struct uuid *id)
{
    const struct role *r = snapshot_role(s, id);
    if (!r || r->enterprise != enterprise) return NULL;
    return r->builtin || uuid_eq(&r->scope, scope) ? r : NULL;
}

/* The part of the order by name that belongs to one scope. */
static struct snapshot_list slice(const struct snapshot *s, enum record_kind kind,
                                  const struct uuid *scope)
{
    const struct listing *l = s->kind[kind];
    size_t from = 0;
    size_t high = l ? l->n : 0;
    while (from < high) {
        const size_t middle = from + (high - from) / 2;
        const struct uuid at = record_under(l->order[BY_NAME][middle]);
        if (memcmp(at.b, scope->b, sizeof at.b) < 0) {
            from = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t to = from;
    for (; l && to < l->n; to++) {
        const struct uuid at = record_under(l->order[BY_NAME][to]);
        if (!uuid_eq(&at, scope)) break;
    }
    return (struct snapshot_list){l ? l->order[BY_NAME] + from : NULL, to - from};
}

struct snapshot_list snapshot_roles(const struct snapshot *s, const struct uuid *scope)
{
    return slice(s, RECORD_ROLE, scope);
}

struct snapshot_list snapshot_databases(const struct snapshot *s, const struct uuid *organization)
{
    return slice(s, RECORD_DATABASE, organization);
}

struct snapshot_list snapshot_organizations(const struct snapshot *s, const struct uuid *enterprise)
{
    return slice(s, RECORD_ORGANIZATION, enterprise);
}

struct snapshot_list snapshot_all(const struct snapshot *s, enum record_kind kind)
{
    CHECK((int)kind < KINDS);
    const struct listing *l = s->kind[kind];
    return (struct snapshot_list){l ? l->order[BY_NAME] : NULL, l ? l->n : 0};
}

/* The list is in order of label. */
static const struct record *find_named(struct snapshot_list list, bytes name)
{
    size_t low = 0;
    size_t high = list.n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = compare_nocase(record_label(list.records[middle]), name);
        if (c == 0) return list.records[middle];
        if (c < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

struct snapshot_list snapshot_members(const struct snapshot *s, const struct uuid *scope)
{
    return slice(s, RECORD_MEMBERSHIP, scope);
}

struct snapshot_list snapshot_replays(const struct snapshot *s, const struct uuid *scope)
{
    return slice(s, RECORD_REPLAY, scope);
}

struct snapshot_list snapshot_sessions(const struct snapshot *s, const struct uuid *person)
{
    return slice(s, RECORD_SESSION, person);
}

const struct record_person *snapshot_person_called(const struct snapshot *s, bytes email)
{
    static const struct uuid top;
    const struct record *r = find_named(slice(s, RECORD_PERSON, &top), email);
    return r ? &r->of.person : NULL;
}

const struct role *snapshot_role_named(const struct snapshot *s, const struct uuid *scope, bytes name)
{
    const struct record *r = find_named(snapshot_roles(s, scope), name);
    return r ? &r->of.role : NULL;
}

const struct record_database *snapshot_database_named(const struct snapshot *s,
                                                      const struct uuid *organization, bytes name)
{
    const struct record *r = find_named(snapshot_databases(s, organization), name);
    return r ? &r->of.database : NULL;
}

const struct role *snapshot_role_for_database(const struct snapshot *s,
                                              const struct uuid *organization,
                                              const struct uuid *database)
{
    const struct snapshot_list list = snapshot_roles(s, organization);
    for (size_t i = 0; i < list.n; i++) {
        if (uuid_eq(&list.records[i]->of.role.database, database)) return &list.records[i]->of.role;
    }
    return NULL;
}

void snapshot_each_role(const struct snapshot *s, const struct uuid *scope, bool enterprise,
                        snapshot_visit_role *visit, void *owner)
{
    const struct role *builtin;
    const size_t n = builtin_roles(&builtin);
    for (size_t i = 0; i < n; i++) {
        if (builtin[i].enterprise == enterprise && !visit(owner, &builtin[i])) return;
    }
    const struct snapshot_list list = snapshot_roles(s, scope);
    for (size_t i = 0; i < list.n; i++) {
        if (!visit(owner, &list.records[i]->of.role)) return;
    }
}
