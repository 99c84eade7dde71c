/* offer (any thread) → a batch (control) → records read (work) → a commit each (control) → next batch */
#include "serve/rekey.h"

#include "base/hash.h"
#include "base/log.h"
#include "store/store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <urcu/urcu-memb.h>

enum { TURN_MS = 20, ARENA_MAX = REKEY_BATCH * (64 << 10), DETAIL_MAX = 64 };

/* One token under way. */
struct moving {
    struct rekey *owner;
    struct gate_rekey wish;
    struct change change;
    bool found;                        /* its record is there and still has the older key */
    struct store_commit commit;
};

struct rekey {
    struct loop *loop;
    struct work *work;
    struct gate *gate;
    struct store *store;
    struct hash_seed seed;
    struct loop_note wake;
    struct loop_timer pause;
    struct work_job job;
    /* Of the batch: the control thread's, while the job runs the work thread's. */
    struct moving batch[REKEY_BATCH];
    size_t batch_n;
    size_t under_way;
    bool refused;                      /* by the store, not because the token changed */
    struct call call;                  /* its arena has the permit and the records */
    const struct permit *permit;
    pthread_mutex_t lock;
    /* Below: under `lock`. A token has one place; a place that is taken is not taken again, whether by
     * the same token or by another. An empty one has a client id of zeroes. */
    struct gate_rekey waiting[REKEY_WAITING_MAX];
    size_t waiting_n;
    bool busy;                         /* a wake-up, a pause or a batch is under way */
    bool closing;
};

static bool is_empty(const struct gate_rekey *place)
{
    return place->client_id[0] == 0;
}

static void offer(void *owner, const struct gate_rekey *wish)
{
    struct rekey *r = owner;
    const bytes id = bytes_of(wish->client_id, sizeof wish->client_id);
    struct gate_rekey *place = &r->waiting[hash_bytes(r->seed, id) % REKEY_WAITING_MAX];
    if (pthread_mutex_trylock(&r->lock) != 0) return;
    if (is_empty(place) && !r->closing) {
        *place = *wish;
        r->waiting_n++;
        if (!r->busy) loop_post(r->loop, &r->wake);
        r->busy = true;
    }
    pthread_mutex_unlock(&r->lock);
}

struct gate_rekey_sink rekey_sink(struct rekey *r)
{
    return (struct gate_rekey_sink){r, offer};
}

/* --- a batch --- */

/* False: there is none, and nobody is busy any more. */
static bool take_batch(struct rekey *r)
{
    r->batch_n = 0;
    r->refused = false;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < REKEY_WAITING_MAX && r->waiting_n > 0 && r->batch_n < REKEY_BATCH; i++) {
        if (is_empty(&r->waiting[i])) continue;
        r->batch[r->batch_n++] = (struct moving){.owner = r, .wish = r->waiting[i]};
        secret_wipe(&r->waiting[i], sizeof r->waiting[i]);
        r->waiting_n--;
    }
    r->busy = r->batch_n > 0;
    pthread_mutex_unlock(&r->lock);
    return r->batch_n > 0;
}

static void prepare_one(struct rekey *r, struct moving *m)
{
    struct record *record = &m->change.record;
    struct record_token *t = &record->of.token;
    const bytes id = bytes_of(m->wish.client_id, sizeof m->wish.client_id);
    if (!err_is_ok(store_get(r->store, RECORD_TOKEN, id, &r->call.arena, record))) return;
    if (t->key_id != m->wish.from) return;
    m->change.verb = CHANGE_PUT;
    m->change.expect = record->version;
    m->change.by = (struct ask){ACTION_ORG_TOKEN_WRITE, record_scope(record)};
    t->key_id = m->wish.to;
    memcpy(t->verifier, m->wish.verifier, sizeof t->verifier);
    m->found = true;
}

static void prepare(struct work_job *j)
{
    struct rekey *r = LOOP_OF(j, struct rekey, job);
    for (size_t i = 0; i < r->batch_n; i++) prepare_one(r, &r->batch[i]);
}

static void begin(struct rekey *r);

static void rest(struct rekey *r)
{
    log_line(LOG_WARN, "rekey_waits", "ms=%d", REKEY_PAUSE_MS);
    loop_start_timer(r->loop, &r->pause, loop_now_ms(r->loop) + REKEY_PAUSE_MS);
}

