#include "serve/founding.h"

#include "base/clock.h"
#include "base/random.h"
#include "gate/gate.h"
#include "index/index.h"
#include "store/folder.h"
#include "store/key_file.h"
#include "store/store.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>
#include <urcu/urcu-memb.h>

enum { FOUNDING_CHANGES = 6, COMMIT_WAIT_MS = 1000 };

/* What founding holds open; whatever the end, founding_close lets it go. */
struct founding {
    const struct founding_wish *wish;
    struct folder folder;
    char key_path[FOLDER_PATH_MAX];
    char store_path[FOLDER_PATH_MAX];
    bool key_made;
    bool store_made;
    struct server_keys keys;
    struct store *store;
    struct index *index;
    struct gate *gate;
    struct loop *loop;
    struct call call;
    struct store_commit commit;
    bool committed;
};

static struct uuid new_uuid(void)
{
    uint8_t random[16];
    random_fill(random, sizeof random);
    return uuid_from_random(random);
}

static err open_folder(struct founding *f, struct note *note)
{
    TRY(folder_create(f->wish->data, note));
    TRY(folder_open(f->wish->data, &f->folder, note));
    TRY(folder_path(f->wish->data, FOLDER_KEYS, f->key_path, note));
    TRY(folder_path(f->wish->data, FOLDER_STORE, f->store_path, note));
    if (access(f->key_path, F_OK) == 0 || access(f->store_path, F_OK) == 0) {
        return note_fail(note, FAIL(CONFLICT), "%s is in use: it holds a store already", f->wish->data);
    }
    return DONE;
}

static err open_store(struct founding *f, struct note *note)
{
    TRY(open_folder(f, note));
    TRY(key_file_create(f->key_path, clock_utc_ms(), &f->keys, note));
    f->key_made = true;
    const struct store_sqlite_options o = {.path = f->store_path, .create = true, .keys = &f->keys};
    const struct store_ports ports = {0};
    f->store_made = true;
    TRY(store_sqlite_open(&o, &ports, &f->store, note));
    TRY(index_new(&f->index));
    const struct gate_options gate = {
        .index = f->index, .prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1};
    TRY(gate_new(&gate, &f->gate));
    gate_set_keys(f->gate, &f->keys);
    return loop_new(NULL, &f->loop);
}

static void fill_token(struct founding *f, struct founding_result *made, struct record_token *t)
{
    static struct uuid role;
    role = builtin_organization_administrator;
    token_make(&made->token, random_below);
    memcpy(t->client_id, made->token.client_id, TOKEN_CLIENT_ID);
    t->scope = made->organization;
    t->key_id = server_keys_newest(&f->keys)->id;
    server_key_verifier(server_keys_newest(&f->keys), made->token.digest, t->verifier);
    t->created_ns = clock_utc_ns();
    t->expires_ms = f->wish->token_expires_ms;
    t->roles = &role;
    t->roles_n = 1;
    t->description = BYTES("first token");
    t->created_by = bytes_of_text(f->call.who.name);
}

/* The administrator: an account with a password, or with a link to choose one. */
static struct change plan_person(const struct founding *f, struct founding_result *made)
{
    struct change c = {.verb = CHANGE_PUT, .record.kind = RECORD_PERSON};
    struct record_person *p = &c.record.of.person;
    p->id = new_uuid();
    p->email = bytes_of_text(f->wish->administrator);
    p->created_ns = clock_utc_ns();
    c.by = gate_own(&p->id);
    if (f->wish->password_hash) {
        p->password = bytes_of_text(f->wish->password_hash);
        p->credentials_ns = p->created_ns;
        return c;
    }
    link_new(&made->link);
    p->setup = made->link.hash;
    p->setup_ends_ms = clock_utc_ms() + LINK_SETUP_MS;
    return c;
}

static struct change plan_membership(const struct founding *f, const struct uuid *person,
                                     const struct uuid *scope, bool enterprise)
{
    struct change c = {.verb = CHANGE_PUT, .record.kind = RECORD_MEMBERSHIP};
    c.record.of.membership = (struct record_membership){
        .id = record_membership_id(person, scope),
        .person = *person,
        .scope = *scope,
        .enterprise = enterprise,
        .email = bytes_of_text(f->wish->administrator),
        .created_ns = clock_utc_ns(),
        .created_by = bytes_of_text(f->call.who.name),
        .roles = enterprise ? &builtin_enterprise_administrator : &builtin_organization_administrator,
        .roles_n = 1};
    c.by = gate_member(&c.record.of.membership);
    return c;
}

static size_t plan_people(const struct founding *f, struct founding_result *made,
                          struct change *changes)
{
    size_t n = 0;
    changes[n++] = plan_person(f, made);
    const struct uuid *person = &changes[0].record.of.person.id;
    changes[n++] = plan_membership(f, person, &made->organization, false);
    if (f->wish->enterprise) changes[n++] = plan_membership(f, person, &made->enterprise, true);
    return n;
}

