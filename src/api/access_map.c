/* Who reaches what: groups of tokens and people with the same roles, and for each of them the resources
 * of the databases that the caller may see. On a work thread, for every token is looked at. */
#include "api/access_groups.h"
#include "api/policy_rows.h"
#include "api/policy_summary.h"
#include "api/routes.h"
#include "http/http_work.h"

#include <urcu/urcu-memb.h>

enum {
    REACH_MAX = 5000,
    MAP_ARENA_MAX = 128 << 20,
    CELLS_MAX = 1000000 /* that one question has decided: a second or so */
};

struct question {
    struct policy_wish wish;
    bool by_action;
    enum action action;
    bool by_resource;
    struct resource resource;
    bool emails;
    struct arena arena; /* of the groups and of what is drawn */
    struct access_groups groups;
    struct token_walk walk;
};

/* What a group may do with a row, and with what is in it. */
struct cell {
    action_set allowed;
    bool reads;
    bool writes;
    bool changes;
};

struct mapping {
    struct http_request *rq;
    struct question *q;
    struct policy_rows rows;
    struct cell *cells; /* one a row */
    struct wr groups_text;
    struct wr reach_text;
    struct json_out groups_json;
    struct json_out reach_json;
    size_t shown;
    size_t reach;
    size_t decided; /* cells */
    bool truncated;
};

/* --- one group --- */

/* Rows of databases alone; of one resource, if one is asked about. */
static bool is_asked_about(const struct question *q, const struct resource *on)
{
    const bool inside =
        on->level == LEVEL_DATABASE || on->level == LEVEL_KEYSPACE || on->level == LEVEL_TABLE;
    if (!inside || on->id_any) return false;
    return !q->by_resource || resource_covers(&q->resource, on);
}

static action_set wanted(const struct question *q, const struct cell *c)
{
    return q->by_action ? c->allowed & action_bit(q->action) : c->allowed;
}

static void roll_up(struct cell *to, const struct cell *from)
{
    to->reads = to->reads || from->reads;
    to->writes = to->writes || from->writes;
    to->changes = to->changes || from->changes;
}

static action_set allowed_on(struct mapping *m, const struct access_group *g,
                             const struct resource *on)
{
    m->decided++;
    return gate_set_allowed(m->rq->gate, g->set, on) & policy_rows_asked(on);
}

/* A row counts for the keyspace and the database in front of it. */
static void evaluate(struct mapping *m, const struct access_group *g)
{
    struct cell outside = {.allowed = 0};
    struct cell *database = &outside;
    struct cell *keyspace = &outside;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct resource *on = &m->rows.list[i].on;
        struct cell *c = &m->cells[i];
        *c = (struct cell){.allowed = 0};
        if (on->level == LEVEL_DATABASE) database = c;
        if (on->level == LEVEL_KEYSPACE) keyspace = c;
        if (!is_asked_about(m->q, on)) continue;
        c->allowed = allowed_on(m, g, on);
        c->reads = policy_summary_reads(c->allowed);
        c->writes = policy_summary_writes(c->allowed);
        c->changes = policy_summary_changes(c->allowed);
        if (on->level == LEVEL_TABLE) roll_up(keyspace, c);
        if (on->level != LEVEL_DATABASE) roll_up(database, c);
    }
}

/* Up to the first row that the question is about. */
static bool reaches_something(struct mapping *m, const struct access_group *g)
{
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct resource *on = &m->rows.list[i].on;
        if (!is_asked_about(m->q, on)) continue;
        if (m->q->by_action && on->level != action_level(m->q->action)) continue;
        const struct cell c = {.allowed = allowed_on(m, g, on)};
        if (wanted(m->q, &c)) return true;
    }
    return false;
}

/* By name alone, as everywhere: whether the resource is there or not. */
static bool may_do_it(struct mapping *m, const struct access_group *g)
{
    const struct question *q = m->q;
    const struct cell c = {.allowed = allowed_on(m, g, &q->resource)};
    return wanted(q, &c);
}

static bool is_shown(struct mapping *m, const struct access_group *g)
{
    if (m->q->by_resource && !may_do_it(m, g)) return false;
    if (m->q->wish.by_database) return reaches_something(m, g);
    return m->q->by_resource || !m->q->by_action || reaches_something(m, g);
}

/* --- on the wire --- */

static void write_bool(struct json_out *j, const char *key, bool v)
{
    json_out_key(j, key);
    json_out_bool(j, v);
}

