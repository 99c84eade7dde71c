/* A change copies the listing of the kind that it touches; records and other kinds are shared with the
 * former snapshot until they are replaced. */
#include "index/snapshot_inside.h"

#include "base/list.h"
#include "index/held.h"

#include <stdlib.h>

enum { KINDS = RECORD_KINDS_END };

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
        const err e = listing_build(old, (enum record_kind)k, changes, n, version, &s->kind[k]);
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
        const struct record *r = l->order[LISTING_BY_ID][i];
        while (next && j < next->n && listing_compare(LISTING_BY_ID, next->order[LISTING_BY_ID][j], r) < 0) j++;
        if (next && j < next->n && next->order[LISTING_BY_ID][j] == r) continue;
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
            all += held_of(l->order[LISTING_BY_ID][i])->bytes;
        }
    }
    return all;
}
