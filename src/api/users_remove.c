/* Removing a user. The tokens that they made stay: the answer names them. */
#include "api/routes.h"
#include "api/session_write.h"
#include "api/users_change.h"
#include "http/http_work.h"

/* The tokens that somebody made stay (decisions 3.3): the answer names them. */
struct leaving {
    struct uuid person;
    struct uuid scope;
    char id[UUID_TEXT + 1];
    size_t made;
    char named[API_TOKENS_NAMED_MAX][TOKEN_CLIENT_ID];
};

static bool see_token(void *owner, const struct record *r)
{
    struct leaving *l = owner;
    if (!bytes_eq_text(r->of.token.created_by, l->id)) return true;
    if (l->made < API_TOKENS_NAMED_MAX)
        memcpy(l->named[l->made], r->of.token.client_id, TOKEN_CLIENT_ID);
    l->made++;
    return true;
}

/* On a work thread. */
static err look_for_tokens(struct http_request *rq)
{
    struct leaving *l = rq->work;
    return store_scan(api_of(rq)->store, RECORD_TOKEN, &l->scope, (bytes){0}, SIZE_MAX, see_token, l,
                      NULL);
}

static void name_tokens(struct http_request *rq, const struct leaving *l)
{
    char ids[API_TOKENS_NAMED_MAX * (TOKEN_CLIENT_ID + 1) + 1];
    struct wr w = wr_fixed(ids, sizeof ids - 1);
    const char *count = arena_format(&rq->call.arena, "%zu", l->made);
    for (size_t i = 0; i < l->made && i < API_TOKENS_NAMED_MAX; i++)
        wr_format(&w, "%s%.*s", i ? "," : "", TOKEN_CLIENT_ID, l->named[i]);
    ids[w.n] = 0;
    if (count) http_add_header(rq, "X-Latchkey-Tokens-Made", count);
    if (w.n) http_add_header(rq, "X-Latchkey-Token-Ids", ids);
}

static bool is_elsewhere(const struct snapshot *s, const struct record_membership *m)
{
    const struct snapshot_list all = snapshot_all(s, RECORD_MEMBERSHIP);
    for (size_t i = 0; i < all.n; i++) {
        const struct record_membership *o = &all.records[i]->of.membership;
        if (uuid_eq(&o->person, &m->person) && !uuid_eq(&o->id, &m->id)) return true;
    }
    return false;
}

/* Who belongs nowhere any more has no account either. */
static void add_account(const struct snapshot *s, const struct record_membership *m,
                        struct session_ends *all)
{
    const struct record *person = snapshot_record(s, RECORD_PERSON, &m->person);
    if (!person) return;
    all->changes[all->n++] = (struct change){.verb = CHANGE_REMOVE,
                                             .expect = person->version,
                                             .by = gate_own(&m->person),
                                             .record = *person};
}

static err remove_changes(struct http_request *rq, const struct users_change *c,
                          const struct record *found, struct session_ends *all)
{
    const struct snapshot *s = api_snapshot(rq);
    const struct record_membership *m = &found->of.membership;
    const bool elsewhere = is_elsewhere(s, m);
    TRY(session_ends_of(rq, &m->person, NULL, elsewhere, 3, all));
    if (elsewhere) all->n = 0;
    all->changes[all->n++] = (struct change){.verb = CHANGE_REMOVE,
                                             .expect = found->version,
                                             .by = users_ask(c->scope),
                                             .record = *found};
    if (!elsewhere) add_account(s, m, all);
    return users_keep_administrator(rq, c, all->changes, &all->n);
}

static err remove_it(struct http_request *rq)
{
    const struct leaving *l = rq->work;
    struct api_scope scope;
    struct session_ends all;
    const struct permit *permit = NULL;
    const struct record *found = NULL;
    TRY(api_call_scope(rq, &scope));
    TRY(users_find(rq, &scope, &found));
    const struct users_change c = {.scope = &scope, .before = &found->of.membership};
    TRY(users_permit(rq, &c, &l->person, &permit));
    TRY(remove_changes(rq, &c, found, &all));
    http_empty(rq, 204);
    name_tokens(rq, l);
    return users_commit(rq, permit, all.changes, all.n, "user.remove", &found->of.membership);
}

err users_delete(struct http_request *rq)
{
    struct api_scope scope;
    size_t n = 0;
    struct change keep[1];
    const struct permit *permit = NULL;
    const struct record *found = NULL;
    struct leaving *l = arena_take(&rq->call.arena, sizeof *l);
    if (!l) return FAIL(NO_MEMORY);
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = users_ask(&scope);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    TRY(users_find(rq, &scope, &found));
    l->person = found->of.membership.person;
    l->scope = scope.id;
    uuid_text(&l->person, l->id);
    const struct users_change c = {.scope = &scope, .before = &found->of.membership};
    TRY(users_permit(rq, &c, &l->person, &permit));
    TRY(users_keep_administrator(rq, &c, keep, &n));
    rq->work = l;
    return http_work_then(rq, api_of(rq)->work, look_for_tokens, remove_it);
}
