/* A listing: the records of one kind of one snapshot, in two orders. It is changed only while its
 * snapshot is being built; records and, where nothing changed, whole listings are shared by snapshots. */
#pragma once

#include "model/change.h"

enum { LISTING_ORDERS = 2, LISTING_BY_ID = 0, LISTING_BY_NAME = 1 };

struct listing {
    size_t n;
    size_t bytes;
    const struct record **order[LISTING_ORDERS];
};

/* By id; by what the record is under, its label whatever the case of its letters, its id. */
int listing_compare(int order, const struct record *a, const struct record *b);
/* NULL, also of a listing that is NULL, the empty one. */
const struct record *listing_find(const struct listing *l, const struct uuid *id);
/* The part of the order by name that is under `scope`: its first place; `*n` of them. */
const struct record *const *listing_under(const struct listing *l, const struct uuid *scope, size_t *n);
/* One of `n` in order of label, whatever the case of its letters. NULL: none. */
const struct record *listing_find_label(const struct record *const *records, size_t n, bytes label);

/* A copy of `from` with those of the changes that are of its kind, for the snapshot `version`. NO_MEMORY. */
MUST err listing_build(const struct listing *from, enum record_kind kind, const struct change *changes, size_t n,
                       uint64_t version, struct listing **out);
/* Frees a listing that nobody has seen, with the records that were made for `version`. NULL does nothing. */
void listing_undo(struct listing *l, uint64_t version);
