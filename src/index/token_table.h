/* The token table: flat open addressing in shards, 64-byte slots, one cache line each. One thread
 * writes; a published slot never changes but for its state, and a place is used again only when its
 * shard has been made anew. */
#pragma once

#include "base/hash.h"
#include "index/grace.h"
#include "model/record.h"

#include <stdatomic.h>

enum { TOKEN_TABLE_SHARDS = 64, TOKEN_TABLE_SLOT = 64 };

enum token_slot_state { TOKEN_SLOT_EMPTY, TOKEN_SLOT_USED, TOKEN_SLOT_DEAD };

struct token_slot {
    _Atomic uint16_t state;
    uint16_t key_id;
    uint32_t letters;                        /* the first five letters, six bits each */
    uint64_t hash;                           /* of the client id, keyed */
    uint8_t verifier[SERVER_KEY_VERIFIER];
    int64_t expires_ms;
    uint32_t created_s;
    uint32_t scope;                          /* number */
    uint32_t role_set;                       /* number */
    uint32_t live;                           /* number */
};

struct token_slots;

struct token_shard {
    _Atomic(struct token_slots *) slots;
    uint32_t used;                           /* places that are not empty; the writer's */
    uint32_t live;                           /* of them not dead */
    int64_t next_end_ms;                     /* no token of the shard ends before; the writer's */
};

struct token_table {
    struct hash_seed seed;
    struct token_shard shards[TOKEN_TABLE_SHARDS];
    atomic_size_t tokens;
    atomic_size_t bytes;
};

void token_table_init(struct token_table *t);
/* When nobody reads any more. */
void token_table_drop(struct token_table *t);
/* What an id is found by. */
struct token_place {
    uint64_t hash;
    uint32_t letters;
    bool well_formed;
};
/* Fetches the lines where the search for this id will begin, while the caller does something else. */
struct token_place token_table_expect(const struct token_table *t, bytes client_id);
const struct token_slot *token_table_find_at(const struct token_table *t,
                                             const struct token_place *place);
/* Writer: makes every shard big enough. */
MUST err token_table_reserve(struct token_table *t, size_t tokens);

/* NULL: not there. Lent for the read section. Whoever reads what else belongs to the token (its live
 * word) looks at the state again afterwards: dead means that it was replaced or removed meanwhile. */
const struct token_slot *token_table_find(const struct token_table *t, bytes client_id);
/* Writer: `values` with client id, hash and state left out; replaces a former slot of this id. The
 * token ends at `end_ms`. NO_MEMORY leaves the table as it was. */
MUST err token_table_put(struct token_table *t, bytes client_id, const struct token_slot *values,
                         int64_t end_ms);
/* Writer: false when it was not there. */
bool token_table_remove(struct token_table *t, bytes client_id);

/* The earliest time at which some token may end. */
int64_t token_table_next_end(const struct token_table *t);
/* Writer: visits the blocks of places in which a token may end at or before `until_ms`, every slot of
 * them; the answer is when that token ends, or CLOCK_NEVER_MS. */
typedef int64_t token_table_visit(void *owner, const struct token_slot *slot);
void token_table_sweep(struct token_table *t, int64_t until_ms, token_table_visit *visit,
                       void *owner);
