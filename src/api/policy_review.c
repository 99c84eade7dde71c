/* What a change of a role would do, before it is made: what its holders gain and lose, who they are, and
 * what would be refused. On a work thread, for every token is looked at. */
#include "api/policy_rows.h"
#include "api/roles.h"
#include "api/routes.h"
#include "api/token_walk.h"
#include "http/body.h"
#include "http/http_work.h"
#include "usage/usage_read.h"

#include <urcu/urcu-memb.h>

enum { SHOWN_MAX = 20, PATTERNS_MAX = 500 };

struct holder {
    char client_id[TOKEN_CLIENT_ID];
    bytes description;
};

struct review {
    struct policy_wish wish;
    const struct role *before; /* NULL: it is made */
    const struct role *after;  /* NULL: it is deleted */
    bool names; /* the caller may read tokens */
    struct holder shown[SHOWN_MAX];
    size_t tokens;
    size_t sessions; /* that are open with them */
    size_t members;
    bytes refused;
    bool truncated;
    struct http_request *rq;
    struct token_walk walk;
};

/* --- who holds it --- */

static bool has(const struct uuid *roles, size_t n, const struct uuid *id)
{
    for (size_t i = 0; i < n; i++) {
        if (uuid_eq(&roles[i], id)) return true;
    }
    return false;
}

static bool lives(const struct http_request *rq, bytes client_id, uint32_t *sessions)
{
    struct index_token t;
    urcu_memb_read_lock();
    const bool found = index_find_token(api_of(rq)->index, client_id, &t) &&
                       index_token_is_active(&t) && t.valid_until_ms > rq->call.now_ms;
    *sessions = usage_read_sessions(api_of(rq)->usage, client_id);
    urcu_memb_read_unlock();
    return found;
}

static void count_holder(struct review *v, const struct record_token *t)
{
    uint32_t sessions;
    if (!lives(v->rq, bytes_of(t->client_id, TOKEN_CLIENT_ID), &sessions)) return;
    if (v->names && v->tokens < SHOWN_MAX) {
        struct holder *h = &v->shown[v->tokens];
        memcpy(h->client_id, t->client_id, sizeof h->client_id);
        h->description = arena_copy(&v->rq->call.arena, t->description);
    }
    v->tokens++;
    v->sessions += sessions;
}

/* Each of its lists of roles is looked at once. */
static bool visit_chunk(void *owner, const struct token_chunk *c, size_t from)
{
    struct review *v = owner;
    bool holds[TOKEN_CHUNK_MAX];
    bool any = false;
    for (size_t i = 0; i < c->role_lists_n; i++) {
        size_t n;
        const struct uuid *roles = token_chunk_roles(c, i, &n);
        holds[i] = has(roles, n, &v->before->id);
        any = any || holds[i];
    }
    for (size_t row = from; any && row < c->n; row++) {
        struct record_token t;
        if (!holds[c->role_list[row]]) continue;
        token_chunk_row(c, row, &t);
        count_holder(v, &t);
    }
    return true;
}

static bool visit_token(void *owner, const struct record_token *t)
{
    struct review *v = owner;
    if (has(t->roles, t->roles_n, &v->before->id)) count_holder(v, t);
    return true;
}

static const struct token_walk_eyes eyes = {visit_chunk, visit_token};

static void count_members(struct http_request *rq)
{
    struct review *v = rq->work;
    const struct snapshot_list all = snapshot_members(api_snapshot(rq), &v->wish.scope.id);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *m = &all.records[i]->of.membership;
        v->members += !m->invited && has(m->roles, m->roles_n, &v->before->id);
    }
}

/* --- what would be refused --- */

static err foresee(struct http_request *rq, const struct review *v)
{
    const struct api_scope *s = &v->wish.scope;
    const struct ask put = api_call_ask(s, ACTION_ORG_ROLE_WRITE, ACTION_ENTERPRISE_ROLE_WRITE);
    const struct ask drop = api_call_ask(s, ACTION_ORG_ROLE_DELETE, ACTION_ENTERPRISE_ROLE_WRITE);
    const err e = gate_foresee_role_change(rq->gate, &rq->call, v->after ? &put : &drop, v->before,
                                           v->after);
    if (!err_is_ok(e)) return e;
    return v->after ? role_check(v->after, &rq->call.note) : roles_check_unused(rq, v->before);
}

static void find_refusal(struct http_request *rq)
{
    struct review *v = rq->work;
    const err e = foresee(rq, v);
    if (!err_is_ok(e)) {
        const char *note = rq->call.note.text;
        v->refused = arena_copy(&rq->call.arena, bytes_of_text(note[0] ? note : err_text(e)));
    }
    rq->call.note = (struct note){{0}};
}

/* --- what is gained and lost --- */

