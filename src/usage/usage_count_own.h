/* The counts as their own files have them. */
#pragma once

#include "base/hash.h"
#include "usage/usage_count.h"

struct usage_count {
    struct hash_seed seed;
    struct usage_entry **buckets;
    size_t buckets_n; /* a power of two */
    size_t n;
    size_t tables_n; /* of all entries */
    struct list entries; /* those that were made or taken last are last */
    size_t todo;         /* of this round of taking */
};

bytes usage_count_id(const struct usage_entry *e); /* empty: of others */
void usage_count_free_entry(struct usage_entry *e);
/* What slots counted becomes their tables'. */
void usage_count_settle(struct usage_entry *e);
