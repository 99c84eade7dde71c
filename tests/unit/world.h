/* A small world for tests: two organizations, an enterprise, databases, roles and tokens in an index. */
#pragma once

#include "base/clock.h"
#include "index/index.h"
#include "index/snapshot.h"

#include <stdio.h>
#include <stdlib.h>

/* Ids of the world: the first byte says the kind, the second the number. */
static inline struct uuid world_id(uint8_t kind, uint8_t number)
{
    return (struct uuid){{kind, number, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, kind, number}};
}
#define WORLD_ORG world_id(0x0a, 1)
#define WORLD_OTHER_ORG world_id(0x0a, 2)
#define WORLD_ENTERPRISE world_id(0x0e, 1)
#define WORLD_DB world_id(0x0d, 1)
#define WORLD_OTHER_DB world_id(0x0d, 2)

/* Repeatable numbers (xorshift64*); of one thread. */
static uint64_t world_seed = UINT64_C(88172645463325252);
static inline uint64_t world_random(void)
{
    world_seed ^= world_seed >> 12;
    world_seed ^= world_seed << 25;
    world_seed ^= world_seed >> 27;
    return world_seed * UINT64_C(2685821657736338717);
}
static inline uint32_t world_below(uint32_t n)
{
    return (uint32_t)((world_random() >> 32) * n >> 32);
}

struct world {
    struct arena arena;
    struct index *index;
    struct server_keys keys;
};

static inline void world_apply(struct world *w, const struct change *c,
                               const struct index_effects *effects)
{
    const err e = index_apply(w->index, c, 1, effects);
    if (!err_is_ok(e)) abort();
}

static inline struct change world_put(struct record r)
{
    return (struct change){.verb = CHANGE_PUT, .record = r};
}

static inline void world_organization(struct world *w, struct uuid id, struct uuid enterprise,
                                      int64_t default_ms, int64_t maximum_ms)
{
    struct record r = {.kind = RECORD_ORGANIZATION, .version = 1};
    r.of.organization = (struct record_organization){.id = id,
                                                     .enterprise = enterprise,
                                                     .name = BYTES("org"),
                                                     .default_lifetime_ms = default_ms,
                                                     .maximum_lifetime_ms = maximum_ms};
    world_apply(w, &(struct change){.verb = CHANGE_PUT, .record = r}, NULL);
}

static inline void world_database(struct world *w, struct uuid id, struct uuid organization,
                                  const char *name)
{
    struct record r = {.kind = RECORD_DATABASE, .version = 1};
    r.of.database = (struct record_database){
        .id = id, .organization = organization, .name = bytes_of_text(name)};
    world_apply(w, &(struct change){.verb = CHANGE_PUT, .record = r}, NULL);
}

/* Lines and actions separated by spaces; `@` in a line stands for "drn:astra:org:<WORLD_ORG>". */
static inline struct policy world_policy(struct arena *a, enum effect effect, const char *actions,
                                         const char *lines)
{
    struct policy p = {.effect = effect, .description = BYTES("test")};
    enum action *act = arena_take_array(a, ROLE_ACTIONS_MAX, sizeof *act);
    struct resource *res = arena_take_array(a, 64, sizeof *res);
    char *words = arena_text(a, bytes_of_text(actions));
    char *save;
    for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        if (!action_find(bytes_of_text(word), &act[p.actions_n++])) abort();
    }
    char org[UUID_TEXT + 1];
    const struct uuid id = WORLD_ORG;
    uuid_text(&id, org);
    words = arena_text(a, bytes_of_text(lines));
    for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        const char *text =
            word[0] == '@' ? arena_format(a, "drn:astra:org:%s%s", org, word + 1) : word;
        if (!err_is_ok(resource_read(bytes_of_text(text), &res[p.resources_n++]))) abort();
    }
    p.actions = act;
    p.resources = res;
    return p;
}

static inline struct role world_make_role(struct arena *a, struct uuid id, struct uuid scope,
                                          enum effect effect, const char *actions,
                                          const char *lines)
{
    return (struct role){.id = id,
                         .scope = scope,
                         .name = bytes_of_text(arena_format(a, "role-%u", id.b[1])),
                         .policy = world_policy(a, effect, actions, lines)};
}

static inline void world_put_role(struct world *w, const struct role *role,
                                  const struct index_effects *effects)
{
    struct record r = {.kind = RECORD_ROLE, .version = 1};
    const struct record *old;
    old = snapshot_record(index_snapshot(w->index), RECORD_ROLE, &role->id);
    if (old) r.version = old->version + 1;
    r.of.role = *role;
    world_apply(w, &(struct change){.verb = CHANGE_PUT, .record = r}, effects);
}

static inline void world_role(struct world *w, struct uuid id, enum effect effect,
                              const char *actions, const char *lines)
{
    const struct role r = world_make_role(&w->arena, id, WORLD_ORG, effect, actions, lines);
    world_put_role(w, &r, NULL);
}

