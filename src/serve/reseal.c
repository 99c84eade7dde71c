#include "serve/reseal.h"

#include "base/random.h"
#include "gate/gate.h"
#include "index/index.h"
#include "index/snapshot.h"
#include "store/store.h"

#include <stddef.h>
#include <urcu/urcu-memb.h>

enum { ARENA_MAX = 64 << 20, COMMIT_WAIT_MS = 1000 };

/* Records that hold something sealed, and where. */
struct sealed {
    enum record_kind kind;
    const char *what;
    size_t place; /* of the bytes in struct record */
};
static const struct sealed sealed_kinds[RESEAL_KINDS] = {
    {RECORD_DATABASE, "password of database", offsetof(struct record, of.database.sealed_password)},
    {RECORD_PERSON, "second factor of person", offsetof(struct record, of.person.sealed_totp)},
    {RECORD_AUDIT_EXPORT, "token of audit export", offsetof(struct record, of.audit_export.sealed_token)},
};

static bytes sealed_in(const struct record *r, const struct sealed *s)
{
    bytes b;
    memcpy(&b, (const uint8_t *)r + s->place, sizeof b);
    return b;
}

struct to_reseal {
    const struct sealed *sealed;
    struct uuid id;
};

struct resealing {
    struct gate *gate;
    struct store *store;
    const struct server_keys *keys;
    struct call call;
    struct to_reseal *ids;
    size_t ids_n;
    struct change *changes;
    size_t n;
    struct store_commit commit;
    bool committed;
};

size_t reseal_count(struct index *index, enum reseal_kind kind, uint16_t key)
{
    const struct sealed *s = &sealed_kinds[kind];
    size_t n = 0;
    urcu_memb_read_lock();
    const struct snapshot_list all = snapshot_all(index_snapshot(index), s->kind);
    for (size_t i = 0; i < all.n; i++)
        n += seal_key_id(sealed_in(all.records[i], s)) == key;
    urcu_memb_read_unlock();
    return n;
}

/* In a read section. */
static void list_kind(struct resealing *r, const struct sealed *s, const struct snapshot_list *all)
{
    const uint16_t newest = server_keys_newest(r->keys)->id;
    for (size_t i = 0; r->ids && i < all->n; i++) {
        const uint16_t key = seal_key_id(sealed_in(all->records[i], s));
        if (key == newest || !server_keys_find(r->keys, key)) continue;
        r->ids[r->ids_n++] = (struct to_reseal){s, record_uuid(all->records[i])};
    }
}

static err list_all(struct resealing *r, struct index *index)
{
    struct snapshot_list all[RESEAL_KINDS];
    size_t n = 0;
    urcu_memb_read_lock();
    for (size_t i = 0; i < RESEAL_KINDS; i++) {
        all[i] = snapshot_all(index_snapshot(index), sealed_kinds[i].kind);
        n += all[i].n;
    }
    r->ids = arena_take_array(&r->call.arena, n, sizeof *r->ids);
    for (size_t i = 0; i < RESEAL_KINDS; i++) list_kind(r, &sealed_kinds[i], &all[i]);
    urcu_memb_read_unlock();
    r->changes = arena_take_array(&r->call.arena, r->ids_n, sizeof *r->changes);
    return r->call.arena.bad ? FAIL(NO_MEMORY) : DONE;
}

static err seal_anew(struct resealing *r, bytes id, const struct sealed *s, struct record *record)
{
    struct secret password = {0};
    uint8_t nonce[SEAL_NONCE];
    uint8_t room[SECRET_MAX + SEAL_OVERHEAD];
    struct wr w = wr_fixed(room, sizeof room);
    TRY(seal_read(r->keys, id, sealed_in(record, s), &password));
    random_fill(nonce, sizeof nonce);
    seal_write(server_keys_newest(r->keys), id, nonce, bytes_of(password.data, password.n), &w);
    secret_drop(&password);
    if (w.bad) return FAIL(NO_MEMORY);
    const bytes anew = arena_copy(&r->call.arena, wr_view(&w));
    memcpy((uint8_t *)record + s->place, &anew, sizeof anew);
    return r->call.arena.bad ? FAIL(NO_MEMORY) : DONE;
}

static err plan_one(struct resealing *r, const struct to_reseal *t, struct note *note)
{
    char id[UUID_TEXT];
    struct change *c = &r->changes[r->n];
    *c = (struct change){.verb = CHANGE_PUT};
    uuid_write(&t->id, id);
    const bytes text = bytes_of(id, sizeof id);
    err e = store_get(r->store, t->sealed->kind, text, &r->call.arena, &c->record);
    if (e.code == ERR_NOT_FOUND) return DONE;
    if (err_is_ok(e) && sealed_in(&c->record, t->sealed).n == 0) return DONE;
    if (err_is_ok(e)) e = seal_anew(r, text, t->sealed, &c->record);
    if (!err_is_ok(e)) {
        return note_fail(note, e, "the %s %.*s cannot be sealed anew: %s", t->sealed->what,
                         BYTES_FMT(text), err_text(e));
    }
    c->expect = c->record.version;
    c->by = (struct ask){record_write_action(t->sealed->kind), record_scope(&c->record)};
    r->n++;
    return DONE;
}

static void done(struct store_commit *c)
{
    LOOP_OF(c, struct resealing, commit)->committed = true;
}

static err commit(struct resealing *r, const struct principal *who, struct note *note)
{
    const struct event_draft event = {.name = "key.reseal", .outcome = "done", .who = *who};
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
    TRY(list_all(r, index));
    if (r->ids_n > CHANGE_LIST_MAX) {
        return note_fail(note, FAIL(TOO_MANY), "more than %d secrets to seal anew", CHANGE_LIST_MAX);
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
