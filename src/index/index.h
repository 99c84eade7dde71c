/* The index: the complete picture in memory. Every live token, every role set, and the snapshot of
 * everything else; written by the control thread alone, read by all without locks.
 *
 * Readers are threads registered with liburcu, inside a read section: what they are lent, they have
 * until it ends. Writers (marked W) are calls of one thread, registered too, outside a read section. */
#pragma once

#include "base/ip.h"
#include "index/role_set.h"
#include "model/change.h"
#include "model/server_key.h"

struct index;

/* Stands for "no live word": the local operator, and people outside every scope. Always live. */
#define INDEX_NO_LIVE UINT32_MAX
/* Stands for "no role set": everything is denied. */
#define INDEX_NO_ROLE_SET UINT32_MAX

MUST err index_new(struct index **out);
/* When nobody reads any more; waits for what liburcu still has to free. */
void index_free(struct index *x);
/* W: room for so many tokens, before loading them; only saves time. */
MUST err index_reserve(struct index *x, size_t tokens);

/* What applying changes did, told from within index_apply and index_expire. Any may be NULL. */
struct index_effects {
    void *owner;
    /* The live word is marked: sessions with it must end. */
    void (*token_ended)(void *owner, uint32_t live);
    /* The set was compiled again: what was decided with its former version is void. */
    void (*role_set_changed)(void *owner, uint32_t role_set);
    /* Registered or edited; lent until the callback returns. */
    void (*database_put)(void *owner, const struct record_database *database);
    void (*database_removed)(void *owner, const struct uuid *database);
    /* The access list of a database, or of an organization's API, is another now: who is outside of
     * it must go. */
    void (*access_changed)(void *owner, const struct uuid *list);
};

/* W: the changes as the store committed them, records whole and with their versions. Applying a change
 * twice is harmless. Everything is copied. Live words of removed tokens are marked before anything
 * that needs memory. NO_MEMORY: the index lacks some of the changes; apply them again or stop. */
MUST err index_apply(struct index *x, const struct change *changes, size_t n,
                     const struct index_effects *effects);

/* The earliest time (UTC) at which a token ends by the clock; CLOCK_NEVER_MS: none. */
int64_t index_next_expiry(const struct index *x);
/* W: marks the tokens whose time has come. They stay in the index and are refused. */
void index_expire(struct index *x, int64_t now_ms, const struct index_effects *effects);

/* What a login needs of a token; a copy. */
struct index_token {
    struct uuid scope;
    bool enterprise;
    uint16_t key_id;
    uint8_t verifier[SERVER_KEY_VERIFIER];
    int64_t created_ms;
    int64_t expires_ms;       /* as stored */
    int64_t valid_until_ms;   /* min(expiry, created + the organization's maximum) */
    uint32_t role_set;
    uint32_t live;
    uint64_t live_word;       /* as the login saw it; a session compares it with what it is */
};
/* Neither its clock nor anybody had ended it when it was found. */
static inline bool index_token_is_active(const struct index_token *t)
{
    return t->live_word & 1;
}

/* Exact; false for what is no client id. A token that ended by the clock is found, too: the caller
 * compares valid_until_ms, and index_is_live. */
bool index_find_token(const struct index *x, bytes client_id, struct index_token *out);
/* The same in two steps, with time in between in which memory fetches what the second one needs. */
struct index_place {
    uint64_t hash;
    uint32_t letters;
    bool well_formed;
};
struct index_place index_expect_token(const struct index *x, bytes client_id);
bool index_find_token_at(const struct index *x, const struct index_place *place,
                         struct index_token *out);

/* What a member may; a copy. */
struct index_member {
    uint32_t role_set;
    uint32_t live;            /* ends when the membership changes */
    uint64_t live_word;
};
/* False for a membership that is not there, or not accepted yet. */
bool index_find_member(const struct index *x, const struct uuid *membership,
                       struct index_member *out);

/* One atomic load and a compare: the token that held `word` under this number has not ended. */
bool index_is_live(const struct index *x, uint32_t live, uint64_t word);

/* Access lists, by the id of their database or organization: whether there is one that is enabled, and
 * whether it lets this address in. What has no enabled list lets everybody in. */
bool index_is_closed(const struct index *x, const struct uuid *list);
bool index_admits(const struct index *x, const struct uuid *list, const struct ip *from);

/* NULL for an unknown number. */
const struct role_set *index_role_set(const struct index *x, uint32_t number);
/* Never NULL. */
const struct snapshot *index_snapshot(const struct index *x);
/* Rises with every index_apply. */
uint64_t index_version(const struct index *x);

/* An organization's or enterprise's tokens. `changes` rises whenever one is made, changed, removed or
 * ends by the clock: who reads it first and the store afterwards holds nothing that is older. */
struct index_scope {
    uint64_t changes;
    uint64_t tokens;
    int64_t next_end_ms; /* of any scope's token: up to here no end lacks in `changes` */
};
struct index_scope index_scope(const struct index *x, const struct uuid *id, bool enterprise);

/* Tokens whose verifier is of this server key. */
size_t index_key_tokens(const struct index *x, uint16_t key_id);
/* Tokens and members that hold the role (decisions 1.10). */
size_t index_role_holders(const struct index *x, const struct uuid *role);
/* The same of one scope alone: built-in roles are everybody's. */
size_t index_role_holders_in(const struct index *x, const struct uuid *role,
                             const struct uuid *scope);

struct index_numbers {
    uint64_t version;
    size_t tokens;
    size_t role_sets;
    size_t roles;             /* custom ones */
    size_t databases;
    size_t organizations;
    size_t enterprises;
    size_t bytes;             /* of memory, all in all */
    size_t token_bytes;       /* of it for tokens: table and live words */
};
/* Any thread that reads. */
void index_count(const struct index *x, struct index_numbers *out);
