/* Texts and ids are found without a lock; one lock for all writers. */
#include "gateway/statement_record.h"

#include "base/hash.h"
#include "gateway/limit.h"
#include "gateway/shared_table.h"
#include "gateway/statement_share.h"

#include <pthread.h>
#include <stdlib.h>

struct statement_records {
    pthread_mutex_t lock;
    struct hash_seed seed;
    uint32_t per_token;
    size_t all_bytes;
    size_t bytes_n; /* of records and holds */
    struct shared_table texts;
    struct shared_table ids;
    struct statement_shares shares;
};

/* Numbers are given for all databases together, and never again: decisions are known by them.
 * Connections know the lower half only, of which the highest value means nothing. */
static _Atomic uint64_t newest_number;

static uint64_t next_number(void)
{
    uint64_t n;
    do {
        n = atomic_fetch_add_explicit(&newest_number, 1, memory_order_relaxed);
    } while ((uint32_t)n == UINT32_MAX);
    return n;
}

/* Ids are digests of texts that were accepted: spread already, and hard to choose. So one keyed
 * multiplication does; an id of another length is hashed in full. */
static uint64_t hash_id(const struct statement_records *t, bytes id)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t half[2];
    if (id.n != sizeof half) return hash_bytes(t->seed, id);
    memcpy(half, id.p, sizeof half);
    const wide product = (wide)(half[0] ^ t->seed.k0) * (half[1] ^ t->seed.k1);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* --- finding --- */

static bool has_text(const void *item, const void *key)
{
    return bytes_eq(((const struct statement_record *)item)->text, *(const bytes *)key);
}

static bool has_id(const void *item, const void *key)
{
    const struct statement_record *r = item;
    return bytes_eq(bytes_of(r->id, r->id_n), *(const bytes *)key);
}

struct statement_record *statement_record_by_id(struct statement_records *t, bytes id)
{
    return shared_table_find(&t->ids, hash_id(t, id), has_id, &id);
}

struct statement_record *statement_record_by_text(struct statement_records *t, bytes text)
{
    return shared_table_find(&t->texts, hash_bytes(t->seed, text), has_text, &text);
}

/* --- records --- */

static void free_record(struct grace *g)
{
    struct statement_record *r = LIST_OF(g, struct statement_record, grace);
    plan_free(atomic_load(&r->plan));
    for (size_t i = 0; i < STATEMENT_RECORD_VERSIONS; i++)
        free(atomic_load(&r->prepared[i]));
    free(r);
}

