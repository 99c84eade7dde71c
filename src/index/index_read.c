/* What readers ask of the index: without locks, within a read section, the way back from how the writer
 * publishes (index.c). */
#include "index/index_own.h"

const struct snapshot *index_snapshot(const struct index *x)
{
    return atomic_load_explicit(&x->snapshot, memory_order_acquire);
}

uint64_t index_version(const struct index *x)
{
    return atomic_load_explicit(&x->version, memory_order_acquire);
}

const struct role_set *index_role_set(const struct index *x, uint32_t number)
{
    return number == INDEX_NO_ROLE_SET ? NULL : role_sets_at(&x->sets, number);
}

bool index_is_live(const struct index *x, uint32_t live, uint64_t word)
{
    if (live == INDEX_NO_LIVE) return true;
    return live_word_is_active(word) && live_word_read(&x->live, live) == word;
}

/* With the slot's own copy of the live word: the word itself would be one more line from memory. A
 * copy that is older than the word fails the session's first comparison. */
static void read_slot(const struct index *x, const struct token_slot *slot, struct index_token *out)
{
    const struct scope *scope = scope_table_at(&x->scopes, slot->scope);
    *out = (struct index_token){.scope = scope->id,
                                .enterprise = scope->enterprise,
                                .key_id = slot->key_id,
                                .created_ms = (int64_t)slot->created_s * 1000,
                                .expires_ms = token_slot_expires_ms(slot),
                                .valid_until_ms = index_own_slot_end(x, slot),
                                .role_set = slot->role_set,
                                .live = slot->live,
                                .live_word = token_slot_live_word(slot)};
    memcpy(out->verifier, slot->verifier, sizeof out->verifier);
}

struct index_place index_expect_token(const struct index *x, bytes client_id)
{
    const struct token_place p = token_table_expect(&x->tokens, client_id);
    return (struct index_place){p.hash, p.letters, p.well_formed};
}

bool index_find_token_at(const struct index *x, const struct index_place *place,
                         struct index_token *out)
{
    const struct token_place p = {place->hash, place->letters, place->well_formed};
    const struct token_slot *slot = token_table_find_at(&x->tokens, &p);
    if (slot) read_slot(x, slot, out);
    return slot != NULL;
}

bool index_find_token(const struct index *x, bytes client_id, struct index_token *out)
{
    const struct index_place place = index_expect_token(x, client_id);
    return index_find_token_at(x, &place, out);
}

bool index_find_member(const struct index *x, const struct uuid *membership,
                       struct index_member *out)
{
    struct member m;
    if (!members_find(&x->members, membership, &m)) return false;
    *out = (struct index_member){m.role_set, m.live, live_word_read(&x->live, m.live)};
    return true;
}

struct index_scope index_scope(const struct index *x, const struct uuid *id, bool enterprise)
{
    const struct scope *s = scope_table_find(&x->scopes, id, enterprise);
    struct index_scope out = {.next_end_ms = CLOCK_NEVER_MS};
    if (!s) return out;
    /* Before and after: what ends is counted and then put off, what is made is brought forward and then
     * counted. */
    const int64_t before_ms = atomic_load_explicit(&x->next_end_ms, memory_order_acquire);
    out.changes = atomic_load_explicit(&s->changes, memory_order_acquire);
    out.next_end_ms = atomic_load_explicit(&x->next_end_ms, memory_order_acquire);
    if (before_ms < out.next_end_ms) out.next_end_ms = before_ms;
    out.tokens = atomic_load_explicit(&s->tokens, memory_order_relaxed);
    return out;
}

bool index_is_closed(const struct index *x, const struct uuid *list)
{
    return access_is_closed(&x->access, list);
}

bool index_admits(const struct index *x, const struct uuid *list, const struct ip *from)
{
    return access_admits(&x->access, list, from);
}

size_t index_key_tokens(const struct index *x, uint16_t key_id)
{
    return atomic_load_explicit(&x->of_key[key_id], memory_order_relaxed);
}

size_t index_role_holders(const struct index *x, const struct uuid *role)
{
    return role_sets_holders(&x->sets, role, NULL);
}

size_t index_role_holders_in(const struct index *x, const struct uuid *role,
                             const struct uuid *scope)
{
    return role_sets_holders(&x->sets, role, scope);
}

void index_count(const struct index *x, struct index_numbers *out)
{
    const struct snapshot *s = index_snapshot(x);
    struct index_numbers n = {0};
    n.version = index_version(x);
    n.tokens = atomic_load_explicit(&x->tokens.tokens, memory_order_relaxed);
    n.role_sets = role_sets_n(&x->sets);
    n.roles = snapshot_all(s, RECORD_ROLE).n;
    n.databases = snapshot_all(s, RECORD_DATABASE).n;
    n.organizations = snapshot_all(s, RECORD_ORGANIZATION).n;
    n.enterprises = snapshot_all(s, RECORD_ENTERPRISE).n;
    n.token_bytes = atomic_load_explicit(&x->tokens.bytes, memory_order_relaxed) +
                    atomic_load_explicit(&x->live.words.bytes, memory_order_relaxed);
    n.bytes = n.token_bytes + sizeof *x + role_sets_bytes(&x->sets) + snapshot_bytes(s);
    *out = n;
}