static size_t plan(struct founding *f, struct founding_result *made, struct change *changes)
{
    size_t n = 0;
    const struct founding_wish *w = f->wish;
    if (w->enterprise) {
        made->enterprise = new_uuid();
        struct change *c = &changes[n++];
        c->by = (struct ask){ACTION_ENTERPRISE_WRITE, resource_enterprise(&made->enterprise)};
        c->record.kind = RECORD_ENTERPRISE;
        c->record.of.enterprise = (struct record_enterprise){.id = made->enterprise,
            .name = bytes_of_text(w->enterprise), .created_ns = clock_utc_ns()};
    }
    made->organization = new_uuid();
    struct change *c = &changes[n++];
    c->by = (struct ask){ACTION_ORG_WRITE, resource_organization(&made->organization)};
    c->record.kind = RECORD_ORGANIZATION;
    c->record.of.organization = (struct record_organization){.id = made->organization,
        .enterprise = made->enterprise, .name = bytes_of_text(w->organization),
        .email = bytes_of_text(w->administrator), .created_ns = clock_utc_ns()};
    if (w->token) {
        c = &changes[n++];
        c->by = (struct ask){ACTION_ORG_TOKEN_WRITE, resource_organization(&made->organization)};
        c->record.kind = RECORD_TOKEN;
        fill_token(f, made, &c->record.of.token);
    }
    return n + plan_people(f, made, changes + n);
}

static void commit_done(struct store_commit *c)
{
    struct founding *f = LOOP_OF(c, struct founding, commit);
    f->committed = true;
}

static err commit(struct founding *f, const struct change *changes, size_t n,
                  const struct founding_result *made, struct note *note)
{
    struct ask asks[FOUNDING_CHANGES];
    const struct permit *permit;
    const struct credential cred = {.kind = CREDENTIAL_UID, .uid = getuid()};
    urcu_memb_read_lock();
    err e = gate_identify(f->gate, &f->call, &cred);
    for (size_t i = 0; i < n; i++) asks[i] = changes[i].by;
    if (err_is_ok(e)) e = gate_permit(f->gate, &f->call, asks, n, &permit);
    urcu_memb_read_unlock();
    TRY(e);
    struct event_draft event = {.name = "organization.found", .outcome = "done", .who = f->call.who,
                                .scope = made->organization,
                                .subject = bytes_of_text(f->wish->organization)};
    (void)snprintf(event.call_id, sizeof event.call_id, "init");
    (void)snprintf(event.peer, sizeof event.peer, "local");
    f->commit.loop = f->loop;
    f->commit.done = commit_done;
    store_commit(f->store, permit, changes, n, &event, &f->commit);
    while (!f->committed) (void)loop_turn(f->loop, COMMIT_WAIT_MS);
    if (err_is_ok(f->commit.result)) return DONE;
    return note_fail(note, f->commit.result, "%s",
                     f->commit.note.text[0] ? f->commit.note.text : err_text(f->commit.result));
}

static err found(struct founding *f, struct founding_result *made, struct note *note)
{
    struct change changes[FOUNDING_CHANGES] = {0};
    TRY(open_store(f, note));
    arena_init(&f->call.arena, CALL_ARENA_MAX);
    f->call.door = CALL_SOCKET;
    f->call.now_ms = clock_utc_ms();
    (void)snprintf(f->call.who.name, sizeof f->call.who.name, "operator uid=%u", (unsigned)getuid());
    const size_t n = plan(f, made, changes);
    return commit(f, changes, n, made, note);
}

static void remove_with_suffix(const char *path, const char *suffix)
{
    char whole[FOLDER_PATH_MAX + 8];
    (void)snprintf(whole, sizeof whole, "%s%s", path, suffix);
    (void)unlink(whole);
}

static void close_all(struct founding *f, bool keep)
{
    store_close(f->store);
    if (f->loop) loop_free(f->loop);
    if (f->gate) gate_free(f->gate);
    if (f->index) index_free(f->index);
    arena_drop(&f->call.arena);
    server_keys_drop(&f->keys);
    if (!keep && f->store_made) {
        static const char *const suffixes[] = {"", "-wal", "-shm"};
        for (size_t i = 0; i < 3; i++) remove_with_suffix(f->store_path, suffixes[i]);
    }
    if (!keep && f->key_made) (void)unlink(f->key_path);
    folder_close(&f->folder);
}

err founding_do(const struct founding_wish *wish, struct founding_result *out, struct note *note)
{
    struct founding f = {.wish = wish};
    *out = (struct founding_result){0};
    const err e = found(&f, out, note);
    close_all(&f, err_is_ok(e));
    return e;
}

err founding_run(const struct founding_wish *wish, struct founding_result *out, struct note *note)
{
    urcu_memb_register_thread();
    const err e = founding_do(wish, out, note);
    urcu_memb_unregister_thread();
    return e;
}
