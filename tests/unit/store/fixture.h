/* What the store's tests share: an operator's permit, small records, commits that are waited for. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "loop/loop.h"
#include "model/permit_issue.h"
#include "store/store.h"

struct fixture {
    struct loop *loop;
    struct arena arena;
    const struct permit *permit;
    char folder[64];
    char path[96];
};

/* Again after the arena was reset. */
static inline void fixture_init_permit(struct fixture *f)
{
    const struct principal operator = {.kind = PRINCIPAL_OPERATOR, .name = "operator uid=0"};
    f->permit = permit_issue(&f->arena, &operator, NULL, 0);
}

static inline void fixture_init(struct fixture *f)
{
    assert_ok(loop_new(NULL, &f->loop));
    arena_init(&f->arena, 64 << 20);
    fixture_init_permit(f);
    snprintf(f->folder, sizeof f->folder, "/tmp/latchkey-store-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/latchkey.db", f->folder);
}

static inline void fixture_drop(struct fixture *f)
{
    char command[128];
    loop_free(f->loop);
    arena_drop(&f->arena);
    snprintf(command, sizeof command, "rm -rf %s", f->folder);
    assert_int_equal(system(command), 0);
}

static inline struct uuid fixture_uuid(unsigned n)
{
    struct uuid u = {{0}};
    u.b[0] = 0xa0;
    u.b[14] = (uint8_t)(n >> 8);
    u.b[15] = (uint8_t)n;
    return u;
}

static const struct uuid fixture_roles[2] = {{{1}}, {{2}}};

static inline struct record fixture_token(unsigned n, unsigned scope, const char *description)
{
    struct record r = {.kind = RECORD_TOKEN};
    char id[32];
    snprintf(id, sizeof id, "token%019u", n);
    for (char *c = id; *c; c++) {
        if (*c >= '0' && *c <= '9') *c = (char)(*c - '0' + 'A');
    }
    memcpy(r.of.token.client_id, id, TOKEN_CLIENT_ID);
    r.of.token.scope = fixture_uuid(scope);
    r.of.token.key_id = 1;
    memset(r.of.token.verifier, (int)n, SERVER_KEY_VERIFIER);
    r.of.token.created_ns = 1000 + n;
    r.of.token.expires_ms = INT64_MAX;
    r.of.token.roles = fixture_roles;
    r.of.token.roles_n = 2;
    r.of.token.description = bytes_of_text(description);
    return r;
}

static inline struct record fixture_role(unsigned n, unsigned scope, const char *name)
{
    struct record r = {.kind = RECORD_ROLE};
    r.of.role.id = fixture_uuid(1000 + n);
    r.of.role.scope = fixture_uuid(scope);
    r.of.role.name = bytes_of_text(name);
    return r;
}

static inline struct change fixture_change(enum change_verb verb, uint64_t expect, struct record r)
{
    struct change c = {.verb = verb, .expect = expect, .record = r};
    c.by.action = record_write_action(r.kind);
    c.by.on = record_scope(&r);
    return c;
}

struct fixture_wait {
    struct store_commit commit;
    bool done;
};

static inline void fixture_arrived(struct store_commit *c)
{
    LIST_OF(c, struct fixture_wait, commit)->done = true;
}

static inline void fixture_submit(struct fixture *f, struct store *s, const struct change *changes, size_t n,
                                  const char *event, struct fixture_wait *w)
{
    struct event_draft draft = {.name = event, .outcome = "done"};
    *w = (struct fixture_wait){.commit = {.loop = f->loop, .done = fixture_arrived}};
    store_commit(s, f->permit, changes, n, event ? &draft : NULL, &w->commit);
}

/* Submits and waits. The loop wakes by the note, so there is no sleeping. */
static inline struct store_commit fixture_commit(struct fixture *f, struct store *s, const struct change *changes,
                                                 size_t n, const char *event)
{
    struct fixture_wait w;
    fixture_submit(f, s, changes, n, event, &w);
    while (!w.done) (void)loop_turn(f->loop, 1000);
    return w.commit;
}

static inline err fixture_put(struct fixture *f, struct store *s, uint64_t expect, struct record r)
{
    const struct change c = fixture_change(CHANGE_PUT, expect, r);
    return fixture_commit(f, s, &c, 1, "test.put").result;
}

static inline err fixture_remove(struct fixture *f, struct store *s, uint64_t expect, struct record r)
{
    const struct change c = fixture_change(CHANGE_REMOVE, expect, r);
    return fixture_commit(f, s, &c, 1, "test.remove").result;
}

static inline struct store *fixture_open(struct fixture *f, bool create, const struct store_ports *ports)
{
    struct note note = {{0}};
    struct store *s = NULL;
    const struct store_sqlite_options o = {.path = f->path, .create = create};
    const err e = store_sqlite_open(&o, ports, &s, &note);
    if (!err_is_ok(e)) print_message("%s\n", note.text);
    assert_ok(e);
    return s;
}
