#include "serve/reseal.h"

#include "base/random.h"
#include "gate/gate.h"
#include "index/index.h"
#include "index/snapshot.h"
#include "store/store.h"

#include <urcu/urcu-memb.h>

enum { ARENA_MAX = 64 << 20, COMMIT_WAIT_MS = 1000 };

struct resealing {
    struct gate *gate;
    struct store *store;
    const struct server_keys *keys;
    struct call call;
    struct uuid *ids;            /* of the databases to look at */
    size_t ids_n;
    struct change *changes;
    size_t n;
    struct store_commit commit;
    bool committed;
};

static err list_databases(struct resealing *r, struct index *index)
{
    const uint16_t newest = server_keys_newest(r->keys)->id;
    urcu_memb_read_lock();
    const struct snapshot_list all = snapshot_all(index_snapshot(index), RECORD_DATABASE);
    r->ids = arena_take_array(&r->call.arena, all.n, sizeof *r->ids);
    for (size_t i = 0; r->ids && i < all.n; i++) {
        const struct record_database *d = &all.records[i]->of.database;
        const uint16_t key = seal_key_id(d->sealed_password);
        if (key != newest && server_keys_find(r->keys, key)) r->ids[r->ids_n++] = d->id;
    }
    urcu_memb_read_unlock();
    r->changes = arena_take_array(&r->call.arena, r->ids_n, sizeof *r->changes);
    return r->call.arena.bad ? FAIL(NO_MEMORY) : DONE;
}

static err seal_anew(struct resealing *r, bytes id, struct record_database *d)
{
    struct secret password = {0};
    uint8_t nonce[SEAL_NONCE];
    uint8_t room[SECRET_MAX + SEAL_OVERHEAD];
    struct wr w = wr_fixed(room, sizeof room);
    TRY(seal_read(r->keys, id, d->sealed_password, &password));
    random_fill(nonce, sizeof nonce);
    seal_write(server_keys_newest(r->keys), id, nonce, bytes_of(password.data, password.n), &w);
    secret_drop(&password);
    if (w.bad) return FAIL(NO_MEMORY);
    d->sealed_password = arena_copy(&r->call.arena, wr_view(&w));
    return r->call.arena.bad ? FAIL(NO_MEMORY) : DONE;
}

static err plan_one(struct resealing *r, const struct uuid *database, struct note *note)
{
    char id[UUID_TEXT];
    struct change *c = &r->changes[r->n];
    *c = (struct change){.verb = CHANGE_PUT};
    uuid_write(database, id);
    const bytes text = bytes_of(id, sizeof id);
    err e = store_get(r->store, RECORD_DATABASE, text, &r->call.arena, &c->record);
    if (e.code == ERR_NOT_FOUND) return DONE;
    if (err_is_ok(e)) e = seal_anew(r, text, &c->record.of.database);
    if (!err_is_ok(e)) {
        return note_fail(note, e, "the password of database %.*s cannot be sealed anew: %s",
                         BYTES_FMT(text), err_text(e));
    }
    c->expect = c->record.version;
    c->by = (struct ask){record_write_action(RECORD_DATABASE), record_scope(&c->record)};
    r->n++;
    return DONE;
}

static void done(struct store_commit *c)
{
    LOOP_OF(c, struct resealing, commit)->committed = true;
}

static err commit(struct resealing *r, const struct principal *who, struct note *note)
{
    const struct event_draft event = {.name = "database.reseal", .outcome = "done", .who = *who};
    urcu_memb_read_lock();
    const struct permit *permit = gate_permit_upkeep(r->gate, &r->call);
    urcu_memb_read_unlock();
    if (!permit) return FAIL(NO_MEMORY);
    TRY(loop_new(NULL, &r->commit.loop));
    r->commit.done = done;
    store_commit(r->store, permit, r->changes, r->n, &event, &r->commit);
    while (!r->committed) (void)loop_turn(r->commit.loop, COMMIT_WAIT_MS);
    loop_free(r->commit.loop);
    *note = r->commit.note;
    return r->commit.result;
}

static err run(struct resealing *r, struct index *index, const struct principal *who, struct note *note)
{
    TRY(list_databases(r, index));
    if (r->ids_n > CHANGE_LIST_MAX) {
        return note_fail(note, FAIL(TOO_MANY), "more than %d passwords to seal anew", CHANGE_LIST_MAX);
    }
    for (size_t i = 0; i < r->ids_n; i++) TRY(plan_one(r, &r->ids[i], note));
    return r->n ? commit(r, who, note) : DONE;
}

err reseal_all(struct gate *gate, struct index *index, struct store *store,
               const struct server_keys *keys, const struct principal *who, struct note *note)
{
    struct resealing r = {.gate = gate, .store = store, .keys = keys};
    arena_init(&r.call.arena, ARENA_MAX);
    const err e = run(&r, index, who, note);
    arena_drop(&r.call.arena);
    return e;
}
