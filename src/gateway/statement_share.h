/* What each token has prepared of one database: who may say that a statement is his, and who pays
 * for it. Every token that holds a statement is charged with all of it, so that a cap says the same
 * whoever came first, and a token that goes over its cap lets go of its own, nobody else's. */
#pragma once

#include "base/hash.h"
#include "base/list.h"
#include "gateway/shared_table.h"
#include "model/principal.h"

enum { STATEMENT_SHARE_BUCKETS = 1024 };

struct statement_record;

struct statement_share {
    struct statement_share *next; /* in its bucket */
    uint64_t live_word;           /* of the token; with its number, which is given again */
    uint32_t live;
    size_t n;
    size_t bytes_n;
    struct list holds; /* oldest first */
};

/* One token and one statement. */
struct statement_hold {
    struct grace grace;
    struct list of_share;
    struct list of_record;
    struct statement_share *share;
    struct statement_record *record;
    uint64_t hash;
    uint64_t number; /* of the record */
    uint64_t live_word;
    uint32_t live;
};

struct statement_shares {
    struct hash_seed seed;
    struct shared_table holds;
    struct statement_share *buckets[STATEMENT_SHARE_BUCKETS];
};

MUST err statement_share_table_init(struct statement_shares *t);
/* Nothing is held any more. */
void statement_share_table_drop(struct statement_shares *t);

/* In an RCU read section: whether the token holds the statement with this number. */
bool statement_share_has(const struct statement_shares *t, const struct principal *who,
                         uint64_t number);

/* --- under the lock of the records --- */

/* Holds the record, whose list of holds this joins and whose size is charged. NO_MEMORY. */
MUST err statement_share_hold(struct statement_shares *t, const struct principal *who,
                              struct statement_record *r, uint64_t number, size_t size,
                              struct list *of_record, struct statement_share **out);
/* Lets go; the share goes with its last hold. `size` as it was charged. */
void statement_share_let_go(struct statement_shares *t, struct statement_hold *h, size_t size);
/* Some share of this number, whoever had it, or NULL. */
struct statement_share *statement_share_find(const struct statement_shares *t, uint32_t live);
/* Who is charged with most, or NULL. */
struct statement_share *statement_share_largest(const struct statement_shares *t);
