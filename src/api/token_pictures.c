/* One lock, held for as long as pointers take to be set. Whoever makes or renews a picture marks its place
 * busy and works outside of the lock; others who want the same wait for that turn, which reads some ten
 * thousand rows at most. What is committed meanwhile waits in a queue at the place. */
#include "api/token_pictures.h"

#include "base/check.h"
#include "store/store.h"

#include <pthread.h>
#include <stdlib.h>

struct place {
    bool taken;
    bool busy;
    struct uuid scope;
    uint64_t used;                      /* a count of uses, not a time */
    struct token_picture *now;          /* or */
    struct token_picture_draft *draft;  /* or neither: nothing was begun */
    char last[TOKEN_CLIENT_ID];         /* that was read into the draft */
    size_t last_n;
    size_t too_many;                    /* tokens that were too many for the memory; 0: never */
    struct token_picture_change *first; /* waiting */
    struct token_picture_change **end;
    size_t waiting;
    size_t waiting_bytes;
    bool lost;                          /* some that should wait do not */
    size_t bytes;                       /* of picture or draft */
};

struct token_pictures {
    pthread_mutex_t lock;
    pthread_cond_t free;                /* some place is not busy any more */
    size_t bytes_max;
    size_t bytes;
    uint64_t uses;
    struct place places[TOKEN_PICTURES_SCOPES];
};

err token_pictures_new(size_t bytes_max, struct token_pictures **out)
{
    struct token_pictures *k = calloc(1, sizeof *k);
    if (!k) return FAIL(NO_MEMORY);
    CHECK(pthread_mutex_init(&k->lock, NULL) == 0 && pthread_cond_init(&k->free, NULL) == 0);
    k->bytes_max = bytes_max;
    *out = k;
    return DONE;
}

/* --- a place; all of it under the lock --- */

static void free_changes(struct token_picture_change *c)
{
    while (c) {
        struct token_picture_change *next = c->next;
        free(c);
        c = next;
    }
}

static void count(struct token_pictures *k, struct place *p, size_t now)
{
    k->bytes += now;
    k->bytes -= p->bytes;
    p->bytes = now;
}

static struct token_picture_change *take_waiting(struct token_pictures *k, struct place *p)
{
    struct token_picture_change *all = p->first;
    k->bytes -= p->waiting_bytes;
    p->waiting = p->waiting_bytes = 0;
    p->first = NULL;
    p->end = &p->first;
    return all;
}

/* What is known of the scope's tokens; it may be begun anew. */
static void empty(struct token_pictures *k, struct place *p)
{
    free_changes(take_waiting(k, p));
    token_picture_let_go(p->now);
    if (p->draft) token_picture_abandon(p->draft);
    p->now = NULL;
    p->draft = NULL;
    p->last_n = 0;
    p->lost = false;
    count(k, p, 0);
}

static void leave(struct token_pictures *k, struct place *p)
{
    empty(k, p);
    p->taken = false;
}

void token_pictures_free(struct token_pictures *k)
{
    if (!k) return;
    for (size_t i = 0; i < TOKEN_PICTURES_SCOPES; i++) {
        if (k->places[i].taken) leave(k, &k->places[i]);
    }
    CHECK(k->bytes == 0);
    pthread_cond_destroy(&k->free);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

static struct place *find(struct token_pictures *k, const struct uuid *scope)
{
    for (size_t i = 0; i < TOKEN_PICTURES_SCOPES; i++) {
        if (k->places[i].taken && uuid_eq(&k->places[i].scope, scope)) return &k->places[i];
    }
    return NULL;
}

static struct place *unused(struct token_pictures *k)
{
    for (size_t i = 0; i < TOKEN_PICTURES_SCOPES; i++) {
        if (!k->places[i].taken) return &k->places[i];
    }
    return NULL;
}

static struct place *oldest_but(struct token_pictures *k, const struct place *one)
{
    struct place *found = NULL;
    for (size_t i = 0; i < TOKEN_PICTURES_SCOPES; i++) {
        struct place *p = &k->places[i];
        if (!p->taken || p->busy || p == one) continue;
        if (!found || p->used < found->used) found = p;
    }
    return found;
}

/* NULL: all of them are busy. */
static struct place *place_for(struct token_pictures *k, const struct uuid *scope)
{
    struct place *p = find(k, scope);
    if (p) return p;
    p = unused(k);
    if (!p && (p = oldest_but(k, NULL))) leave(k, p);
    if (!p) return NULL;
    *p = (struct place){.taken = true, .scope = *scope};
    p->end = &p->first;
    return p;
}

/* False: this one alone is too much, or the others are all busy. */
static bool make_room(struct token_pictures *k, const struct place *one)
{
    while (k->bytes > k->bytes_max) {
        struct place *old = oldest_but(k, one);
        if (!old) return false;
        leave(k, old);
    }
    return true;
}

/* --- what is committed --- */

static struct token_picture_change *change_of(const struct change *from)
{
    const struct record_token *t = &from->record.of.token;
    const size_t roles_n = t->roles_n * sizeof *t->roles;
    const bool gone = from->verb == CHANGE_REMOVE;
    struct token_picture_change *c;
    const size_t texts_n = gone ? 0 : roles_n + t->description.n + t->created_by.n;
    c = malloc(sizeof *c + texts_n);
    if (!c) return NULL;
    *c = (struct token_picture_change){.bytes = sizeof *c + texts_n, .gone = gone};
    memcpy(c->token.client_id, t->client_id, sizeof c->token.client_id);
    if (gone) return c;
    struct wr w = wr_fixed(c + 1, texts_n);
    c->token = *t;
    c->token.roles = (const struct uuid *)(const void *)(c + 1);
    wr_bytes(&w, bytes_of(t->roles, roles_n));
    c->token.description.p = w.p + w.n;
    wr_bytes(&w, t->description);
    c->token.created_by.p = w.p + w.n;
    wr_bytes(&w, t->created_by);
    return c;
}

/* Some of its changes are not kept: it begins anew, when whoever is at it is done. */
static void lose(struct token_pictures *k, struct place *p)
{
    if (!p->busy) {
        empty(k, p);
        return;
    }
    p->lost = true;
    free_changes(take_waiting(k, p));
}

static void wait_with(struct token_pictures *k, struct place *p, const struct change *change)
{
    if (p->lost || !(p->busy || p->now || p->draft)) return; /* those two are whose turn it is */
    struct token_picture_change *c = p->waiting < TOKEN_PICTURES_WAITING ? change_of(change) : NULL;
    if (!c) {
        lose(k, p);
        return;
    }
    *p->end = c;
    p->end = &c->next;
    p->waiting++;
    p->waiting_bytes += c->bytes;
    k->bytes += c->bytes;
    if (!make_room(k, p)) lose(k, p);
}

void token_pictures_changed(struct token_pictures *k, const struct change *changes, size_t n)
{
    if (!k) return;
    pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < n; i++) {
        const struct record *r = &changes[i].record;
        struct place *p = r->kind == RECORD_TOKEN ? find(k, &r->of.token.scope) : NULL;
        if (p) wait_with(k, p, &changes[i]);
    }
    pthread_mutex_unlock(&k->lock);
}

