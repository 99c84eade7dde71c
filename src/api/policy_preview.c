/* What a token, some roles or drafts of roles may do, resource by resource: decided by the evaluator that
 * answers real requests. On a work thread, for a large schema makes thousands of rows. */
#include "api/policy_about.h"
#include "api/policy_effect.h"
#include "api/policy_rows.h"
#include "api/policy_summary.h"
#include "api/routes.h"
#include "http/body.h"
#include "http/http_work.h"

#include <urcu/urcu-memb.h>

enum { SUMMARY_MAX = 512, NO_EFFECT_MAX = 500 };

struct preview {
    struct policy_wish wish;
    struct policy_about about;
};

/* --- what has no effect --- */

struct telling {
    struct json_out *j;
    const struct role *role;
    size_t n;
    bool cut;
};

static bool tell_no_effect(void *owner, const struct policy_no_effect *n)
{
    struct telling *t = owner;
    uint8_t room[RESOURCE_TEXT_MAX + 64];
    struct wr w = wr_fixed(room, sizeof room);
    if (t->n == NO_EFFECT_MAX) {
        t->cut = true;
        return false;
    }
    t->n++;
    json_out_object(t->j);
    if (!uuid_is_zero(&t->role->id)) json_out_pair_uuid(t->j, "roleId", &t->role->id);
    json_out_pair(t->j, "roleName", t->role->name);
    if (n->action != ACTIONS) json_out_pair_text(t->j, "action", action_name(n->action));
    if (n->line) {
        resource_write(n->line, &w);
        json_out_pair(t->j, "resource", wr_view(&w));
    }
    struct wr text = wr_fixed(room, sizeof room);
    wr_format(&text, "%s%s%s", n->text, n->level == LEVELS ? "" : " ",
              n->level == LEVELS ? "" : level_name(n->level));
    json_out_pair(t->j, "text", wr_view(&text));
    json_out_end(t->j);
    return true;
}

static const struct role *find_role(const struct http_request *rq, const struct gate_about *who,
                                    size_t i)
{
    if (i >= who->roles_n) return &who->drafts[i - who->roles_n];
    return snapshot_role_of(api_snapshot(rq), &who->scope, who->enterprise, &who->roles[i]);
}

/* Built-in roles are as they are: nobody can mend them. Returns whether something was left out. */
static bool write_no_effect(struct http_request *rq, struct json_out *j,
                            const struct gate_about *who)
{
    struct telling t = {.j = j};
    json_out_key(j, "noEffect");
    json_out_array(j);
    for (size_t i = 0; i < who->roles_n + who->drafts_n; i++) {
        t.role = find_role(rq, who, i);
        if (t.role && !t.role->builtin) {
            policy_effect_each(t.role, &who->scope, tell_no_effect, &t);
        }
    }
    json_out_end(j);
    return t.cut;
}

static void write_dangling(struct http_request *rq, struct json_out *j,
                           const struct gate_about *who)
{
    json_out_key(j, "dangling");
    json_out_array(j);
    for (size_t i = 0; i < who->roles_n; i++) {
        if (!find_role(rq, who, i)) json_out_uuid(j, &who->roles[i]);
    }
    json_out_end(j);
}

/* --- rows --- */

static void write_rows(struct json_out *j, const struct policy_rows *rows,
                       const struct gate_roles *roles, struct policy_summary *sum)
{
    json_out_key(j, "rows");
    json_out_array(j);
    for (size_t i = 0; i < rows->n; i++) {
        const struct policy_row *row = &rows->list[i];
        const action_set asked = policy_rows_asked(&row->on);
        const action_set allowed = gate_roles_allowed(roles, &row->on) & asked;
        json_out_object(j);
        policy_rows_write(j, row);
        policy_rows_write_actions(j, "allowed", allowed);
        policy_rows_write_actions(j, "denied", gate_roles_denied(roles, &row->on) & asked);
        json_out_end(j);
        policy_summary_add(sum, &row->on, allowed);
    }
    json_out_end(j);
}

static void write_answer(struct http_request *rq, const struct gate_about *who,
                         const struct policy_rows *rows, const struct gate_roles *roles)
{
    struct policy_summary sum = {0};
    char room[SUMMARY_MAX];
    struct wr text = wr_fixed(room, sizeof room);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    write_rows(&j, rows, roles, &sum);
    const bool cut = write_no_effect(rq, &j, who) || rows->truncated;
    write_dangling(rq, &j, who);
    json_out_key(&j, "truncated");
    json_out_bool(&j, cut);
    policy_summary_write(&sum, rows->truncated, &text);
    json_out_pair(&j, "summary", wr_view(&text));
    json_out_end(&j);
}

static err preview(struct http_request *rq)
{
    const struct preview *p = rq->work;
    struct policy_rows rows;
    struct gate_roles *roles = NULL;
    TRY(policy_rows_read(rq, &p->wish, &rows));
    TRY(gate_roles_new(rq->gate, &p->about.who, &roles));
    write_answer(rq, &p->about.who, &rows, roles);
    gate_roles_free(roles);
    return DONE;
}

/* On a work thread. */
static err preview_there(struct http_request *rq)
{
    urcu_memb_read_lock();
    const err e = preview(rq);
    urcu_memb_read_unlock();
    return e;
}

/* About oneself there need not be one. */
static err read_body(struct http_request *rq, const struct json_in **out)
{
    return rq->body.n ? body_object(rq, out) : body_object_or_nothing(rq, out);
}

err policies_preview(struct http_request *rq)
{
    static const struct policy_about_fields fields = {
        .tokens = {F(POLICY_PREVIEW_ASK_CLIENT)},
        .roles = F(POLICY_PREVIEW_ASK_ROLES),
        .policies = F(POLICY_PREVIEW_ASK_POLICIES)};
    const struct json_in *body = NULL;
    struct preview *p = arena_take(&rq->call.arena, sizeof *p);
    if (!p) return FAIL(NO_MEMORY);
    TRY(api_call_scope(rq, &p->wish.scope));
    TRY(read_body(rq, &body));
    TRY(policy_about_read(rq, &p->wish.scope, body, &fields, &p->about));
    TRY(body_uuid(rq, body, F(POLICY_PREVIEW_ASK_DATABASE), &p->wish.database,
                  &p->wish.by_database));
    TRY(body_truth(rq, body, F(POLICY_PREVIEW_ASK_SYSTEM), &p->wish.system));
    TRY(policy_rows_check(rq, &p->wish));
    rq->work = p;
    return http_work(rq, api_of(rq)->work, preview_there);
}
