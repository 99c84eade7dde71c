/* Access lists as they are asked: the ranges of every list in order, each range once and none within
 * another, so that a question is one binary search. One block for all lists, replaced whole when one of
 * them changes; lists are few and change seldom. */
#pragma once

#include "base/ip.h"
#include "index/snapshot.h"

struct access_table;

struct access {
    _Atomic(struct access_table *) now;    /* NULL: there is no list */
};

/* When nobody reads any more. */
void access_drop(struct access *a);
/* The list lets nobody in but those whom it names: it is there and enabled. */
bool access_is_closed(const struct access *a, const struct uuid *list);
/* The list is not closed, or names a range with this address. IP_NONE is nowhere. */
bool access_admits(const struct access *a, const struct uuid *list, const struct ip *from);
/* Writer: as the snapshot has them. NO_MEMORY leaves all as it was. */
MUST err access_follow(struct access *a, const struct snapshot *s);

/* One list that is not in force yet, for access_admits by many; access_drop. NO_MEMORY. */
MUST err access_of(struct access *a, const struct record_access_list *list);
/* The same answer from a record that is not in force yet. */
bool access_record_admits(const struct record_access_list *list, const struct ip *from);