static void write_reach(struct mapping *m)
{
    struct json_out *j = &m->reach_json;
    for (size_t i = 0; i < m->rows.n; i++) {
        const struct cell *c = &m->cells[i];
        const bool within = (c->reads || c->writes || c->changes) && !m->q->by_action;
        if (!wanted(m->q, c) && !within) continue;
        if (m->reach == REACH_MAX) {
            m->truncated = true;
            return;
        }
        m->reach++;
        json_out_object(j);
        json_out_key(j, "group");
        json_out_int(j, (int64_t)m->shown);
        policy_rows_write(j, &m->rows.list[i]);
        write_bool(j, "reads", c->reads);
        write_bool(j, "writes", c->writes);
        write_bool(j, "changesSchema", c->changes);
        policy_rows_write_actions(j, "actions", c->allowed);
        json_out_end(j);
    }
}

static void write_roles(struct mapping *m, const struct access_group *g)
{
    struct json_out *j = &m->groups_json;
    const struct api_scope *s = &m->q->wish.scope;
    const struct role_set *set = index_role_set(api_of(m->rq)->index, g->set);
    json_out_key(j, "roles");
    json_out_array(j);
    for (size_t i = 0; set && i < set->roles_n; i++) {
        const struct role *r =
            snapshot_role_of(api_snapshot(m->rq), &s->id, s->enterprise, &set->roles[i]);
        json_out_object(j);
        json_out_pair_uuid(j, "id", &set->roles[i]);
        json_out_pair(j, "name", r ? r->name : (bytes){0});
        json_out_end(j);
    }
    json_out_end(j);
}

static void write_holders(struct json_out *j, const char *key, const char *id, const char *text,
                          const struct access_holder *list, size_t n)
{
    json_out_key(j, key);
    json_out_array(j);
    for (size_t i = 0; list && i < n && i < ACCESS_SHOWN_MAX; i++) {
        json_out_object(j);
        json_out_pair(j, id, list[i].id);
        json_out_pair(j, text, list[i].text);
        json_out_end(j);
    }
    json_out_end(j);
}

static void write_group(struct mapping *m, const struct access_group *g)
{
    struct json_out *j = &m->groups_json;
    json_out_object(j);
    write_roles(m, g);
    json_out_key(j, "tokens");
    json_out_int(j, (int64_t)g->tokens);
    write_holders(j, "clients", "clientId", "description", g->clients, g->tokens);
    json_out_key(j, "members");
    json_out_int(j, (int64_t)g->members);
    write_holders(j, "people", "id", "email", g->people, g->members);
    json_out_end(j);
}

static err write_answer(struct mapping *m)
{
    struct json_out j = json_out_to(http_json(m->rq, 200));
    if (m->groups_text.bad || m->reach_text.bad) return FAIL(NO_MEMORY);
    json_out_object(&j);
    json_out_key(&j, "groups");
    json_out_raw(&j, wr_view(&m->groups_text));
    json_out_key(&j, "reach");
    json_out_raw(&j, wr_view(&m->reach_text));
    write_bool(&j, "truncated", m->truncated || m->rows.truncated || m->q->groups.truncated);
    json_out_end(&j);
    return DONE;
}

/* --- on a work thread --- */

static err prepare(struct mapping *m)
{
    TRY(policy_rows_read(m->rq, &m->q->wish, &m->rows));
    TRY(access_groups_add_members(m->rq, &m->q->wish.scope.id, m->q->emails, &m->q->groups));
    m->cells = arena_take_array(&m->q->arena, m->rows.n, sizeof *m->cells);
    if (!m->cells) return FAIL(NO_MEMORY);
    access_groups_order(&m->q->groups);
    return DONE;
}

static void draw_group(struct mapping *m, const struct access_group *g)
{
    if (!is_shown(m, g)) return;
    write_group(m, g);
    if (!m->truncated) {
        evaluate(m, g);
        write_reach(m);
    }
    m->shown++;
}

/* Rows and groups are copies: a read section for each group keeps nobody waiting. */
static err draw(struct mapping *m)
{
    json_out_array(&m->groups_json);
    json_out_array(&m->reach_json);
    size_t i = 0;
    for (; i < m->q->groups.n && m->decided < CELLS_MAX; i++) {
        urcu_memb_read_lock();
        draw_group(m, &m->q->groups.list[i]);
        urcu_memb_read_unlock();
    }
    m->truncated = m->truncated || i < m->q->groups.n;
    json_out_end(&m->groups_json);
    json_out_end(&m->reach_json);
    return write_answer(m);
}