struct comparing {
    struct review *review;
    struct json_out *j;
    const struct policy_rows *rows;
    struct gate_roles *before;
    struct gate_roles *after;
    size_t patterns;
};

static void write_row(struct json_out *j, const struct policy_row *row, action_set actions)
{
    json_out_object(j);
    policy_rows_write(j, row);
    policy_rows_write_actions(j, "actions", actions);
    json_out_end(j);
}

static action_set side_of(struct gate_difference d, bool gained)
{
    return gained ? d.gained : d.lost;
}

static void write_real(struct comparing *c, bool gained)
{
    for (size_t i = 0; i < c->rows->n; i++) {
        const struct policy_row *row = &c->rows->list[i];
        const action_set set = side_of(gate_roles_compare(c->before, c->after, &row->on), gained) &
                               policy_rows_asked(&row->on);
        if (set) write_row(c->j, row, set);
    }
}

/* Something real that the caller sees is of the line: then that was said. */
static bool is_met(const struct comparing *c, const struct resource *line)
{
    if (line->level == LEVEL_DATABASE && line->id_any) return true;
    for (size_t i = 0; i < c->rows->n; i++) {
        const struct resource *on = &c->rows->list[i].on;
        if (!on->id_any && resource_meets(line, on)) return true;
    }
    return false;
}

static bool is_same(const struct resource *a, const struct resource *b)
{
    return resource_covers(a, b) && resource_covers(b, a);
}

static bool stands_in(const struct role *r, size_t n, const struct resource *line,
                      const struct uuid *scope)
{
    for (size_t i = 0; r && i < n; i++) {
        const struct resource other = role_resource(&r->policy.resources[i], scope);
        if (is_same(&other, line)) return true;
    }
    return false;
}

static size_t lines_of(const struct role *r)
{
    return r ? r->policy.resources_n : 0;
}

/* A delegation line has no actions: it comes, or goes. */
static bool is_delegation_gained(const struct comparing *c, const struct role *of, bool gained)
{
    const bool comes = of == c->review->after;
    return (of->policy.effect == EFFECT_ALLOW) == comes ? gained : !gained;
}

static bool is_kept(const struct comparing *c, const struct role *of, const struct resource *line)
{
    const struct review *v = c->review;
    const struct role *other = of == v->after ? v->before : v->after;
    return other && other->policy.effect == of->policy.effect &&
           stands_in(other, lines_of(other), line, &v->wish.scope.id);
}

static void write_line(struct comparing *c, const struct role *of, size_t at, bool gained)
{
    const struct review *v = c->review;
    const struct uuid *scope = &v->wish.scope.id;
    const struct policy_row row = {.on = role_resource(&of->policy.resources[at], scope)};
    const bool delegation = row.on.level == LEVEL_ROLE;
    action_set set = 0;
    if (!uuid_eq(&row.on.scope, scope)) return;
    if (delegation) {
        if (is_kept(c, of, &row.on) || !is_delegation_gained(c, of, gained)) return;
    } else {
        set = side_of(gate_roles_compare(c->before, c->after, &row.on), gained);
        if (!set || stands_in(of, at, &row.on, scope) || is_met(c, &row.on)) return;
        if (of == v->before && stands_in(v->after, lines_of(v->after), &row.on, scope)) return;
    }
    if (delegation && stands_in(of, at, &row.on, scope)) return;
    if (c->patterns++ < PATTERNS_MAX) write_row(c->j, &row, set);
}

/* Each line is held against every row: what would not be shown any more is not looked for. */
static void write_patterns(struct comparing *c, bool gained)
{
    const struct role *const both[] = {c->review->after, c->review->before};
    c->patterns = 0;
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < lines_of(both[k]) && c->patterns <= PATTERNS_MAX; i++) {
            write_line(c, both[k], i, gained);
        }
    }
    if (c->patterns > PATTERNS_MAX) c->review->truncated = true;
}

static void write_side(struct comparing *c, const char *key, bool gained)
{
    json_out_key(c->j, key);
    json_out_array(c->j);
    write_real(c, gained);
    write_patterns(c, gained);
    json_out_end(c->j);
}

/* --- the answer --- */

static void write_holders(struct json_out *j, const struct review *v)
{
    json_out_key(j, "tokens");
    json_out_int(j, (int64_t)v->tokens);
    json_out_key(j, "clientIds");
    json_out_array(j);
    for (size_t i = 0; v->names && i < v->tokens && i < SHOWN_MAX; i++) {
        json_out_object(j);
        json_out_pair(j, "clientId", bytes_of(v->shown[i].client_id, TOKEN_CLIENT_ID));
        json_out_pair(j, "description", v->shown[i].description);
        json_out_end(j);
    }
    json_out_end(j);
    json_out_key(j, "members");
    json_out_int(j, (int64_t)v->members);
    json_out_key(j, "openSessions");
    json_out_int(j, (int64_t)v->sessions);
}

