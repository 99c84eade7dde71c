/* Places are found by linear probing from where the hash points. A shard is made anew, 64 % full, when
 * 72 % of its places are no longer empty: a search then looks at two places on average. Readers go on
 * in the former one until their section ends. */
#include "index/token_table.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/list.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

static_assert(sizeof(struct token_slot) == TOKEN_TABLE_SLOT, "one slot, one cache line");

enum { SHARD_BITS = 6, CAPACITY_MIN = 8, HUGE_PAGE = 2 << 20, BLOCK = 1024 };
enum { LETTERS_KEPT = 5, STATE_BITS = 2, LINES_EXPECTED = 4 };
#define EXPIRES_NEVER ((INT64_C(1) << 48) - 1)
static_assert(TOKEN_TABLE_SHARDS == 1 << SHARD_BITS, "the hash's top bits choose the shard");

struct token_slots {
    struct grace grace;
    uint32_t capacity;
    int64_t *next_end_ms;      /* a block of places; behind the slots; the writer's */
    _Alignas(TOKEN_TABLE_SLOT) struct token_slot slot[];
};

/* The letters halve the hash's chance of a collision 27 times over. */
static struct token_place place_of(const struct token_table *t, bytes client_id)
{
    if (!token_is_client_id(client_id)) return (struct token_place){0};
    struct token_place f = {hash_bytes(t->seed, client_id), 0, true};
    for (size_t i = 0; i < LETTERS_KEPT; i++) {
        f.letters = f.letters << 6 | (uint32_t)(client_id.p[i] - 'A');
    }
    return f;
}

static size_t shard_number(uint64_t hash)
{
    return (size_t)(hash >> (64 - SHARD_BITS));
}

static uint32_t first_place(uint64_t hash, uint32_t capacity)
{
    return (uint32_t)((hash & UINT32_MAX) * capacity >> 32);
}

/* Places that may be other than empty. */
static uint32_t limit(uint32_t capacity)
{
    return capacity - (uint32_t)(((uint64_t)capacity * 9 + 31) / 32);
}

static size_t blocks(uint32_t capacity)
{
    return (capacity + BLOCK - 1) / BLOCK;
}

static size_t bytes_of_slots(uint32_t capacity)
{
    return sizeof(struct token_slots) + (size_t)capacity * sizeof(struct token_slot) +
           blocks(capacity) * sizeof(int64_t);
}

void token_table_init(struct token_table *t)
{
    memset(t, 0, sizeof *t);
    t->seed = hash_seed_new();
    for (size_t i = 0; i < TOKEN_TABLE_SHARDS; i++) t->shards[i].next_end_ms = CLOCK_NEVER_MS;
}

void token_table_drop(struct token_table *t)
{
    for (size_t i = 0; i < TOKEN_TABLE_SHARDS; i++) {
        free(atomic_load_explicit(&t->shards[i].slots, memory_order_relaxed));
    }
}

/* --- one slot --- */

int64_t token_slot_expires_ms(const struct token_slot *s)
{
    const int64_t ms = (int64_t)((uint64_t)s->expires_high << 32 | s->expires_low);
    return ms == EXPIRES_NEVER ? CLOCK_NEVER_MS : ms;
}

void token_slot_set_expires_ms(struct token_slot *s, int64_t expires_ms)
{
    const int64_t ms = expires_ms < 0 ? 0 : expires_ms > EXPIRES_NEVER ? EXPIRES_NEVER : expires_ms;
    s->expires_high = (uint16_t)(ms >> 32);
    s->expires_low = (uint32_t)ms;
}

static uint32_t head_of(uint32_t letters, enum token_slot_state state)
{
    return letters << STATE_BITS | (uint32_t)state;
}

static bool is_used(const struct token_slot *s)
{
    return (atomic_load_explicit(&s->head, memory_order_relaxed) & 3) == TOKEN_SLOT_USED;
}

static void kill_slot(struct token_slot *s)
{
    atomic_store_explicit(&s->head, TOKEN_SLOT_DEAD, memory_order_release);
}

/* --- finding --- */

static struct token_slot *find(struct token_slots *s, struct token_place f)
{
    const uint32_t used = head_of(f.letters, TOKEN_SLOT_USED);
    uint32_t at = s ? first_place(f.hash, s->capacity) : 0;
    for (uint32_t i = 0; s && i < s->capacity; i++) {
        struct token_slot *slot = &s->slot[at];
        const uint32_t head = atomic_load_explicit(&slot->head, memory_order_acquire);
        if (head == TOKEN_SLOT_EMPTY) return NULL;
        if (head == used && slot->hash == f.hash) return slot;
        if (++at == s->capacity) at = 0;
    }
    return NULL;
}