static err gather(struct mapping *m)
{
    if (m->q->groups.arena->bad) return FAIL(NO_MEMORY);
    urcu_memb_read_lock();
    const err e = prepare(m);
    urcu_memb_read_unlock();
    return err_is_ok(e) ? draw(m) : e;
}

static err map_there(struct http_request *rq)
{
    struct mapping m = {.rq = rq,
                        .q = rq->work,
                        .groups_text = wr_growing(HTTP_ANSWER_MAX),
                        .reach_text = wr_growing(HTTP_ANSWER_MAX)};
    m.groups_json = json_out_to(&m.groups_text);
    m.reach_json = json_out_to(&m.reach_text);
    const err e = gather(&m);
    wr_drop(&m.groups_text);
    wr_drop(&m.reach_text);
    return e;
}

static err walk_some(struct http_request *rq)
{
    struct question *q = rq->work;
    return token_walk_turn(&q->walk, api_of(rq));
}

/* On the loop: first the tokens, then the rest. */
static err walk_on(struct http_request *rq)
{
    const struct question *q = rq->work;
    struct work *work = api_of(rq)->work;
    return q->walk.done ? http_work(rq, work, map_there)
                        : http_work_then(rq, work, walk_some, walk_on);
}

static void drop_question(struct http_request *rq)
{
    struct question *q = rq->work;
    arena_drop(&q->arena);
}

/* --- the question --- */

static err wrong(struct http_request *rq, const struct field *f, const char *wanted)
{
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s must be %s", f->name, wanted);
}

/* False: it was not asked. What is asked with nothing in it is refused below, for it was meant otherwise. */
static bool read_argument(const struct http_request *rq, const struct field *f, bytes *out)
{
    const struct target_argument *a = target_argument(&rq->target, f->name);
    *out = a ? a->value : (bytes){0};
    return a != NULL;
}

static err read_question(struct http_request *rq, struct question *q)
{
    const struct field *database = F(ACCESS_MAP_QUERY_DATABASE);
    const struct field *action = F(ACCESS_MAP_QUERY_ACTION);
    const struct field *resource = F(ACCESS_MAP_QUERY_RESOURCE);
    bytes text;
    q->wish.by_database = read_argument(rq, database, &text);
    if (q->wish.by_database && !uuid_read(text, &q->wish.database)) {
        return wrong(rq, database, "a database's id");
    }
    q->by_action = read_argument(rq, action, &text);
    if (q->by_action && !action_find(text, &q->action)) {
        return wrong(rq, action, "the name of an action");
    }
    q->by_resource = read_argument(rq, resource, &text);
    if (q->by_resource && !err_is_ok(resource_read(text, &q->resource))) {
        return wrong(rq, resource, "a resource name");
    }
    q->resource = role_resource(&q->resource, &q->wish.scope.id);
    return policy_rows_check(rq, &q->wish);
}

err access_map_get(struct http_request *rq)
{
    const struct permit *permit = NULL;
    struct question *q = arena_take(&rq->call.arena, sizeof *q);
    if (!q) return FAIL(NO_MEMORY);
    const struct api_scope *s = &q->wish.scope;
    TRY(api_call_scope(rq, &q->wish.scope));
    const struct ask asks[] = {
        api_call_ask(s, ACTION_ORG_TOKEN_READ, ACTION_ENTERPRISE_TOKEN_READ),
        api_call_ask(s, ACTION_ORG_ROLE_READ, ACTION_ENTERPRISE_ROLE_READ)};
    const struct ask people = api_call_ask(s, ACTION_ORG_USER_READ, ACTION_ENTERPRISE_USER_READ);
    TRY(gate_permit(rq->gate, &rq->call, asks, 2, &permit));
    TRY(read_question(rq, q));
    q->emails = gate_may(rq->gate, &rq->call, &people);
    rq->work = q;
    rq->drop = drop_question;
    arena_init(&q->arena, MAP_ARENA_MAX);
    TRY(access_groups_init(&q->groups, rq, &q->arena));
    q->walk = token_walk_of(api_of(rq), &s->id, s->enterprise, &access_groups_eyes, &q->groups);
    return walk_on(rq);
}
