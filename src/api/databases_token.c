/* The database token: one call makes, or finds again, the role that administers one database, and a
 * token with it (decisions 1.11). */
#include "api/databases.h"
#include "api/routes.h"
#include "api/tokens.h"

#include "base/clock.h"
#include "http/body.h"

#include <stdio.h>

enum { OWN_RESOURCES = 6 };

/* "<DATABASE> Database Administrator", with " (2)" … where another role has that name. */
static bytes free_name(struct http_request *rq, const struct record_database *d)
{
    for (unsigned i = 1; i < 1000; i++) {
        char suffix[16] = "";
        if (i > 1) (void)snprintf(suffix, sizeof suffix, " (%u)", i);
        const char *name = arena_format(&rq->call.arena, "%.*s Database Administrator%s",
                                        BYTES_FMT(d->name), suffix);
        if (!name) return (bytes){0};
        const bytes view = bytes_of_text(name);
        if (!builtin_name_is_taken(view) &&
            !snapshot_role_named(api_snapshot(rq), &d->organization, view)) {
            return view;
        }
    }
    return (bytes){0};
}

static struct resource any_keyspace(const struct record_database *d)
{
    struct resource r = resource_keyspace(&d->organization, &d->id, (bytes){0});
    r.keyspace_any = true;
    return r;
}

static struct resource any_table(const struct record_database *d, bytes keyspace)
{
    struct resource r = resource_table(&d->organization, &d->id, keyspace, (bytes){0});
    r.keyspace_any = keyspace.n == 0;
    r.table_any = true;
    return r;
}

/* No line for the organization: actions of its level in this role have no effect. */
static err make_role(struct http_request *rq, const struct record_database *d, struct role *out)
{
    const struct role *administrator = builtin_role(&builtin_database_administrator);
    struct resource *lines = arena_take_array(&rq->call.arena, OWN_RESOURCES, sizeof *lines);
    const bytes name = free_name(rq, d);
    if (!lines || name.n == 0) return FAIL(NO_MEMORY);
    lines[0] = resource_database(&d->organization, &d->id);
    lines[1] = any_keyspace(d);
    lines[2] = any_table(d, (bytes){0});
    lines[3] = any_table(d, BYTES("system"));
    lines[4] = any_table(d, BYTES("system_schema"));
    lines[5] = any_table(d, BYTES("system_virtual_schema"));
    *out = (struct role){.id = api_call_new_uuid(),
                         .scope = d->organization,
                         .name = name,
                         .policy = {.effect = EFFECT_ALLOW,
                                    .description = name,
                                    .actions = administrator->policy.actions,
                                    .actions_n = administrator->policy.actions_n,
                                    .resources = lines,
                                    .resources_n = OWN_RESOURCES},
                         .database = d->id,
                         .updated_ns = clock_utc_ns(),
                         .updated_by = bytes_of_text(rq->call.who.name)};
    return role_check(out, &rq->call.note);
}

static err with_known_role(struct http_request *rq, struct tokens_wish *wish, const struct role *r)
{
    struct change changes[TOKENS_CHANGES];
    const struct permit *permit = NULL;
    wish->roles[wish->roles_n++] = r->id;
    TRY(gate_permit_roles(rq->gate, &rq->call, &wish->by, 1, &wish->scope.id, false, wish->roles, 1,
                          false, &permit));
    return tokens_create(rq, wish, permit, changes, 0);
}

/* Role and token in one commit, both under the permission to write tokens. */
static err with_new_role(struct http_request *rq, struct tokens_wish *wish,
                         const struct record_database *d)
{
    struct change changes[1 + TOKENS_CHANGES] = {
        {.verb = CHANGE_PUT, .expect = CHANGE_ABSENT, .by = wish->by}};
    const struct permit *permit = NULL;
    struct role *r = &changes[0].record.of.role;
    changes[0].record.kind = RECORD_ROLE;
    TRY(make_role(rq, d, r));
    TRY(gate_permit_role_change(rq->gate, &rq->call, &wish->by, 1, NULL, r, &permit));
    wish->roles[wish->roles_n++] = r->id;
    return tokens_create(rq, wish, permit, changes, 1);
}

err databases_token(struct http_request *rq)
{
    struct tokens_wish wish = {0};
    const struct json_in *body = NULL;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &wish.scope));
    wish.by = (struct ask){ACTION_ORG_TOKEN_WRITE, resource_organization(&wish.scope.id)};
    TRY(gate_permit(rq->gate, &rq->call, &wish.by, 1, &permit));
    const struct record_database *d = databases_find(rq, &wish.scope);
    if (!d) return FAIL(NOT_FOUND);
    TRY(body_object_or_nothing(rq, &body));
    TRY(tokens_read_common(rq, body, &wish));
    const struct role *r = snapshot_role_for_database(api_snapshot(rq), &wish.scope.id, &d->id);
    return r ? with_known_role(rq, &wish, r) : with_new_role(rq, &wish, d);
}
