/* Answers that are held for clients who ask the same twice: a thousand places looked through one by
 * one, for nobody asks this often. */
#include "http/once.h"

#include "base/check.h"
#include "base/secret.h"
#include "base/wr.h"

#include <nettle/sha2.h>
#include <pthread.h>
#include <stdlib.h>

enum once_state { ONCE_FREE, ONCE_UNDER_WAY, ONCE_HELD };

struct place {
    enum once_state state;
    struct once_key key;
    uint64_t since_ms;
    struct once_answer answer; /* body owned, subject in `subject` */
    uint8_t subject[ONCE_SUBJECT_MAX];
};

struct once {
    pthread_mutex_t lock;
    struct once_memory memory;
    struct place places[ONCE_HELD_MAX];
};

err once_new(const struct once_memory *memory, struct once **out)
{
    struct once *o = calloc(1, sizeof *o);
    if (!o) return FAIL(NO_MEMORY);
    CHECK(pthread_mutex_init(&o->lock, NULL) == 0);
    if (memory) o->memory = *memory;
    *out = o;
    return DONE;
}

static void drop_body(bytes b)
{
    uint8_t *p = (uint8_t *)(uintptr_t)b.p;
    if (p) secret_wipe(p, b.n);
    free(p);
}

static void empty(struct place *p)
{
    drop_body(p->answer.body);
    *p = (struct place){0};
}

void once_free(struct once *o)
{
    if (!o) return;
    for (size_t i = 0; i < ONCE_HELD_MAX; i++)
        empty(&o->places[i]);
    (void)pthread_mutex_destroy(&o->lock);
    free(o);
}

/* --- keys --- */

bool once_is_key(bytes key)
{
    if (key.n == 0 || key.n > ONCE_KEY_MAX) return false;
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] <= ' ' || key.p[i] > '~') return false;
    }
    return true;
}

/* With its length, so that no two lists of parts look alike. The store keeps what comes out. */
static void add_part(struct sha256_ctx *h, bytes part)
{
    uint8_t n[8];
    struct wr w = wr_fixed(n, sizeof n);
    wr_u64be(&w, part.n);
    sha256_update(h, sizeof n, n);
    sha256_update(h, part.n, part.p);
}

static void hash_parts(const bytes *parts, size_t n, uint8_t out[ONCE_HASH])
{
    struct sha256_ctx h;
    sha256_init(&h);
    for (size_t i = 0; i < n; i++)
        add_part(&h, parts[i]);
    sha256_digest(&h, ONCE_HASH, out);
}

void once_hash(const struct once_request *r, struct once_key *out)
{
    const bytes request[] = {r->caller, r->method, r->path, r->key};
    hash_parts(&r->caller, 1, out->caller);
    hash_parts(request, sizeof request / sizeof *request, out->request);
    hash_parts(&r->body, 1, out->body);
}

/* --- places; under the lock --- */

static struct place *find(struct once *o, const struct once_key *k)
{
    for (size_t i = 0; i < ONCE_HELD_MAX; i++) {
        struct place *p = &o->places[i];
        if (p->state != ONCE_FREE && memcmp(p->key.request, k->request, ONCE_HASH) == 0) return p;
    }
    return NULL;
}

/* Loops read the clock once a turn: one may be a little behind the one that wrote the place. */
static bool is_old(const struct place *p, uint64_t now_ms)
{
    return now_ms >= p->since_ms && now_ms - p->since_ms >= ONCE_HELD_MS;
}

/* How many answers are left. */
static size_t drop_old(struct once *o, uint64_t now_ms)
{
    size_t left = 0;
    for (size_t i = 0; i < ONCE_HELD_MAX; i++) {
        struct place *p = &o->places[i];
        if (p->state != ONCE_HELD) continue;
        if (is_old(p, now_ms))
            empty(p);
        else
            left++;
    }
    return left;
}

static struct place *older(struct place *a, struct place *b)
{
    return !a || b->since_ms < a->since_ms ? b : a;
}

/* A free place; the caller's oldest answer when it holds its part; else the oldest of all. What is
 * under way stays. */
