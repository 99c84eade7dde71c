/* Access lists of databases: who may come to their CQL doors. All of it asks on the organization
 * (decisions 1.4), and a database that is not there is missing only for those who may ask. */
#include "api/access_list.h"
#include "api/routes.h"

/* Who asks, about which database, and what they want to do to its list. */
struct asked {
    struct api_scope scope;
    const struct record_database *database;
    const struct permit *permit;
};

static err begin(struct http_request *rq, enum action action, struct asked *a)
{
    struct uuid id;
    TRY(api_call_scope(rq, &a->scope));
    const struct ask ask = access_list_ask(&a->scope, action);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &a->permit));
    a->database = uuid_read(rq->params[0], &id) ? snapshot_database(api_snapshot(rq), &id) : NULL;
    const bool ours = a->database && uuid_eq(&a->database->organization, &a->scope.id);
    return ours ? DONE : FAIL(NOT_FOUND);
}

static err begin_edit(struct http_request *rq, struct asked *a, struct access_edit *e)
{
    TRY(begin(rq, ACTION_ACCESSLIST_WRITE, a));
    return access_edit_begin(rq, &a->database->id, &a->scope.id, e);
}

static void write_list(struct json_out *j, const struct record_access_list *list)
{
    json_out_object(j);
    json_out_pair_uuid(j, F(ACCESS_LIST_ORGANIZATION)->name, &list->organization);
    json_out_pair_uuid(j, F(ACCESS_LIST_DATABASE)->name, &list->id);
    access_list_write(j, list, false);
    json_out_end(j);
}

err access_database_all(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = access_list_ask(&scope, ACTION_ACCESSLIST_READ);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    const struct snapshot_list all = snapshot_databases(api_snapshot(rq), &scope.id);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    for (size_t i = 0; i < all.n; i++) {
        const struct uuid *id = &all.records[i]->of.database.id;
        const struct record_access_list *list = snapshot_access_list(api_snapshot(rq), id);
        if (list) write_list(&j, list);
    }
    json_out_end(&j);
    return DONE;
}

/* A database has a list from its beginning on, for clients; only nobody wrote into it yet. */
err access_database_get(struct http_request *rq)
{
    struct asked a;
    TRY(begin(rq, ACTION_ACCESSLIST_READ, &a));
    const struct record_access_list none = {.id = a.database->id, .organization = a.scope.id};
    const struct record_access_list *list = snapshot_access_list(api_snapshot(rq), &a.database->id);
    struct json_out j = json_out_to(http_json(rq, 200));
    write_list(&j, list ? list : &none);
    return DONE;
}

/* --- what it would close --- */

struct looking {
    struct api_sessions sessions;
    struct access_edit edit;
};

static void write_closed(struct json_out *j, const struct api_session *s)
{
    json_out_object(j);
    json_out_pair_text(j, F(ACCESS_CLOSED_CLIENT)->name, s->client_id);
    json_out_pair_text(j, F(ACCESS_CLOSED_FROM)->name, s->from);
    json_out_key(j, F(ACCESS_CLOSED_BY)->name);
    if (*s->by)
        json_out_text(j, bytes_of_text(s->by));
    else
        json_out_null(j);
    json_out_key(j, F(ACCESS_CLOSED_SINCE)->name);
    json_out_time(j, s->since_ms * 1000000, 3);
    json_out_end(j);
}

/* Whose sessions they are is told to whoever may read tokens; how many, to all who may change the list. */
static err write_preview(struct http_request *rq)
{
    const struct api_sessions *all = &((const struct looking *)rq->work)->sessions;
    const struct ask read = {ACTION_ORG_TOKEN_READ, resource_organization(&all->list->organization)};
    const bool named = gate_may(rq->gate, &rq->call, &read);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, F(ACCESS_PREVIEW_OPEN)->name);
    json_out_int(&j, (int64_t)all->open);
    json_out_key(&j, F(ACCESS_PREVIEW_CLOSING)->name);
    json_out_int(&j, (int64_t)all->count);
    json_out_key(&j, F(ACCESS_PREVIEW_SESSIONS)->name);
    json_out_array(&j);
    for (size_t i = 0; named && i < all->n; i++) write_closed(&j, &all->rows[i]);
    json_out_end(&j);
    json_out_end(&j);
    return DONE;
}

static void looked(struct api_sessions *all)
{
    http_continue(all->rq, write_preview);
}

err access_database_preview(struct http_request *rq)
{
    struct asked a;
    const struct api_ports *p = &api_of(rq)->ports;
    struct looking *l = arena_take(&rq->call.arena, sizeof *l);
    if (!l) return FAIL(NO_MEMORY);
    TRY(begin_edit(rq, &a, &l->edit));
    access_edit_clear(&l->edit);
    TRY(access_edit_read(&l->edit));
    l->sessions = (struct api_sessions){.rq = rq, .list = access_edit_list(&l->edit), .done = looked};
    rq->work = l;
    if (!p->sessions) return write_preview(rq);
    TRY(p->sessions(p->owner, &l->sessions));
    http_suspend(rq);
    return DONE;
}

/* --- changing it --- */

static err change(struct http_request *rq, bool replace)
{
    struct asked a;
    struct access_edit e;
    TRY(begin_edit(rq, &a, &e));
    if (replace) access_edit_clear(&e);
    TRY(access_edit_read(&e));
    http_empty(rq, 204);
    return access_edit_commit(&e, a.permit, false);
}

err access_database_put(struct http_request *rq)
{
    return change(rq, true);
}

err access_database_patch(struct http_request *rq)
{
    return change(rq, false);
}

err access_database_delete(struct http_request *rq)
{
    struct asked a;
    struct access_edit e;
    bool some = false;
    TRY(begin_edit(rq, &a, &e));
    TRY(access_edit_drop(&e, &some));
    http_empty(rq, 204);
    if (e.version == 0) return DONE;
    return access_edit_commit(&e, a.permit, !some);
}
