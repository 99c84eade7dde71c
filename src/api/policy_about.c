/* Copies what it finds, for the question may be answered on another thread. */
#include "api/policy_about.h"

#include "api/roles.h"
#include "http/body.h"

enum { ABOUT_ROLES_MAX = 2 * ROLE_TOKEN_ROLES_MAX + 1 };

struct gathering {
    struct http_request *rq;
    const struct api_scope *scope;
    struct uuid *roles; /* ABOUT_ROLES_MAX of room */
    size_t roles_n;
    struct role *drafts;
    size_t drafts_n;
};

static err add_set(struct gathering *g, uint32_t number)
{
    const struct role_set *set = index_role_set(api_of(g->rq)->index, number);
    if (!set) return FAIL(NOT_FOUND);
    for (size_t i = 0; i < set->roles_n && g->roles_n < ABOUT_ROLES_MAX; i++) {
        g->roles[g->roles_n++] = set->roles[i];
    }
    return DONE;
}

static err add_token(struct gathering *g, bytes client_id, const struct field *f)
{
    struct index_token t;
    const bool found = index_find_token(api_of(g->rq)->index, client_id, &t);
    if (found && uuid_eq(&t.scope, &g->scope->id)) return add_set(g, t.role_set);
    return note_fail(&g->rq->call.note, FAIL(NOT_FOUND), "%s: there is no such token", f->name);
}

static err add_oneself(struct gathering *g)
{
    if (g->rq->call.who.kind != PRINCIPAL_OPERATOR) return add_set(g, g->rq->call.who.role_set);
    return note_fail(&g->rq->call.note, FAIL(BAD_INPUT),
                     "say whose permissions: the local operator may do everything");
}

static err read_token(struct http_request *rq, const struct json_in *body,
                      const struct policy_about_fields *f, bytes *out, const struct field **by)
{
    bytes text = {0};
    for (size_t i = 0; i < 2 && text.n == 0; i++) {
        if (!f->tokens[i]) continue;
        TRY(body_text(rq, body, f->tokens[i], &text));
        *by = f->tokens[i];
    }
    *out = text;
    return DONE;
}

static err read_drafts(struct gathering *g, const struct json_in *body, const struct field *f)
{
    const struct json_in *list = NULL;
    if (!f) return DONE;
    TRY(body_array(g->rq, body, f, &list));
    const size_t n = json_in_n(list);
    g->drafts = arena_take_array(&g->rq->call.arena, n + 1, sizeof *g->drafts);
    if (!g->drafts) return FAIL(NO_MEMORY);
    for (size_t i = 0; i < n; i++) {
        const struct json_in *item = json_in_at(list, i);
        struct role *r = &g->drafts[i];
        if (!json_in_is(item, JSON_IN_OBJECT)) {
            return note_fail(&g->rq->call.note, FAIL(BAD_INPUT),
                             "field \"%s\" must be an array of objects", f->name);
        }
        *r = (struct role){.scope = g->scope->id, .enterprise = g->scope->enterprise};
        r->name = bytes_of_text(arena_format(&g->rq->call.arena, "draft %zu", i + 1));
        TRY(roles_read_policy(g->rq, item, &r->policy));
        g->drafts_n++;
    }
    return DONE;
}

static err read_roles(struct gathering *g, const struct json_in *body, const struct policy_about_fields *f)
{
    bool given = false;
    if (f->roles) {
        size_t n = 0;
        TRY(body_uuids(g->rq, body, f->roles, g->roles, &n));
        g->roles_n += n;
    }
    if (f->role) TRY(body_uuid(g->rq, body, f->role, &g->roles[g->roles_n], &given));
    g->roles_n += given;
    return DONE;
}

err policy_about_read(struct http_request *rq, const struct api_scope *scope, const struct json_in *body,
                      const struct policy_about_fields *fields, struct policy_about *out)
{
    struct gathering g = {.rq = rq, .scope = scope};
    const struct field *by = NULL;
    bytes client_id = {0};
    g.roles = arena_take_array(&rq->call.arena, ABOUT_ROLES_MAX, sizeof *g.roles);
    if (!g.roles) return FAIL(NO_MEMORY);
    TRY(read_token(rq, body, fields, &client_id, &by));
    TRY(read_roles(&g, body, fields));
    TRY(read_drafts(&g, body, fields->policies));
    const bool own = client_id.n && rq->call.who.kind == PRINCIPAL_TOKEN &&
                     bytes_eq_text(client_id, rq->call.who.name);
    const bool others = g.roles_n || g.drafts_n;
    struct policy_about a = {.oneself = !others && (own || client_id.n == 0),
                             .logs_in = client_id.n || !others};
    if (!a.oneself) TRY(roles_permit_reading(rq, scope));
    if (client_id.n) TRY(add_token(&g, client_id, by));
    if (!client_id.n && !others) TRY(add_oneself(&g));
    a.who = (struct gate_about){.scope = scope->id,
                                .enterprise = scope->enterprise,
                                .roles = g.roles,
                                .roles_n = g.roles_n,
                                .drafts = g.drafts,
                                .drafts_n = g.drafts_n};
    *out = a;
    return DONE;
}