static struct place *make_room(struct once *o, const struct once_key *k)
{
    struct place *vacant = NULL;
    struct place *own = NULL;
    struct place *oldest = NULL;
    size_t own_n = 0;
    for (size_t i = 0; i < ONCE_HELD_MAX; i++) {
        struct place *p = &o->places[i];
        if (p->state == ONCE_FREE) {
            vacant = p;
            continue;
        }
        const bool mine = memcmp(p->key.caller, k->caller, ONCE_HASH) == 0;
        own_n += mine;
        if (p->state != ONCE_HELD) continue;
        oldest = older(oldest, p);
        if (mine) own = older(own, p);
    }
    if (own_n >= ONCE_EACH_MAX) return own;
    return vacant ? vacant : oldest;
}

static err copy_out(const struct place *p, struct arena *a, struct once_answer *held)
{
    *held = p->answer;
    held->body = arena_copy(a, p->answer.body);
    held->subject = arena_copy(a, p->answer.subject);
    return a->bad ? FAIL(NO_MEMORY) : DONE;
}

static err check_body(const uint8_t before[ONCE_HASH], const struct once_key *k, struct note *note)
{
    if (memcmp(before, k->body, ONCE_HASH) == 0) return DONE;
    return note_fail(note, FAIL(UNPROCESSABLE),
                     "this Idempotency-Key came with another body before");
}

static err take_found(const struct place *p, const struct once_key *k, struct arena *a,
                      struct once_answer *held, struct note *note)
{
    TRY(check_body(p->key.body, k, note));
    if (p->state == ONCE_UNDER_WAY) {
        return note_fail(note, FAIL(CONFLICT),
                         "a request with this Idempotency-Key is under way");
    }
    return copy_out(p, a, held);
}

static err take_new(struct once *o, const struct once_key *k, uint64_t now_ms)
{
    struct place *p = make_room(o, k);
    if (!p) return FAIL(TOO_MANY);
    empty(p);
    *p = (struct place){.state = ONCE_UNDER_WAY, .key = *k, .since_ms = now_ms};
    return DONE;
}

static err check_memory(const struct once *o, const struct once_key *k, struct arena *a,
                        struct note *note)
{
    struct once_past past = {0};
    if (!o->memory.recall || !o->memory.recall(o->memory.owner, k->request, a, &past)) return DONE;
    TRY(check_body(past.body, k, note));
    return note_fail(note, FAIL(CONFLICT),
                     "this Idempotency-Key was used before and its answer is gone; it made %.*s",
                     BYTES_FMT(past.subject));
}

err once_begin(struct once *o, const struct once_key *k, uint64_t now_ms, struct arena *a,
               struct once_answer *held, bool *found, struct note *note)
{
    pthread_mutex_lock(&o->lock);
    (void)drop_old(o, now_ms);
    const struct place *p = find(o, k);
    err e = p ? take_found(p, k, a, held, note) : check_memory(o, k, a, note);
    if (!p && err_is_ok(e)) e = take_new(o, k, now_ms);
    pthread_mutex_unlock(&o->lock);
    if (err_is_ok(e)) *found = p != NULL;
    return e;
}

static bool hold(struct place *p, const struct once_answer *a, uint64_t now_ms)
{
    uint8_t *copy = a->body.n <= ONCE_BODY_MAX ? malloc(a->body.n + 1) : NULL;
    if (!copy || a->subject.n > ONCE_SUBJECT_MAX) {
        free(copy);
        return false;
    }
    if (a->body.n) memcpy(copy, a->body.p, a->body.n);
    if (a->subject.n) memcpy(p->subject, a->subject.p, a->subject.n);
    p->answer = *a;
    p->answer.body = bytes_of(copy, a->body.n);
    p->answer.subject = bytes_of(p->subject, a->subject.n);
    p->state = ONCE_HELD;
    p->since_ms = now_ms;
    return true;
}

void once_end(struct once *o, const struct once_key *k, const struct once_answer *a,
              uint64_t now_ms)
{
    pthread_mutex_lock(&o->lock);
    struct place *p = find(o, k);
    CHECK(p && p->state == ONCE_UNDER_WAY);
    if (!a || !hold(p, a, now_ms)) empty(p);
    pthread_mutex_unlock(&o->lock);
}

size_t once_sweep(struct once *o, uint64_t now_ms)
{
    pthread_mutex_lock(&o->lock);
    const size_t left = drop_old(o, now_ms);
    pthread_mutex_unlock(&o->lock);
    return left;
}