/* --- turns: outside of the lock, in a place that is busy --- */

struct reading {
    struct place *place;
    size_t rows;
    err result;
};

static bool read_one(void *owner, const struct record *r)
{
    struct reading *reading = owner;
    struct place *p = reading->place;
    memcpy(p->last, r->of.token.client_id, sizeof p->last);
    p->last_n = sizeof p->last;
    reading->rows++;
    reading->result = token_picture_add(p->draft, &r->of.token);
    return err_is_ok(reading->result);
}

/* Some more of the first version. */
static err read_some(struct place *p, struct store *store)
{
    struct reading r = {.place = p, .result = DONE};
    if (!p->draft) p->draft = token_picture_begin();
    if (!p->draft) return FAIL(NO_MEMORY);
    TRY(store_scan(store, RECORD_TOKEN, &p->scope, bytes_of(p->last, p->last_n),
                   TOKEN_PICTURES_TURN, read_one, &r, NULL));
    TRY(r.result);
    if (r.rows == TOKEN_PICTURES_TURN) return DONE;
    struct token_picture_draft *whole = p->draft;
    p->draft = NULL;
    return token_picture_finish(whole, &p->now);
}

static err renew(struct place *p, struct token_picture_change *waiting)
{
    struct token_picture *next;
    const err e = token_picture_apply(p->now, waiting, &next);
    free_changes(waiting);
    TRY(e);
    token_picture_let_go(p->now);
    p->now = next;
    return DONE;
}

/* Under the lock again. */
static enum token_pictures_answer settle(struct token_pictures *k, struct place *p, err e,
                                         size_t tokens, bool renewed, struct token_picture **out)
{
    enum token_pictures_answer answer = TOKEN_PICTURES_MORE;
    p->busy = false;
    pthread_cond_broadcast(&k->free);
    if (!err_is_ok(e)) {
        leave(k, p);
        return TOKEN_PICTURES_NONE;
    }
    count(k, p, p->now ? p->now->bytes : token_picture_draft_bytes(p->draft));
    if (renewed) {
        token_picture_hold(p->now);
        *out = p->now;
        answer = TOKEN_PICTURES_READY;
    }
    const bool fits = make_room(k, p);
    if (fits && !p->lost) return answer;
    empty(k, p);
    if (!fits) p->too_many = tokens;
    return fits || renewed ? answer : TOKEN_PICTURES_NONE;
}

static enum token_pictures_answer work_on(struct token_pictures *k, struct place *p,
                                          struct store *store, size_t tokens,
                                          struct token_picture **out)
{
    const bool renewing = p->now != NULL;
    struct token_picture_change *waiting = renewing ? take_waiting(k, p) : NULL;
    p->busy = true;
    pthread_mutex_unlock(&k->lock);
    const err e = renewing ? renew(p, waiting) : read_some(p, store);
    pthread_mutex_lock(&k->lock);
    return settle(k, p, e, tokens, renewing, out);
}

/* Room for more than there were when it was too much may never be; for fewer there may be. */
static bool is_hopeless(const struct token_pictures *k, const struct place *p, size_t tokens)
{
    return k->bytes_max == 0 || (p->too_many && tokens >= p->too_many - p->too_many / 8);
}

enum token_pictures_answer token_pictures_turn(struct token_pictures *k, struct store *store,
                                               const struct uuid *scope, size_t tokens,
                                               struct token_picture **out)
{
    enum token_pictures_answer answer = TOKEN_PICTURES_NONE;
    if (!k) return answer;
    pthread_mutex_lock(&k->lock);
    struct place *p = place_for(k, scope);
    while (p && p->busy) {
        pthread_cond_wait(&k->free, &k->lock);
        p = place_for(k, scope);
    }
    if (p && !is_hopeless(k, p, tokens)) {
        p->used = ++k->uses;
        if (p->now && p->waiting == 0) {
            token_picture_hold(p->now);
            *out = p->now;
            answer = TOKEN_PICTURES_READY;
        } else {
            answer = work_on(k, p, store, tokens, out);
        }
    }
    pthread_mutex_unlock(&k->lock);
    return answer;
}

size_t token_pictures_bytes(struct token_pictures *k)
{
    pthread_mutex_lock(&k->lock);
    const size_t n = k->bytes;
    pthread_mutex_unlock(&k->lock);
    return n;
}
