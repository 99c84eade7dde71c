/* What the caller names, in the lists of the daemon. */
#include "cli/client.h"

#include <stdio.h>

/* `name_of` digs the name out of an element. */
static err pick(json_t *list, const char *what, const char *name,
                const char *(*name_of)(const json_t *), json_t **out, struct note *note)
{
    struct uuid id;
    const bool by_id = uuid_read(bytes_of_text(name), &id);
    size_t i;
    json_t *item;
    json_t *found = NULL;
    json_array_foreach(list, i, item) {
        const char *key = by_id ? json_string_value(json_object_get(item, "id")) : name_of(item);
        if (!key || !bytes_eq_nocase(bytes_of_text(key), bytes_of_text(name))) continue;
        if (found) return note_fail(note, FAIL(BAD_INPUT), "several %ss are called \"%s\"; give the id", what, name);
        found = item;
    }
    if (!found) return note_fail(note, FAIL(NOT_FOUND), "no %s is called \"%s\"", what, name);
    *out = json_incref(found);
    return DONE;
}

static const char *role_name(const json_t *role)
{
    return json_string_value(json_object_get(role, "name"));
}

static const char *database_name(const json_t *db)
{
    return json_string_value(json_object_get(json_object_get(db, "info"), "name"));
}

err client_find_role(const struct cli *c, const char *name, json_t **out, struct note *note)
{
    struct client_answer a;
    TRY(client_call(c, "GET", "/v2/organizations/roles", NULL, &a, note));
    const err e = pick(a.body, "role", name, role_name, out, note);
    client_answer_drop(&a);
    return e;
}

err client_find_user(const struct cli *c, const char *name, json_t **out, struct note *note)
{
    struct client_answer a;
    size_t i;
    json_t *user;
    TRY(client_call(c, "GET", "/v2/organizations/users", NULL, &a, note));
    json_array_foreach(json_object_get(a.body, "Users"), i, user) {
        const char *email = json_string_value(json_object_get(user, "Email"));
        const char *id = json_string_value(json_object_get(user, "UserID"));
        const bool same = (email && bytes_eq_nocase(bytes_of_text(email), bytes_of_text(name))) ||
                          (id && bytes_eq_nocase(bytes_of_text(id), bytes_of_text(name)));
        if (!same) continue;
        *out = json_incref(user);
        client_answer_drop(&a);
        return DONE;
    }
    client_answer_drop(&a);
    return note_fail(note, FAIL(NOT_FOUND), "no member has the address or id \"%s\"", name);
}

err client_find_organization(const struct cli *c, const char *name, json_t **out, struct note *note)
{
    struct client_answer a;
    TRY(client_call(c, "GET", "/v2/organizations", NULL, &a, note));
    const err e = pick(a.body, "organization", name, role_name, out, note);
    client_answer_drop(&a);
    return e;
}

err client_find_own_organization(const struct cli *c, char out[UUID_TEXT + 1], struct note *note)
{
    struct client_answer a;
    TRY(client_call(c, "GET", "/v2/currentOrg", NULL, &a, note));
    const char *id = json_string_value(json_object_get(a.body, "id"));
    (void)snprintf(out, UUID_TEXT + 1, "%s", id ? id : "");
    client_answer_drop(&a);
    return DONE;
}

err client_find_database(const struct cli *c, const char *name, json_t **out, struct note *note)
{
    char path[256] = "/v2/databases?limit=100&include=all";
    err e = FAIL(NOT_FOUND);
    for (;;) {
        struct client_answer a;
        TRY(client_call(c, "GET", path, NULL, &a, note));
        e = pick(a.body, "database", name, database_name, out, note);
        const json_t *last = json_array_get(a.body, json_array_size(a.body) - 1);
        const char *id = json_string_value(json_object_get(last, "id"));
        const bool more = !err_is_ok(e) && json_array_size(a.body) >= 100 && id;
        if (more) (void)snprintf(path, sizeof path, "/v2/databases?limit=100&include=all&starting_after=%.64s", id);
        client_answer_drop(&a);
        if (!more) return e;
    }
}
