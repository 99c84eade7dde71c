/* The routes over a real door, as organizations and enterprises ask them with tokens: what several tests of
 * what the API answers have in common. Each test file includes it once. */
#pragma once

#include "api_world.h"

#include "api/list_cache.h"

static err may_register(void *owner, const struct principal *who, const struct record_database *d,
                        struct note *note)
{
    (void)owner;
    (void)d;
    if (who->kind == PRINCIPAL_OPERATOR) return DONE;
    return note_fail(note, FAIL(NOT_ALLOWED), "only the local operator");
}

static bool cluster(void *owner, const struct uuid *database, struct arena *a, struct api_cluster *out)
{
    static const bytes keyspaces[] = {BYTES("crm"), BYTES("shop")};
    (void)owner;
    (void)database;
    (void)a;
    *out = (struct api_cluster){.keyspaces = keyspaces, .keyspaces_n = 2, .nodes_known = 3};
    return true;
}

static inline unsigned ask(const struct token_new *who, const char *method, const char *path, const char *body)
{
    return ask_by_token(who, method, path, body);
}

static inline const char *message(void)
{
    const char *text = json_string_value(json_object_get(first_error(), "message"));
    return text ? text : "";
}

#define assert_says(part) assert_non_null(strstr(message(), part))

/* The token of the answer of a create. */
static inline struct token_new made_token(void)
{
    struct token_new t = {0};
    memcpy(t.client_id, text_of("clientId"), TOKEN_CLIENT_ID);
    memcpy(t.secret, text_of("secret"), TOKEN_SECRET);
    token_digest(bytes_of(t.secret, TOKEN_SECRET), t.digest);
    return t;
}

static inline const char *format(const char *pattern, const char *value)
{
    static char text[4096];
    snprintf(text, sizeof text, pattern, value);
    return text;
}

static inline const char *id_text(struct uuid id)
{
    static char text[UUID_TEXT + 1];
    uuid_text(&id, text);
    return text;
}

static struct token_new enterprise;

static inline struct token_new token_with(struct uuid role)
{
    return world_token(&world, WORLD_ORG, false, &role, 1, CLOCK_NEVER_MS);
}

static inline void administrator_roles(const char *pattern, char *out, size_t size)
{
    snprintf(out, size, pattern, id_text(builtin_organization_administrator));
}

static inline int open_all(void **state)
{
    (void)state;
    api_world_begin();
    enterprise = world_token(&world, WORLD_ENTERPRISE, true, &builtin_enterprise_administrator, 1, CLOCK_NEVER_MS);
    api.ports = (struct api_ports){.may_register = may_register, .cluster = cluster};
    assert_ok(list_cache_new(&api.lists));
    api_world_open_door((struct http_door_options){.connections_max = 100});
    return 0;
}

static inline int close_all(void **state)
{
    (void)state;
    json_decref(json);
    json = NULL;
    http_door_free(door);
    list_cache_free(api.lists);
    api_world_end();
    return 0;
}
