/* Look for tokens that a maker made (on a work thread) → revoke them, which makes them makers that can
 * make no more → look again, until nothing is found. The caller's own token goes last, for with it ends
 * the permission to revoke. */
#include "api/token_tree.h"

#include "api/routes.h"
#include "api/token_walk.h"
#include "http/body.h"
#include "http/http_work.h"

#include <stdlib.h>

enum { NAME_MAX = 40, UNDER_WAY = 64 };

struct name {
    uint8_t n;
    char text[NAME_MAX];
};

struct felling;

struct felled {
    struct store_commit commit;
    struct felling *felling; /* NULL: free */
};

struct felling {
    struct http_request *rq;
    struct token_tree_wish wish;
    const struct permit *permit;
    struct name *names; /* makers, in order, then what this round has found */
    size_t names_n;
    size_t room;
    size_t known;  /* of them in order */
    size_t next;   /* to be revoked */
    size_t found;  /* besides a maker that was only named */
    struct token_walk walk;
    bool looking; /* a round of it */
    bool own_last;
    bool own_gone;
    size_t under_way;
    err result;
    struct felled felled[UNDER_WAY];
};

static struct name name_of(bytes text)
{
    struct name n = {.n = (uint8_t)(text.n < NAME_MAX ? text.n : NAME_MAX)};
    if (n.n) memcpy(n.text, text.p, n.n);
    return n;
}

static bytes view(const struct name *n)
{
    return bytes_of(n->text, n->n);
}

static int by_text(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct name));
}

static bool is_maker(const struct felling *f, bytes text)
{
    const struct name n = name_of(text);
    return text.n <= NAME_MAX &&
           bsearch(&n, f->names, f->known, sizeof n, by_text) != NULL;
}

static err add(struct felling *f, bytes text)
{
    if (f->names_n > TOKEN_TREE_MAX) {
        return note_fail(&f->rq->call.note, FAIL(CONFLICT),
                         "it made more than %d tokens: revoke some of its tokens' own first",
                         TOKEN_TREE_MAX);
    }
    if (f->names_n == f->room) {
        const size_t room = f->room ? 2 * f->room : 64;
        struct name *more = realloc(f->names, room * sizeof *more);
        if (!more) return FAIL(NO_MEMORY);
        f->names = more;
        f->room = room;
    }
    f->names[f->names_n++] = name_of(text);
    return DONE;
}

static bool is_own(const struct felling *f, bytes client_id)
{
    const struct principal *who = &f->rq->call.who;
    return who->kind == PRINCIPAL_TOKEN && bytes_eq_text(client_id, who->name);
}

/* --- the answer --- */

static void write_found(struct felling *f)
{
    struct json_out j = json_out_to(http_json(f->rq, 200));
    size_t shown = 0;
    json_out_object(&j);
    json_out_key(&j, "count");
    json_out_int(&j, (int64_t)f->found);
    json_out_key(&j, "clientIds");
    json_out_array(&j);
    for (size_t i = 0; i < f->names_n && shown < TOKEN_TREE_SHOWN; i++) {
        const bytes id = view(&f->names[i]);
        if (!f->wish.with_maker && bytes_eq(id, f->wish.maker)) continue;
        json_out_text(&j, id);
        shown++;
    }
    json_out_end(&j);
    json_out_end(&j);
}

static void finish(struct felling *f)
{
    struct http_request *rq = f->rq;
    const err e = f->result;
    if (err_is_ok(e) && f->wish.show) write_found(f);
    if (err_is_ok(e) && !f->wish.show) http_empty(rq, 204);
    free(f->names);
    f->names = NULL;
    http_answer(rq, e);
}

/* --- revoking --- */

static void go_on(struct felling *f);

static void on_felled(struct store_commit *c)
{
    struct felled *one = LOOP_OF(c, struct felled, commit);
    struct felling *f = one->felling;
    one->felling = NULL;
    f->under_way--;
    if (c->result.code != ERR_NOT_FOUND && !err_is_ok(c->result) && err_is_ok(f->result)) {
        f->result = c->result;
        f->rq->call.note = c->note;
    }
    go_on(f);
}

static void fell(struct felling *f, struct felled *one, const struct name *name)
{
    const struct token_tree_wish *w = &f->wish;
    struct change changes[2] = {
        {.verb = CHANGE_REMOVE,
         .expect = CHANGE_ANY_VERSION,
         .by = w->by,
         .record = {.kind = RECORD_TOKEN,
                    .of.token = {.scope = w->scope.id, .enterprise = w->scope.enterprise}}},
        {.verb = CHANGE_PUT,
         .expect = CHANGE_ANY_VERSION,
         .by = w->by,
         .record = {
             .kind = RECORD_TOMBSTONE,
             .of.tombstone = {.scope = w->scope.id, .deleted_ms = f->rq->call.now_ms}}}};
    memcpy(changes[0].record.of.token.client_id, name->text, TOKEN_CLIENT_ID);
    memcpy(changes[1].record.of.tombstone.client_id, name->text, TOKEN_CLIENT_ID);
    struct event_draft event = {.name = "token.delete",
                                .outcome = "done",
                                .who = f->rq->call.who,
                                .scope = w->scope.id,
                                .subject = view(name)};
    memcpy(event.call_id, f->rq->call.id, sizeof event.call_id);
    memcpy(event.peer, f->rq->call.peer, sizeof event.peer);
    one->felling = f;
    one->commit = (struct store_commit){.loop = f->rq->loop, .done = on_felled};
    f->under_way++;
    store_commit(api_of(f->rq)->store, f->permit, changes, 2, &event, &one->commit);
}