const struct token_slot *token_table_find_at(const struct token_table *t,
                                             const struct token_place *place)
{
    if (!place->well_formed) return NULL;
    const struct token_shard *shard = &t->shards[shard_number(place->hash)];
    return find(atomic_load_explicit(&shard->slots, memory_order_acquire), *place);
}

const struct token_slot *token_table_find(const struct token_table *t, bytes client_id)
{
    const struct token_place f = place_of(t, client_id);
    return token_table_find_at(t, &f);
}

struct token_slot *token_table_own(struct token_table *t, bytes client_id)
{
    const struct token_place f = place_of(t, client_id);
    if (!f.well_formed) return NULL;
    struct token_shard *shard = &t->shards[shard_number(f.hash)];
    return find(atomic_load_explicit(&shard->slots, memory_order_relaxed), f);
}

struct token_place token_table_expect(const struct token_table *t, bytes client_id)
{
    const struct token_place f = place_of(t, client_id);
    const struct token_shard *shard = &t->shards[shard_number(f.hash)];
    const struct token_slots *s = atomic_load_explicit(&shard->slots, memory_order_acquire);
    if (!s) return f;
    const struct token_slot *first = &s->slot[first_place(f.hash, s->capacity)];
    for (int i = 0; i < LINES_EXPECTED; i++) __builtin_prefetch(first + i);
    return f;
}

/* --- writing --- */

/* Into the first empty place; there is one. */
static void publish(struct token_slots *s, const struct token_slot *values, uint32_t head,
                    int64_t end_ms)
{
    uint32_t at = first_place(values->hash, s->capacity);
    while (atomic_load_explicit(&s->slot[at].head, memory_order_relaxed) != TOKEN_SLOT_EMPTY) {
        if (++at == s->capacity) at = 0;
    }
    struct token_slot *slot = &s->slot[at];
    memcpy((uint8_t *)slot + sizeof slot->head, (const uint8_t *)values + sizeof slot->head,
           sizeof *slot - sizeof slot->head);
    if (end_ms < s->next_end_ms[at / BLOCK]) s->next_end_ms[at / BLOCK] = end_ms;
    atomic_store_explicit(&slot->head, head, memory_order_release);
}

/* Large ones on huge pages where there are any: a look-up then misses one cache line, not two and a
 * page table. */
static struct token_slots *new_slots(uint32_t capacity)
{
    const size_t size = bytes_of_slots(capacity);
    const bool is_large = size >= HUGE_PAGE;
    void *room;
    if (posix_memalign(&room, is_large ? HUGE_PAGE : TOKEN_TABLE_SLOT, size) != 0) return NULL;
    struct token_slots *s = room;
    if (is_large) (void)madvise(s, size, MADV_HUGEPAGE);
    memset(s, 0, size);
    s->capacity = capacity;
    s->next_end_ms = (int64_t *)(void *)&s->slot[capacity];
    for (size_t i = 0; i < blocks(capacity); i++) s->next_end_ms[i] = CLOCK_NEVER_MS;
    return s;
}

static void drop_slots(struct grace *g)
{
    free(LIST_OF(g, struct token_slots, grace));
}

static void count_bytes(struct token_table *t, const struct token_slots *old,
                        const struct token_slots *new)
{
    atomic_fetch_add_explicit(&t->bytes, bytes_of_slots(new->capacity), memory_order_relaxed);
    if (!old) return;
    atomic_fetch_sub_explicit(&t->bytes, bytes_of_slots(old->capacity), memory_order_relaxed);
}

/* The shard anew, without its dead; `tokens` are 64 % of it. */
static err renew_shard(struct token_table *t, struct token_shard *shard, size_t tokens)
{
    size_t capacity = tokens + tokens * 9 / 16 + 1;
    if (capacity < CAPACITY_MIN) capacity = CAPACITY_MIN;
    if (capacity > UINT32_MAX / 2) return FAIL(NO_MEMORY);
    struct token_slots *old = atomic_load_explicit(&shard->slots, memory_order_relaxed);
    struct token_slots *new = new_slots((uint32_t)capacity);
    if (!new) return FAIL(NO_MEMORY);
    for (uint32_t i = 0; old && i < old->capacity; i++) {
        const struct token_slot *slot = &old->slot[i];
        const uint32_t head = atomic_load_explicit(&slot->head, memory_order_relaxed);
        if (is_used(slot)) publish(new, slot, head, shard->next_end_ms);
    }
    shard->used = shard->live;
    atomic_store_explicit(&shard->slots, new, memory_order_release);
    count_bytes(t, old, new);
    if (old) grace_call(&old->grace, drop_slots);
    return DONE;
}

