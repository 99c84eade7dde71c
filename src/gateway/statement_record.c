/* Two open-addressed tables of pointers, replaced whole when they grow; one lock for all writers.
 */
#include "gateway/statement_record.h"

#include "base/check.h"
#include "base/hash.h"
#include "gate/gate.h"
#include "gateway/limit.h"

#include <pthread.h>
#include <stdlib.h>

enum { FIRST_SIZE = 256 };

/* Marks a place that was emptied: searches go on over it. */
static struct statement_record gone;

struct table {
    struct grace grace;
    size_t size;
    size_t used; /* places that are not NULL */
    _Atomic(struct statement_record *) places[];
};

/* What one token has prepared. */
struct statement_share {
    struct statement_share *next;
    uint32_t live;
    uint32_t n;
    size_t bytes_n;
    struct list records; /* oldest first */
};

enum { SHARES = 1024 };

struct statement_records {
    pthread_mutex_t lock;
    struct hash_seed seed;
    uint32_t per_token;
    size_t n;
    size_t bytes_n;
    struct list age; /* oldest first */
    _Atomic(struct table *) texts;
    _Atomic(struct table *) ids;
    struct statement_share *shares[SHARES];
};

/* Numbers are given for all databases together: nodes' connections and decisions know them by
 * number. The small ones, whose decisions are kept, are given once; the others come round. */
static _Atomic uint64_t newest_number;

static uint32_t next_number(void)
{
    const uint64_t n = atomic_fetch_add_explicit(&newest_number, 1, memory_order_relaxed);
    const uint64_t again = GATE_UNNUMBERED - GATE_NUMBERS_KEPT;
    if (n < GATE_NUMBERS_KEPT) return (uint32_t)n;
    return (uint32_t)(GATE_NUMBERS_KEPT + (n - GATE_NUMBERS_KEPT) % again);
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

/* --- tables --- */

static struct table *table_new(size_t size)
{
    struct table *t = calloc(1, sizeof *t + size * sizeof t->places[0]);
    if (t) t->size = size;
    return t;
}

static void free_table(struct grace *g)
{
    free(LIST_OF(g, struct table, grace));
}

static void table_put(struct table *t, uint64_t hash, struct statement_record *r)
{
    size_t at = (size_t)hash & (t->size - 1);
    for (;; at = (at + 1) & (t->size - 1)) {
        struct statement_record *there = atomic_load_explicit(&t->places[at], memory_order_relaxed);
        if (there && there != &gone) continue;
        if (!there) t->used++;
        atomic_store_explicit(&t->places[at], r, memory_order_release);
        return;
    }
}

static void table_take(struct table *t, uint64_t hash, const struct statement_record *r)
{
    size_t at = (size_t)hash & (t->size - 1);
    while (atomic_load_explicit(&t->places[at], memory_order_relaxed) != r) {
        at = (at + 1) & (t->size - 1);
    }
    atomic_store_explicit(&t->places[at], &gone, memory_order_release);
}

/* Room for one more: a wider table, or one of the same size without the emptied places. */
static err table_widen(struct statement_records *records, _Atomic(struct table *) *which,
                       bool by_id)
{
    struct table *old = atomic_load_explicit(which, memory_order_relaxed);
    if ((old->used + 1) * 2 <= old->size) return DONE;
    const size_t size = (records->n + 1) * 4 > old->size ? old->size * 2 : old->size;
    struct table *wider = table_new(size);
    if (!wider) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < old->size; i++) {
        struct statement_record *r = atomic_load_explicit(&old->places[i], memory_order_relaxed);
        if (r && r != &gone) table_put(wider, by_id ? r->id_hash : r->text_hash, r);
    }
    atomic_store_explicit(which, wider, memory_order_release);
    grace_call(&old->grace, free_table);
    return DONE;
}

static struct statement_record *find_text(struct statement_records *t, uint64_t hash, bytes text)
{
    const struct table *table = atomic_load_explicit(&t->texts, memory_order_acquire);
    for (size_t at = (size_t)hash & (table->size - 1);; at = (at + 1) & (table->size - 1)) {
        struct statement_record *r = atomic_load_explicit(&table->places[at], memory_order_acquire);
        if (!r) return NULL;
        if (r != &gone && r->text_hash == hash && bytes_eq(r->text, text)) return r;
    }
}

static struct statement_record *find_id(struct statement_records *t, uint64_t hash, bytes id)
{
    const struct table *table = atomic_load_explicit(&t->ids, memory_order_acquire);
    for (size_t at = (size_t)hash & (table->size - 1);; at = (at + 1) & (table->size - 1)) {
        struct statement_record *r = atomic_load_explicit(&table->places[at], memory_order_acquire);
        if (!r) return NULL;
        if (r != &gone && r->id_hash == hash && bytes_eq(bytes_of(r->id, r->id_n), id)) return r;
    }
}

struct statement_record *statement_record_by_id(struct statement_records *t, bytes id)
{
    return find_id(t, hash_id(t, id), id);
}

struct statement_record *statement_record_by_text(struct statement_records *t, bytes text)
{
    return find_text(t, hash_bytes(t->seed, text), text);
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
    list_init(&r->of_token);
    list_init(&r->age);
    return r;
}

/* --- shares --- */

