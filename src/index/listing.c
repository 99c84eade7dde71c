#include "index/listing.h"

#include "base/check.h"
#include "index/held.h"

#include <stdlib.h>

enum { ORDERS = LISTING_ORDERS, BY_ID = LISTING_BY_ID, BY_NAME = LISTING_BY_NAME };

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

int listing_compare(int order, const struct record *a, const struct record *b)
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
        if (listing_compare(order, l->order[order][middle], r) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct record *listing_find(const struct listing *l, const struct uuid *id)
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

const struct record *const *listing_under(const struct listing *l, const struct uuid *scope, size_t *n)
{
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
    *n = to - from;
    return l ? l->order[BY_NAME] + from : NULL;
}

const struct record *listing_find_label(const struct record *const *records, size_t n, bytes label)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int c = compare_nocase(record_label(records[middle]), label);
        if (c == 0) return records[middle];
        if (c < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

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

void listing_undo(struct listing *l, uint64_t version)
{
    if (!l) return;
    for (size_t i = 0; i < l->n; i++) {
        if (born(l->order[BY_ID][i]) == version) held_free(l->order[BY_ID][i]);
    }
    free(l);
}

err listing_build(const struct listing *from, enum record_kind kind, const struct change *changes, size_t n,
                  uint64_t version, struct listing **out)
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