static void end_one(struct rekey *r)
{
    if (--r->under_way > 0) return;
    secret_wipe(r->batch, sizeof r->batch);
    arena_drop(&r->call.arena);
    if (r->refused) rest(r);
    else begin(r);
}

static void committed(struct store_commit *c)
{
    struct moving *m = LOOP_OF(c, struct moving, commit);
    const enum err_class class = err_row(c->result)->class;
    /* Deleted or edited meanwhile: its next login says what is left to do. */
    m->owner->refused |= class != ERR_CLASS_NONE && class != ERR_CLASS_CONFLICT &&
                         class != ERR_CLASS_NOT_FOUND;
    end_one(m->owner);
}

static void commit(struct rekey *r, struct moving *m)
{
    char detail[DETAIL_MAX];
    const struct record_token *t = &m->change.record.of.token;
    const int n = snprintf(detail, sizeof detail, "{\"from\":%u,\"to\":%u}", m->wish.from, m->wish.to);
    struct event_draft event = {.name = "token.rekey", .outcome = "done", .scope = t->scope};
    event.who.kind = PRINCIPAL_OPERATOR;
    (void)snprintf(event.who.name, sizeof event.who.name, "latchkey");
    event.subject = bytes_of(t->client_id, sizeof t->client_id);
    event.detail = bytes_of(detail, (size_t)n);
    m->commit = (struct store_commit){.loop = r->loop, .done = committed};
    store_commit(r->store, r->permit, &m->change, 1, &event, &m->commit);
}

static void prepared(struct loop *l, struct work_job *j)
{
    struct rekey *r = LOOP_OF(j, struct rekey, job);
    (void)l;
    urcu_memb_read_lock();
    r->permit = gate_permit_upkeep(r->gate, &r->call);
    urcu_memb_read_unlock();
    r->under_way = 1; /* held until all have been asked for */
    for (size_t i = 0; i < r->batch_n; i++) {
        if (!r->batch[i].found || !r->permit) continue;
        r->under_way++;
        commit(r, &r->batch[i]);
    }
    end_one(r);
}

static void begin(struct rekey *r)
{
    if (!take_batch(r)) return;
    arena_init(&r->call.arena, ARENA_MAX);
    r->job = (struct work_job){.run = prepare, .done = prepared, .loop = r->loop};
    if (err_is_ok(work_submit(r->work, &r->job))) return;
    arena_drop(&r->call.arena);
    rest(r);
}

static void wake(struct loop *l, struct loop_note *n)
{
    (void)l;
    begin(LOOP_OF(n, struct rekey, wake));
}

static void go_on(struct loop *l, struct loop_timer *t)
{
    (void)l;
    begin(LOOP_OF(t, struct rekey, pause));
}

/* --- life --- */

err rekey_new(struct loop *control, struct work *work, struct gate *gate, struct store *store,
              struct rekey **out)
{
    struct rekey *r = calloc(1, sizeof *r);
    if (!r) return FAIL(NO_MEMORY);
    r->loop = control;
    r->work = work;
    r->gate = gate;
    r->store = store;
    r->seed = hash_seed_new();
    r->wake.run = wake;
    r->pause.fire = go_on;
    (void)pthread_mutex_init(&r->lock, NULL);
    *out = r;
    return DONE;
}

static bool is_busy(struct rekey *r)
{
    pthread_mutex_lock(&r->lock);
    const bool busy = r->busy && !loop_timer_is_on(&r->pause);
    pthread_mutex_unlock(&r->lock);
    return busy;
}

/* What waits is forgotten; what is under way ends. */
static void forget_waiting(struct rekey *r)
{
    pthread_mutex_lock(&r->lock);
    r->closing = true;
    r->waiting_n = 0;
    secret_wipe(r->waiting, sizeof r->waiting);
    pthread_mutex_unlock(&r->lock);
}

void rekey_free(struct rekey *r)
{
    if (!r) return;
    forget_waiting(r);
    while (is_busy(r)) (void)loop_turn(r->loop, TURN_MS);
    loop_stop_timer(r->loop, &r->pause);
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}