static struct statement_share *share_of(struct statement_records *t, uint32_t live)
{
    struct statement_share **at = &t->shares[live % SHARES];
    while (*at && (*at)->live != live)
        at = &(*at)->next;
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (!*at) return NULL;
        (*at)->live = live;
        list_init(&(*at)->records);
    }
    return *at;
}

static void share_leave(struct statement_records *t, struct statement_record *r)
{
    struct statement_share *s = r->share;
    list_remove(&r->of_token);
    s->bytes_n -= r->size;
    r->share = NULL;
    if (--s->n > 0) return;
    struct statement_share **at = &t->shares[s->live % SHARES];
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    free(s);
}

static void retire(struct statement_records *t, struct statement_record *r)
{
    if (!r->in_texts) return;
    r->in_texts = false;
    table_take(atomic_load_explicit(&t->texts, memory_order_relaxed), r->text_hash, r);
    if (r->in_ids) table_take(atomic_load_explicit(&t->ids, memory_order_relaxed), r->id_hash, r);
    r->in_ids = false;
    share_leave(t, r);
    list_remove(&r->age);
    t->n--;
    t->bytes_n -= r->size;
    statement_record_release(r);
}

void statement_record_retire(struct statement_records *t, struct statement_record *r)
{
    pthread_mutex_lock(&t->lock);
    retire(t, r);
    pthread_mutex_unlock(&t->lock);
}

/* The oldest of the list, but for the newest. */
static struct list *spare(struct list *list)
{
    struct list *oldest = list_first(list);
    return oldest && oldest->next != list ? oldest : NULL;
}

/* Over its caps, a token loses its own oldest statements; over all caps, everybody's oldest go. */
static void make_room(struct statement_records *t, struct statement_share *s)
{
    struct list *oldest;
    while ((s->n > t->per_token || s->bytes_n > STATEMENT_RECORD_TOKEN_BYTES) &&
           (oldest = spare(&s->records))) {
        retire(t, LIST_OF(oldest, struct statement_record, of_token));
    }
    while ((t->n > LIMIT_STATEMENTS || t->bytes_n > STATEMENT_RECORD_ALL_BYTES) &&
           (oldest = spare(&t->age))) {
        retire(t, LIST_OF(oldest, struct statement_record, age));
    }
}

static err insert(struct statement_records *t, uint32_t live, struct plan *plan,
                  struct statement_record **out)
{
    TRY(table_widen(t, &t->texts, false));
    struct statement_share *s = share_of(t, live);
    struct statement_record *r = s ? record_new(t, plan) : NULL;
    if (!r) return FAIL(NO_MEMORY);
    table_put(atomic_load_explicit(&t->texts, memory_order_relaxed), r->text_hash, r);
    r->in_texts = true;
    r->share = s;
    s->n++;
    t->n++;
    s->bytes_n += r->size;
    t->bytes_n += r->size;
    list_add_last(&s->records, &r->of_token);
    list_add_last(&t->age, &r->age);
    make_room(t, s);
    *out = r;
    return DONE;
}

err statement_record_add(struct statement_records *t, uint32_t live, struct plan *plan,
                         struct statement_record **out)
{
    pthread_mutex_lock(&t->lock);
    const bytes text = plan->what.text;
    *out = find_text(t, hash_bytes(t->seed, text), text);
    const err e = *out ? DONE : insert(t, live, plan, out);
    pthread_mutex_unlock(&t->lock);
    if (!err_is_ok(e)) {
        plan_free(plan);
    } else if (atomic_load_explicit(&(*out)->plan, memory_order_relaxed) != plan) {
        statement_record_replan(*out, plan);
    }
    return e;
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
    if (id.n == 0 || id.n > sizeof r->id || find_id(t, hash, id)) return false;
    if (!err_is_ok(table_widen(t, &t->ids, true))) return false;
    memcpy(r->id, id.p, id.n);
    r->id_n = (uint8_t)id.n;
    r->id_hash = hash;
    if (r->in_texts) {
        table_put(atomic_load_explicit(&t->ids, memory_order_relaxed), hash, r);
        r->in_ids = true;
    }
    return true;
}

static size_t version_place(uint8_t version)
{
    return (size_t)(version - FRAME_VERSION_MIN);
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

err statement_record_table_new(uint32_t per_token, struct statement_records **out)
{
    struct statement_records *t = calloc(1, sizeof *t);
    if (!t) return FAIL(NO_MEMORY);
    struct table *texts = table_new(FIRST_SIZE);
    struct table *ids = table_new(FIRST_SIZE);
    if (!texts || !ids) {
        free(texts);
        free(ids);
        free(t);
        return FAIL(NO_MEMORY);
    }
    pthread_mutex_init(&t->lock, NULL);
    t->seed = hash_seed_new();
    t->per_token = per_token;
    list_init(&t->age);
    atomic_store(&t->texts, texts);
    atomic_store(&t->ids, ids);
    *out = t;
    return DONE;
}

void statement_record_table_free(struct statement_records *t)
{
    if (!t) return;
    struct list *oldest;
    while ((oldest = list_first(&t->age)))
        retire(t, LIST_OF(oldest, struct statement_record, age));
    free(atomic_load(&t->texts));
    free(atomic_load(&t->ids));
    pthread_mutex_destroy(&t->lock);
    free(t);
}

size_t statement_record_count(struct statement_records *t)
{
    pthread_mutex_lock(&t->lock);
    const size_t n = t->n;
    pthread_mutex_unlock(&t->lock);
    return n;
}