err token_table_reserve(struct token_table *t, size_t tokens)
{
    /* A shard's share varies around the mean by the square root of it; five times that is room. */
    size_t share = tokens / TOKEN_TABLE_SHARDS;
    size_t root = 0;
    while (root * root < share) root++;
    share += 5 * root / 4;
    for (size_t i = 0; i < TOKEN_TABLE_SHARDS; i++) {
        const struct token_slots *s =
            atomic_load_explicit(&t->shards[i].slots, memory_order_relaxed);
        if (s && limit(s->capacity) >= share) continue;
        TRY(renew_shard(t, &t->shards[i], share));
    }
    return DONE;
}

static err make_room(struct token_table *t, struct token_shard *shard)
{
    const struct token_slots *s = atomic_load_explicit(&shard->slots, memory_order_relaxed);
    if (s && shard->used < limit(s->capacity)) return DONE;
    return renew_shard(t, shard, (size_t)shard->live + 1);
}

err token_table_put(struct token_table *t, bytes client_id, const struct token_slot *values,
                    int64_t end_ms)
{
    const struct token_place f = place_of(t, client_id);
    CHECK(f.well_formed);
    struct token_shard *shard = &t->shards[shard_number(f.hash)];
    TRY(make_room(t, shard));
    struct token_slots *slots = atomic_load_explicit(&shard->slots, memory_order_relaxed);
    struct token_slot *old = find(slots, f);
    struct token_slot new;
    memcpy(&new, values, sizeof new);
    new.hash = f.hash;
    publish(slots, &new, head_of(f.letters, TOKEN_SLOT_USED), end_ms);
    shard->used++;
    if (end_ms < shard->next_end_ms) shard->next_end_ms = end_ms;
    if (old) {
        kill_slot(old);
        return DONE;
    }
    shard->live++;
    atomic_fetch_add_explicit(&t->tokens, 1, memory_order_relaxed);
    return DONE;
}

bool token_table_remove(struct token_table *t, bytes client_id)
{
    struct token_slot *slot = token_table_own(t, client_id);
    if (!slot) return false;
    kill_slot(slot);
    t->shards[shard_number(slot->hash)].live--;
    atomic_fetch_sub_explicit(&t->tokens, 1, memory_order_relaxed);
    return true;
}

/* --- time --- */

int64_t token_table_next_end(const struct token_table *t)
{
    int64_t next = CLOCK_NEVER_MS;
    for (size_t i = 0; i < TOKEN_TABLE_SHARDS; i++) {
        if (t->shards[i].next_end_ms < next) next = t->shards[i].next_end_ms;
    }
    return next;
}

static int64_t sweep_block(struct token_slots *s, size_t block, token_table_visit *visit,
                           void *owner)
{
    int64_t next = CLOCK_NEVER_MS;
    const size_t end = (block + 1) * BLOCK < s->capacity ? (block + 1) * BLOCK : s->capacity;
    for (size_t i = block * BLOCK; i < end; i++) {
        struct token_slot *slot = &s->slot[i];
        if (!is_used(slot)) continue;
        const int64_t end_ms = visit(owner, slot);
        if (end_ms < next) next = end_ms;
    }
    return next;
}

static int64_t sweep_shard(struct token_slots *s, int64_t until_ms, token_table_visit *visit,
                           void *owner)
{
    int64_t next = CLOCK_NEVER_MS;
    for (size_t b = 0; s && b < blocks(s->capacity); b++) {
        if (s->next_end_ms[b] <= until_ms) s->next_end_ms[b] = sweep_block(s, b, visit, owner);
        if (s->next_end_ms[b] < next) next = s->next_end_ms[b];
    }
    return next;
}

void token_table_sweep(struct token_table *t, int64_t until_ms, token_table_visit *visit,
                       void *owner)
{
    for (size_t i = 0; i < TOKEN_TABLE_SHARDS; i++) {
        struct token_shard *shard = &t->shards[i];
        if (shard->next_end_ms > until_ms) continue;
        struct token_slots *slots = atomic_load_explicit(&shard->slots, memory_order_relaxed);
        shard->next_end_ms = sweep_shard(slots, until_ms, visit, owner);
    }
}