static struct felled *free_place(struct felling *f)
{
    for (size_t i = 0; i < UNDER_WAY; i++) {
        if (!f->felled[i].felling) return &f->felled[i];
    }
    return NULL;
}

static void fell_some(struct felling *f)
{
    struct felled *place = NULL;
    while (err_is_ok(f->result) && f->next < f->names_n && (place = free_place(f))) {
        const struct name *name = &f->names[f->next++];
        if (is_own(f, view(name))) {
            f->own_last = true;
        } else {
            fell(f, place, name);
        }
    }
}

static void fell_own(struct felling *f)
{
    const struct name own = name_of(bytes_of_text(f->rq->call.who.name));
    f->own_gone = true;
    fell(f, &f->felled[0], &own);
}

/* --- looking --- */

static bool take(struct felling *f, bytes client_id)
{
    if (is_maker(f, client_id)) return true;
    f->result = add(f, client_id);
    f->found += err_is_ok(f->result);
    return err_is_ok(f->result);
}

static bool look_at_token(void *owner, const struct record_token *t)
{
    struct felling *f = owner;
    return !is_maker(f, t->created_by) || take(f, bytes_of(t->client_id, TOKEN_CLIENT_ID));
}

/* Each of those who made them is looked for once. */
static bool look_at_chunk(void *owner, const struct token_chunk *c, size_t from)
{
    struct felling *f = owner;
    bool made[TOKEN_CHUNK_MAX];
    bool any = false;
    for (size_t i = 0; i < c->creators_n; i++) {
        made[i] = is_maker(f, token_chunk_creator(c, i));
        any = any || made[i];
    }
    for (size_t row = from; any && row < c->n; row++) {
        char id[TOKEN_CLIENT_ID];
        if (!made[c->creator[row]]) continue;
        token_chunk_id(c, row, id);
        if (!take(f, bytes_of(id, sizeof id))) return false;
    }
    return true;
}

static const struct token_walk_eyes eyes = {look_at_chunk, look_at_token};

static void begin_round(struct felling *f)
{
    qsort(f->names, f->names_n, sizeof *f->names, by_text);
    f->known = f->next = f->names_n;
    f->walk = (struct token_walk){
        .eyes = &eyes, .owner = f, .scope = f->wish.scope.id, .tokens = f->walk.tokens};
    f->looking = true;
}

static void look(struct http_request *rq)
{
    struct felling *f = rq->work;
    if (!f->looking) begin_round(f);
    const err e = token_walk_turn(&f->walk, api_of(rq));
    if (err_is_ok(f->result)) f->result = e;
    f->looking = err_is_ok(f->result) && !f->walk.done;
}

static void begin_look(struct felling *f);

static void looked(struct http_request *rq)
{
    struct felling *f = rq->work;
    const bool found = f->names_n > f->known;
    if (!err_is_ok(f->result)) {
        finish(f);
    } else if (f->looking) {
        begin_look(f);
    } else if (found) {
        go_on(f);
    } else if (f->own_last && !f->own_gone) {
        fell_own(f);
    } else {
        finish(f);
    }
}

static err begin_step(struct felling *f)
{
    return http_work_step(f->rq, api_of(f->rq)->work, look, looked);
}

/* Once it has begun, everything here is the work thread's. */
static void begin_look(struct felling *f)
{
    const err e = begin_step(f);
    if (err_is_ok(e)) return;
    f->result = e;
    finish(f);
}

/* After everything that was found is revoked: are there others by now? */
static void go_on(struct felling *f)
{
    if (!f->wish.preview) fell_some(f);
    if (f->under_way) return;
    if (err_is_ok(f->result) && !f->own_gone)
        begin_look(f);
    else
        finish(f);
}

err token_tree_begin(struct http_request *rq, const struct token_tree_wish *wish,
                     const struct permit *permit)
{
    if (!wish->preview) TRY(api_call_proven(rq));
    struct felling *f = arena_take(&rq->call.arena, sizeof *f);
    if (!f) return FAIL(NO_MEMORY);
    rq->work = f;
    f->rq = rq;
    f->wish = *wish;
    f->permit = permit;
    f->result = DONE;
    f->walk = token_walk_of(api_of(rq), &wish->scope.id, wish->scope.enterprise, &eyes, f);
    f->wish.maker = arena_copy(&rq->call.arena, wish->maker);
    TRY(add(f, wish->maker));
    f->found = wish->with_maker;
    f->own_last = wish->with_maker && is_own(f, wish->maker);
    const bool at_once = wish->with_maker && !f->own_last && !wish->preview;
    const err e = at_once ? DONE : begin_step(f);
    if (!err_is_ok(e)) {
        free(f->names);
        return e;
    }
    http_suspend(rq);
    if (at_once) fell_some(f);
    return e;
}

/* --- POST /v2/tokens/revoke --- */

err token_tree_revoke(struct http_request *rq)
{
    struct token_tree_wish wish = {.preview = true, .show = true};
    const struct json_in *body = NULL;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &wish.scope));
    wish.by = api_call_ask(&wish.scope, ACTION_ORG_TOKEN_WRITE, ACTION_ENTERPRISE_TOKEN_WRITE);
    const struct ask asks[] = {wish.by, api_call_ask(&wish.scope, ACTION_ORG_TOKEN_READ,
                                                     ACTION_ENTERPRISE_TOKEN_READ)};
    TRY(gate_permit(rq->gate, &rq->call, asks, 2, &permit));
    TRY(body_object(rq, &body));
    TRY(body_text(rq, body, F(TOKENS_REVOKE_CREATED_BY), &wish.maker));
    TRY(body_truth(rq, body, F(TOKENS_REVOKE_PREVIEW), &wish.preview));
    return token_tree_begin(rq, &wish, permit);
}