static err compile(struct http_request *rq, const struct role *r, struct gate_roles **out)
{
    const struct review *v = rq->work;
    const struct gate_about who = {.scope = v->wish.scope.id,
                                   .enterprise = v->wish.scope.enterprise,
                                   .drafts = r,
                                   .drafts_n = r != NULL};
    return gate_roles_new(rq->gate, &who, out);
}

static void write_answer(struct http_request *rq, struct comparing *c)
{
    struct review *v = rq->work;
    struct json_out j = json_out_to(http_json(rq, 200));
    c->j = &j;
    json_out_object(&j);
    write_side(c, "gained", true);
    write_side(c, "lost", false);
    write_holders(&j, v);
    json_out_key(&j, "refused");
    if (v->refused.n)
        json_out_text(&j, v->refused);
    else
        json_out_null(&j);
    json_out_key(&j, "truncated");
    json_out_bool(&j, v->truncated || c->rows->truncated);
    json_out_end(&j);
}

static err review(struct http_request *rq)
{
    struct review *v = rq->work;
    struct policy_rows rows;
    struct comparing c = {.review = v, .rows = &rows};
    TRY(policy_rows_read(rq, &v->wish, &rows));
    if (v->before) count_members(rq);
    find_refusal(rq);
    err e = compile(rq, v->before, &c.before);
    if (err_is_ok(e)) e = compile(rq, v->after, &c.after);
    if (err_is_ok(e)) write_answer(rq, &c);
    gate_roles_free(c.before);
    gate_roles_free(c.after);
    return e;
}

/* On a work thread. */
static err review_there(struct http_request *rq)
{
    urcu_memb_read_lock();
    const err e = review(rq);
    urcu_memb_read_unlock();
    return rq->call.arena.bad ? FAIL(NO_MEMORY) : e;
}

/* On a work thread. */
static err walk_some(struct http_request *rq)
{
    struct review *v = rq->work;
    return token_walk_turn(&v->walk, api_of(rq));
}

/* First who holds it; a role that is made nobody does. */
static err walk_on(struct http_request *rq)
{
    const struct review *v = rq->work;
    struct work *work = api_of(rq)->work;
    if (!v->before || v->walk.done) return http_work(rq, work, review_there);
    return http_work_then(rq, work, walk_some, walk_on);
}

/* --- the question --- */

static err read_before(struct http_request *rq, const struct json_in *body, struct review *v)
{
    struct uuid id;
    bool given = false;
    const struct api_scope *s = &v->wish.scope;
    TRY(body_uuid(rq, body, F(POLICY_REVIEW_ASK_ROLE), &id, &given));
    if (!given) return DONE;
    const struct role *r = snapshot_role_of(api_snapshot(rq), &s->id, s->enterprise, &id);
    if (!r) return note_fail(&rq->call.note, FAIL(NOT_FOUND), "roleId: there is no such role");
    struct role *copy = arena_take(&rq->call.arena, sizeof *copy);
    if (!copy || !role_copy(&rq->call.arena, r, copy)) return FAIL(NO_MEMORY);
    v->before = copy;
    return DONE;
}

static err read_after(struct http_request *rq, const struct json_in *body, struct review *v)
{
    const struct json_in *policy = NULL;
    TRY(body_inner_object(rq, body, F(POLICY_REVIEW_ASK_POLICY), &policy));
    if (!policy) return DONE;
    struct role *r = arena_take(&rq->call.arena, sizeof *r);
    if (!r) return FAIL(NO_MEMORY);
    *r = v->before ? *v->before
                   : (struct role){.scope = v->wish.scope.id,
                                   .enterprise = v->wish.scope.enterprise,
                                   .name = BYTES("draft")};
    TRY(roles_read_policy(rq, policy, &r->policy));
    v->after = r;
    return DONE;
}

err policies_review(struct http_request *rq)
{
    const struct json_in *body = NULL;
    struct review *v = arena_take(&rq->call.arena, sizeof *v);
    if (!v) return FAIL(NO_MEMORY);
    TRY(api_call_scope(rq, &v->wish.scope));
    TRY(roles_permit_reading(rq, &v->wish.scope));
    TRY(body_object(rq, &body));
    TRY(read_before(rq, body, v));
    TRY(read_after(rq, body, v));
    if (!v->before && !v->after) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "roleId, policy or both are needed: a role to be made, changed or deleted");
    }
    const struct ask names =
        api_call_ask(&v->wish.scope, ACTION_ORG_TOKEN_READ, ACTION_ENTERPRISE_TOKEN_READ);
    v->names = gate_may(rq->gate, &rq->call, &names);
    v->rq = rq;
    v->walk = token_walk_of(api_of(rq), &v->wish.scope.id, v->wish.scope.enterprise, &eyes, v);
    rq->work = v;
    return walk_on(rq);
}
