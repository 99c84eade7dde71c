/* The token table: flat open addressing in shards, 64-byte slots, one cache line each, with all that a
 * login needs. One thread writes; a published slot never changes but for its state and its copy of the
 * live word, and a place is used again only when its shard has been made anew. */
#pragma once

#include "base/hash.h"
#include "index/grace.h"
#include "model/record.h"

#include <stdatomic.h>

enum { TOKEN_TABLE_SHARDS = 64, TOKEN_TABLE_SLOT = 64 };

enum token_slot_state { TOKEN_SLOT_EMPTY, TOKEN_SLOT_USED, TOKEN_SLOT_DEAD };

struct token_slot {
    _Atomic uint32_t head;                   /* the first five letters, six bits each; the state */
    uint16_t key_id;
    uint16_t expires_high;                   /* token_slot_expires_ms */
    uint64_t hash;                           /* of the client id, keyed */
    uint8_t verifier[SERVER_KEY_VERIFIER];
    uint32_t expires_low;
    uint32_t created_s;
    uint32_t scope;                          /* number */
    uint32_t role_set;                       /* number */
    uint32_t live;                           /* number */
    _Atomic uint32_t live_word;              /* a copy, for who logs in */
};

static inline uint32_t token_slot_live_word(const struct token_slot *s)
{
    return atomic_load_explicit(&s->live_word, memory_order_acquire);
}
/* Writer: the copy of a published slot's live word follows the word itself. */
static inline void token_slot_set_live_word(struct token_slot *s, uint32_t word)
{
    atomic_store_explicit(&s->live_word, word, memory_order_release);
}
/* 48 bits of milliseconds, until the year 10889; later ones are CLOCK_NEVER_MS. */
int64_t token_slot_expires_ms(const struct token_slot *s);
void token_slot_set_expires_ms(struct token_slot *s, int64_t expires_ms);

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

/* NULL: not there. Lent for the read section. */
const struct token_slot *token_table_find(const struct token_table *t, bytes client_id);
/* Writer: the same, to be changed; until the next put. */
struct token_slot *token_table_own(struct token_table *t, bytes client_id);
/* Writer: `values` with hash and head left out; replaces a former slot of this id. The token ends at
 * `end_ms`. NO_MEMORY leaves the table as it was. */
MUST err token_table_put(struct token_table *t, bytes client_id, const struct token_slot *values,
                         int64_t end_ms);
/* Writer: false when it was not there. */
bool token_table_remove(struct token_table *t, bytes client_id);

/* The earliest time at which some token may end. */
int64_t token_table_next_end(const struct token_table *t);
/* Writer: visits the blocks of places in which a token may end at or before `until_ms`, every slot of
 * them; the answer is when that token ends, or CLOCK_NEVER_MS. */
typedef int64_t token_table_visit(void *owner, struct token_slot *slot);
void token_table_sweep(struct token_table *t, int64_t until_ms, token_table_visit *visit,
                       void *owner);
