/* Random roles over a small vocabulary, both as the reference sees them and as the product does. */
#pragma once

#include "reference.h"
#include "world.h"

#define RANDOM_ORG "0a010000-0000-4000-8000-000000000a01"
#define RANDOM_OTHER_ORG "0a020000-0000-4000-8000-000000000a02"

static const char *const random_orgs[] = {RANDOM_ORG, RANDOM_ORG, RANDOM_ORG, "__ORG_ID__",
                                          RANDOM_OTHER_ORG};
static const char *const random_dbs[] = {"0d010000-0000-4000-8000-000000000d01",
                                         "0d020000-0000-4000-8000-000000000d02",
                                         "0d030000-0000-4000-8000-000000000d03", "*"};
static const char *const random_names[] = {"a", "A", "ab", "b*", "drop table", "*"};

enum { RANDOM_DBS = 4, RANDOM_NAMES = 6, RANDOM_ROLES = 8 };

/* The text of world_id(0x01, i); good until the eighth call after. */
static inline const char *random_role_id(uint8_t i)
{
    static char texts[8][UUID_TEXT + 1];
    static unsigned next;
    char *text = texts[next++ % 8];
    const struct uuid id = world_id(0x01, i);
    uuid_text(&id, text);
    return text;
}

/* What a resource name of the action's level looks like, mostly. */
static inline unsigned random_level(const char *action)
{
    if (world_below(8) == 0) return world_below(5);
    const char *level = reference_level(action);
    if (strcmp(level, "db") == 0) return 1;
    if (strcmp(level, "keyspace") == 0) return 2;
    return strcmp(level, "table") == 0 ? 3 : 4;
}

/* A resource name; `wild` in 4 components are wildcards where they may be. */
static inline void random_resource(char out[REFERENCE_TEXT], const char *org, unsigned level,
                                   unsigned wild)
{
    const char *db = random_dbs[world_below(4) < wild ? RANDOM_DBS - 1 : world_below(RANDOM_DBS - 1)];
    const char *ks =
        random_names[world_below(4) < wild ? RANDOM_NAMES - 1 : world_below(RANDOM_NAMES - 1)];
    const char *table =
        random_names[world_below(4) < wild ? RANDOM_NAMES - 1 : world_below(RANDOM_NAMES - 1)];
    int n = snprintf(out, REFERENCE_TEXT, "drn:astra:org:%s", org);
    if (level == 4) return;
    if (level == 0) {
        const uint32_t i = world_below(RANDOM_ROLES + 2);
        (void)snprintf(out + n, REFERENCE_TEXT - (size_t)n, ":%s:%s", i ? "role" : "stream",
                       i < 2 ? "*" : random_role_id((uint8_t)(i - 2)));
        return;
    }
    n += snprintf(out + n, REFERENCE_TEXT - (size_t)n, ":db:%s", db);
    if (level >= 2) n += snprintf(out + n, REFERENCE_TEXT - (size_t)n, ":keyspace:%s", ks);
    if (level >= 3) (void)snprintf(out + n, REFERENCE_TEXT - (size_t)n, ":table:%s", table);
}

/* An action; few of them, so that roles meet. */
static inline enum action random_action(void)
{
    static const enum action few[] = {ACTION_ORG_READ,        ACTION_ORG_TOKEN_WRITE,
                                      ACTION_ACCESSLIST_READ, ACTION_DB_CQL,
                                      ACTION_ORG_DB_CREATE,   ACTION_DB_KEYSPACE_CREATE,
                                      ACTION_DB_TABLE_SELECT, ACTION_DB_TABLE_MODIFY};
    return world_below(8) ? few[world_below(8)] : (enum action)world_below(ACTIONS);
}

static inline void random_reference(struct reference_role *r, const char *scope)
{
    *r = (struct reference_role){.there = world_below(12) != 0, .deny = world_below(3) == 0};
    (void)snprintf(r->scope, sizeof r->scope, "%s", world_below(10) ? scope : RANDOM_OTHER_ORG);
    r->actions_n = 1 + world_below(5);
    for (size_t i = 0; i < r->actions_n; i++) r->actions[i] = action_name(random_action());
    r->lines_n = world_below(6);
    for (size_t i = 0; i < r->lines_n; i++) {
        random_resource(r->lines[i], random_orgs[world_below(5)],
                        random_level(r->actions[world_below((uint32_t)r->actions_n)]), 2);
    }
}

/* The same role as the product holds it. */
static inline struct role random_product(struct arena *a, const struct reference_role *r,
                                         struct uuid id)
{
    struct role role = {.id = id, .builtin = false, .name = bytes_of_text(arena_format(a, "r%u", id.b[1]))};
    enum action *actions = arena_take_array(a, REFERENCE_ACTIONS, sizeof *actions);
    struct resource *lines = arena_take_array(a, REFERENCE_LINES, sizeof *lines);
    if (!uuid_read(bytes_of_text(r->scope), &role.scope)) abort();
    for (size_t i = 0; i < r->actions_n; i++) {
        if (!action_find(bytes_of_text(r->actions[i]), &actions[i])) abort();
    }
    for (size_t i = 0; i < r->lines_n; i++) {
        if (!err_is_ok(resource_read(bytes_of_text(r->lines[i]), &lines[i]))) abort();
    }
    role.policy = (struct policy){.effect = r->deny ? EFFECT_DENY : EFFECT_ALLOW,
                                  .actions = actions,
                                  .actions_n = r->actions_n,
                                  .resources = lines,
                                  .resources_n = r->lines_n};
    return role;
}