bool statement_record_hold(struct statement_record *r)
{
    uint32_t refs = atomic_load_explicit(&r->refs, memory_order_relaxed);
    while (refs > 0) {
        if (atomic_compare_exchange_weak_explicit(&r->refs, &refs, refs + 1, memory_order_relaxed,
                                                  memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

void statement_record_release(struct statement_record *r)
{
    if (atomic_fetch_sub_explicit(&r->refs, 1, memory_order_acq_rel) == 1) {
        grace_call(&r->grace, free_record);
    }
}

static struct statement_record *record_new(struct statement_records *t, struct plan *plan)
{
    const bytes text = plan->what.text;
    struct statement_record *r = calloc(1, sizeof *r + text.n);
    if (!r) return NULL;
    uint8_t *own = (uint8_t *)(r + 1);
    if (text.n) memcpy(own, text.p, text.n);
    r->text = bytes_of(own, text.n);
    r->size = sizeof *r + text.n + plan->size;
    r->text_hash = hash_bytes(t->seed, r->text);
    r->number = next_number();
    atomic_store(&r->refs, 1);
    atomic_store(&r->plan, plan);
    list_init(&r->holds);
    return r;
}

/* --- who holds them --- */

static void let_go(struct statement_records *t, struct statement_hold *h)
{
    t->bytes_n -= sizeof *h;
    statement_share_let_go(&t->shares, h, h->record->size);
}

static void retire(struct statement_records *t, struct statement_record *r)
{
    struct list *first;
    if (!r->in_texts) return;
    while ((first = list_first(&r->holds)))
        let_go(t, LIST_OF(first, struct statement_hold, of_record));
    r->in_texts = false;
    shared_table_take(&t->texts, r->text_hash, r);
    if (r->in_ids) shared_table_take(&t->ids, r->id_hash, r);
    r->in_ids = false;
    t->bytes_n -= r->size;
    statement_record_release(r);
}

void statement_record_retire(struct statement_records *t, struct statement_record *r)
{
    pthread_mutex_lock(&t->lock);
    retire(t, r);
    pthread_mutex_unlock(&t->lock);
}

/* What nobody holds any more goes. */
static void drop_oldest(struct statement_records *t, struct statement_share *s)
{
    struct statement_hold *h = LIST_OF(s->holds.next, struct statement_hold, of_share);
    struct statement_record *r = h->record;
    let_go(t, h);
    if (list_is_empty(&r->holds)) retire(t, r);
}

/* The share goes with its last. */
static void drop_all(struct statement_records *t, struct statement_share *s)
{
    for (size_t n = s->n; n > 0; n--)
        drop_oldest(t, s);
}

static bool is_over(const struct statement_records *t)
{
    return t->texts.n > LIMIT_STATEMENTS || t->bytes_n > t->all_bytes;
}

/* Over its caps, a token loses its own oldest statements; over all caps, whoever is charged with
 * most. What was just prepared stays. */
static void make_room(struct statement_records *t, struct statement_share *newest)
{
    while (newest->n > 1 &&
           (newest->n > t->per_token || newest->bytes_n > STATEMENT_RECORD_TOKEN_BYTES)) {
        drop_oldest(t, newest);
    }
    while (is_over(t)) {
        struct statement_share *most = statement_share_largest(&t->shares);
        size_t spare = most == newest ? most->n - 1 : most->n;
        if (spare == 0) return;
        while (is_over(t) && spare-- > 0)
            drop_oldest(t, most);
    }
}

static err hold(struct statement_records *t, const struct principal *who,
                struct statement_record *r)
{
    struct statement_share *share;
    if (statement_share_has(&t->shares, who, r->number)) return DONE;
    TRY(statement_share_hold(&t->shares, who, r, r->number, r->size, &r->holds, &share));
    t->bytes_n += sizeof(struct statement_hold);
    make_room(t, share);
    return DONE;
}

bool statement_record_is_held(const struct statement_records *t, const struct principal *who,
                              const struct statement_record *r)
{
    return statement_share_has(&t->shares, who, r->number);
}

bool statement_record_claim(struct statement_records *t, const struct principal *who,
                            struct statement_record *r)
{
    if (statement_record_is_held(t, who, r)) return true;
    pthread_mutex_lock(&t->lock);
    const bool held = r->in_texts && err_is_ok(hold(t, who, r));
    pthread_mutex_unlock(&t->lock);
    return held;
}

static err insert(struct statement_records *t, struct plan *plan, struct statement_record **out)
{
    TRY(shared_table_reserve(&t->texts));
    struct statement_record *r = record_new(t, plan);
    if (!r) return FAIL(NO_MEMORY);
    shared_table_put(&t->texts, r->text_hash, r);
    r->in_texts = true;
    t->bytes_n += r->size;
    *out = r;
    return DONE;
}

/* The plan is the record's when this succeeds and there was no record. */
static err add(struct statement_records *t, const struct principal *who, struct plan *plan,
               struct statement_record **out, bool *taken)
{
    struct statement_record *r = statement_record_by_text(t, plan->what.text);
    const bool known = r != NULL;
    if (!known) TRY(insert(t, plan, &r));
    *taken = !known;
    const err e = hold(t, who, r);
    if (!err_is_ok(e) && !known) retire(t, r);
    if (err_is_ok(e)) *out = r;
    return e;
}

err statement_record_add(struct statement_records *t, const struct principal *who,
                         struct plan *plan, struct statement_record **out)
{
    bool taken = false;
    pthread_mutex_lock(&t->lock);
    const err e = add(t, who, plan, out, &taken);
    pthread_mutex_unlock(&t->lock);
    if (taken) return e;
    if (err_is_ok(e))
        statement_record_replan(*out, plan);
    else
        plan_free(plan);
    return e;
}

void statement_record_forget(struct statement_records *t, uint32_t live)
{
    struct statement_share *s;
    pthread_mutex_lock(&t->lock);
    while ((s = statement_share_find(&t->shares, live)))
        drop_all(t, s);
    pthread_mutex_unlock(&t->lock);
}

void statement_record_replan(struct statement_record *r, struct plan *plan)
{
    plan_retire(atomic_exchange_explicit(&r->plan, plan, memory_order_acq_rel));
}

/* --- what nodes answered --- */

static void free_reply(struct grace *g)
{
    free(LIST_OF(g, struct prepared_reply, grace));
}

static struct prepared_reply *reply_new(uint64_t schema_version, bytes body, bytes metadata)
{
    struct prepared_reply *p = malloc(sizeof *p + body.n);
    if (!p) return NULL;
    uint8_t *own = (uint8_t *)(p + 1);
    memcpy(own, body.p, body.n);
    p->schema_version = schema_version;
    p->body = bytes_of(own, body.n);
    p->metadata = bytes_of(own + (metadata.p - body.p), metadata.n);
    return p;
}

/* Makes the record known by this id. False: it has another, or another record has this one. */
static bool claim_id(struct statement_records *t, struct statement_record *r, bytes id)
{
    if (r->id_n) return bytes_eq(bytes_of(r->id, r->id_n), id);
    const uint64_t hash = hash_id(t, id);
    if (id.n == 0 || id.n > sizeof r->id) return false;
    if (statement_record_by_id(t, id)) return false;
    if (!err_is_ok(shared_table_reserve(&t->ids))) return false;
    memcpy(r->id, id.p, id.n);
    r->id_n = (uint8_t)id.n;
    r->id_hash = hash;
    if (r->in_texts) {
        shared_table_put(&t->ids, hash, r);
        r->in_ids = true;
    }
    return true;
}

static size_t version_place(uint8_t version)
{
    return (size_t)(version - FRAME_VERSION_MIN);
}

static size_t reply_size(const struct prepared_reply *p)
{
    return p ? sizeof *p + p->body.n : 0;
}

/* Whoever holds the record is charged with what was learned of it, too. */
static void charge(struct statement_records *t, struct statement_record *r, size_t more, size_t less)
{
    r->size = r->size + more - less;
    if (r->in_texts) t->bytes_n = t->bytes_n + more - less;
    for (struct list *at = r->holds.next; at != &r->holds; at = at->next) {
        struct statement_share *s = LIST_OF(at, struct statement_hold, of_record)->share;
        s->bytes_n = s->bytes_n + more - less;
    }
}

err statement_record_learn(struct statement_records *t, struct statement_record *r, uint8_t version,
                           uint64_t schema_version, bytes id, bytes body, bytes metadata,
                           enum statement_record_news *news)
{
    struct prepared_reply *fresh = reply_new(schema_version, body, metadata);
    if (!fresh) return FAIL(NO_MEMORY);
    pthread_mutex_lock(&t->lock);
    *news = STATEMENT_RECORD_CONFLICT;
    struct prepared_reply *old = fresh;
    if (claim_id(t, r, id)) {
        old = atomic_exchange_explicit(&r->prepared[version_place(version)], fresh,
                                       memory_order_acq_rel);
        charge(t, r, reply_size(fresh), reply_size(old));
        const bool same = !old || bytes_eq(old->metadata, metadata);
        *news = same ? STATEMENT_RECORD_SAME : STATEMENT_RECORD_CHANGED;
        if (!same) atomic_store_explicit(&r->changed, true, memory_order_release);
    }
    pthread_mutex_unlock(&t->lock);
    if (old) grace_call(&old->grace, free_reply);
    return DONE;
}

const struct prepared_reply *statement_record_prepared(const struct statement_record *r,
                                                       uint8_t version, uint64_t schema_version)
{
    const struct prepared_reply *p =
        atomic_load_explicit(&r->prepared[version_place(version)], memory_order_acquire);
    return p && p->schema_version == schema_version ? p : NULL;
}

/* --- all of it --- */

static err init(struct statement_records *t, uint32_t per_token, size_t all_bytes)
{
    t->seed = hash_seed_new();
    t->per_token = per_token;
    t->all_bytes = all_bytes;
    TRY(shared_table_init(&t->texts));
    TRY(shared_table_init(&t->ids));
    return statement_share_table_init(&t->shares);
}

static void drop(struct statement_records *t)
{
    shared_table_drop(&t->texts);
    shared_table_drop(&t->ids);
    statement_share_table_drop(&t->shares);
    free(t);
}

err statement_record_table_new(uint32_t per_token, size_t all_bytes,
                               struct statement_records **out)
{
    struct statement_records *t = calloc(1, sizeof *t);
    if (!t) return FAIL(NO_MEMORY);
    const err e = init(t, per_token, all_bytes);
    if (!err_is_ok(e)) {
        drop(t);
        return e;
    }
    pthread_mutex_init(&t->lock, NULL);
    *out = t;
    return DONE;
}

void statement_record_table_free(struct statement_records *t)
{
    struct statement_share *s;
    if (!t) return;
    while ((s = statement_share_largest(&t->shares)))
        drop_all(t, s);
    pthread_mutex_destroy(&t->lock);
    drop(t);
}

size_t statement_record_count(struct statement_records *t)
{
    pthread_mutex_lock(&t->lock);
    const size_t n = t->texts.n;
    pthread_mutex_unlock(&t->lock);
    return n;
}