static inline void world_remove_role(struct world *w, struct uuid id,
                                     const struct index_effects *effects)
{
    struct change c = {.verb = CHANGE_REMOVE, .record = {.kind = RECORD_ROLE}};
    c.record.of.role.id = id;
    world_apply(w, &c, effects);
}

/* A person with an account; `email` is kept by the caller. */
static inline struct uuid world_person(struct world *w, uint8_t number, const char *email)
{
    struct record r = {.kind = RECORD_PERSON, .version = 1};
    r.of.person.id = world_id(0x0f, number);
    r.of.person.email = bytes_of_text(email);
    world_apply(w, &(struct change){.verb = CHANGE_PUT, .record = r}, NULL);
    return r.of.person.id;
}

static inline void world_member(struct world *w, struct uuid person, struct uuid scope,
                                bool enterprise, const struct uuid *roles, size_t n, bool invited)
{
    struct record r = {.kind = RECORD_MEMBERSHIP, .version = 1};
    const struct uuid id = record_membership_id(&person, &scope);
    const struct record *old =
        snapshot_record(index_snapshot(w->index), RECORD_MEMBERSHIP, &id);
    if (old) r.version = old->version + 1;
    r.of.membership = (struct record_membership){.id = id, .person = person, .scope = scope,
        .enterprise = enterprise, .invited = invited, .roles = roles, .roles_n = n};
    world_apply(w, &(struct change){.verb = CHANGE_PUT, .record = r}, NULL);
}

static inline struct uuid world_session(struct world *w, struct uuid person, const char *secret,
                                        int64_t created_ms, int64_t seen_ms)
{
    struct record r = {.kind = RECORD_SESSION, .version = 1};
    const struct record_hash h = record_hash_of(bytes_of_text(secret));
    r.of.session = (struct record_session){.id = record_hash_id(&h), .person = person,
        .verifier = h, .created_ms = created_ms, .seen_ms = seen_ms, .proved_ms = created_ms};
    const struct record *old =
        snapshot_record(index_snapshot(w->index), RECORD_SESSION, &r.of.session.id);
    if (old) r.version = old->version + 1;
    world_apply(w, &(struct change){.verb = CHANGE_PUT, .record = r}, NULL);
    return r.of.session.id;
}

/* A record for this new token, made with the world's newest key. */
static inline struct record world_token_record(struct world *w, const struct token_new *t,
                                               struct uuid scope, const struct uuid *roles,
                                               size_t roles_n)
{
    struct record r = {.kind = RECORD_TOKEN, .version = 1};
    const struct server_key *key = server_keys_newest(&w->keys);
    r.of.token = (struct record_token){.scope = scope,
                                       .key_id = key->id,
                                       .created_ns = INT64_C(1000000000000000000),
                                       .expires_ms = CLOCK_NEVER_MS,
                                       .roles = roles,
                                       .roles_n = roles_n};
    memcpy(r.of.token.client_id, t->client_id, TOKEN_CLIENT_ID);
    server_key_verifier(key, t->digest, r.of.token.verifier);
    return r;
}

static inline struct token_new world_token(struct world *w, struct uuid scope, bool enterprise,
                                           const struct uuid *roles, size_t roles_n,
                                           int64_t expires_ms)
{
    struct token_new t;
    token_make(&t, world_below);
    struct record r = world_token_record(w, &t, scope, roles, roles_n);
    r.of.token.expires_ms = expires_ms;
    r.of.token.enterprise = enterprise;
    world_apply(w, &(struct change){.verb = CHANGE_PUT, .record = r}, NULL);
    return t;
}

static inline void world_remove_token(struct world *w, const struct token_new *t,
                                      const struct index_effects *effects)
{
    struct change c = {.verb = CHANGE_REMOVE, .record = {.kind = RECORD_TOKEN}};
    memcpy(c.record.of.token.client_id, t->client_id, TOKEN_CLIENT_ID);
    world_apply(w, &c, effects);
}

/* The thread must be registered with liburcu. */
static inline void world_init(struct world *w)
{
    *w = (struct world){0};
    arena_init(&w->arena, 64 << 20);
    if (!err_is_ok(index_new(&w->index))) abort();
    w->keys.n = 1;
    w->keys.list[0].id = 1;
    for (size_t i = 0; i < SERVER_KEY_SIZE; i++) w->keys.list[0].key[i] = (uint8_t)(i * 7 + 1);
    struct record r = {.kind = RECORD_ENTERPRISE, .version = 1};
    r.of.enterprise = (struct record_enterprise){.id = WORLD_ENTERPRISE, .name = BYTES("ent")};
    world_apply(w, &(struct change){.verb = CHANGE_PUT, .record = r}, NULL);
    world_organization(w, WORLD_ORG, WORLD_ENTERPRISE, 0, 0);
    world_organization(w, WORLD_OTHER_ORG, (struct uuid){{0}}, 0, 0);
    world_database(w, WORLD_DB, WORLD_ORG, "shop");
    world_database(w, WORLD_OTHER_DB, WORLD_OTHER_ORG, "theirs");
}

static inline void world_drop(struct world *w)
{
    index_free(w->index);
    arena_drop(&w->arena);
}
