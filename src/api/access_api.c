/* The access list of the API itself: from where callers of an organization may use /v2. Whoever would
 * shut themselves out hears so first. */
#include "api/access_list.h"
#include "api/routes.h"

struct asked {
    struct api_scope scope;
    const struct permit *permit;
};

static err begin(struct http_request *rq, enum action action, struct asked *a)
{
    struct uuid id;
    TRY(api_call_scope_at(rq, rq->params[0], &a->scope));
    const struct ask ask = access_list_ask(&a->scope, action);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &a->permit));
    const bool ours = uuid_read(rq->params[0], &id) && uuid_eq(&id, &a->scope.id);
    return ours && !a->scope.enterprise ? DONE : FAIL(NOT_FOUND);
}

static void write_list(struct http_request *rq, unsigned status, const struct record_access_list *list)
{
    struct json_out j = json_out_to(http_json(rq, status));
    json_out_object(&j);
    json_out_pair_uuid(&j, F(ACCESS_API_LIST_ORGANIZATION)->name, &list->organization);
    access_list_write(&j, list, true);
    json_out_end(&j);
}

err access_api_get(struct http_request *rq)
{
    struct asked a;
    TRY(begin(rq, ACTION_ACCESSLIST_READ, &a));
    const struct record_access_list none = {.id = a.scope.id, .organization = a.scope.id};
    const struct record_access_list *list = snapshot_access_list(api_snapshot(rq), &a.scope.id);
    write_list(rq, 200, list ? list : &none);
    return DONE;
}

/* --- changing --- */

static err check_own_way(struct http_request *rq, struct access_edit *e)
{
    const bool force = bytes_eq_text(http_argument(rq, F(ACCESS_QUERY_FORCE)->name), "true");
    if (force || gate_would_admit(&rq->call, access_edit_list(e))) return DONE;
    return note_fail(&rq->call.note, FAIL(CONFLICT),
                     "this would shut out the address %s, from which you are calling; with "
                     "?force=true it is done all the same",
                     rq->call.peer);
}

static err begin_edit(struct http_request *rq, struct asked *a, struct access_edit *e)
{
    TRY(begin(rq, ACTION_ACCESSLIST_WRITE, a));
    TRY(access_edit_begin(rq, &a->scope.id, &a->scope.id, e));
    /* The published shape has no switch: a list that is written is meant. */
    if (e->version == 0) access_edit_list(e)->enabled = true;
    return DONE;
}

static err change(struct http_request *rq, bool replace, unsigned status)
{
    struct asked a;
    struct access_edit e;
    TRY(begin_edit(rq, &a, &e));
    if (replace) access_edit_clear(&e);
    TRY(access_edit_read(&e));
    TRY(check_own_way(rq, &e));
    write_list(rq, status, access_edit_list(&e));
    return access_edit_commit(&e, a.permit, false);
}

err access_api_post(struct http_request *rq)
{
    return change(rq, false, 201);
}

err access_api_put(struct http_request *rq)
{
    return change(rq, true, 200);
}

err access_api_patch(struct http_request *rq)
{
    return change(rq, false, 200);
}

err access_api_delete(struct http_request *rq)
{
    struct asked a;
    struct access_edit e;
    bool some = false;
    TRY(begin_edit(rq, &a, &e));
    TRY(access_edit_drop(&e, &some));
    http_empty(rq, 202);
    if (e.version == 0) return DONE;
    if (some) TRY(check_own_way(rq, &e));
    return access_edit_commit(&e, a.permit, !some);
}
