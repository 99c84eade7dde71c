/* Clusters are registered and unregistered; their data is not touched. */
#include "api/databases.h"

#include "api/routes.h"
#include "base/clock.h"
#include "http/body.h"

#include <stdlib.h>
#include <string.h>

/* In one commit, when one is unregistered. */
enum { REMOVALS_MAX = 64 };

/* --- registering --- */

/* "contactPoints": one text with commas, or an array of texts. */
static err read_contact_points(struct http_request *rq, const struct json_in *body, bytes *out)
{
    const struct json_in *v = json_in_get(body, F(DATABASE_NEW_CONTACT_POINTS)->name);
    struct wr w = wr_growing(API_ADDRESSES_MAX);
    if (!v || json_in_is(v, JSON_IN_NULL)) {
        return note_fail(
            &rq->call.note, FAIL(UNPROCESSABLE),
            "Latchkey registers clusters, it does not create them: contactPoints is missing");
    }
    if (json_in_is(v, JSON_IN_TEXT)) {
        return body_text(rq, body, F(DATABASE_NEW_CONTACT_POINTS), out);
    }
    for (size_t i = 0; i < json_in_n(v); i++) {
        const struct json_in *item = json_in_at(v, i);
        if (!json_in_is(item, JSON_IN_TEXT)) break;
        if (i) wr_u8(&w, ',');
        wr_bytes(&w, json_in_text(item));
    }
    *out = arena_copy(&rq->call.arena, wr_view(&w));
    const bool bad = w.bad || out->n == 0;
    wr_drop(&w);
    if (!bad) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     "field \"contactPoints\" must be HOST:PORT, or an array of them");
}

static err seal_password(struct http_request *rq, const struct json_in *body, struct record_database *d)
{
    const struct json_in *v = json_in_get(body, F(DATABASE_NEW_PASSWORD)->name);
    if (!json_in_is(v, JSON_IN_TEXT) || json_in_text(v).n == 0 || json_in_text(v).n > SECRET_MAX) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"password\" must be a string of 1 to %d bytes", SECRET_MAX);
    }
    return api_call_seal(rq, &d->id, json_in_text(v), &d->sealed_password);
}

static err read_database(struct http_request *rq, struct record_database *d)
{
    const struct json_in *body = NULL;
    TRY(body_object(rq, &body));
    TRY(read_contact_points(rq, body, &d->contact_points));
    TRY(body_text(rq, body, F(DATABASE_NEW_NAME), &d->name));
    TRY(body_text(rq, body, F(DATABASE_NEW_DATACENTER), &d->datacenter));
    TRY(body_text(rq, body, F(DATABASE_NEW_USERNAME), &d->username));
    TRY(body_text(rq, body, F(DATABASE_NEW_LISTEN), &d->listen));
    TRY(body_text(rq, body, F(DATABASE_NEW_ADVERTISE), &d->advertise));
    return seal_password(rq, body, d);
}

static err check_database(struct http_request *rq, const struct record_database *d)
{
    const struct api_ports *p = &api_of(rq)->ports;
    TRY(p->may_register(p->owner, &rq->call.who, d, &rq->call.note));
    if (!snapshot_database_named(api_snapshot(rq), &d->organization, d->name)) return DONE;
    return note_fail(&rq->call.note, FAIL(NAME_TAKEN), "a database is called \"%.*s\" already",
                     BYTES_FMT(d->name));
}

/* The first change is the database's own. */
static err commit_database(struct http_request *rq, const struct permit *permit,
                           const struct change *change, size_t n, const char *event_name)
{
    const struct record_database *d = &change->record.of.database;
    char id[UUID_TEXT + 1];
    struct wr w = wr_growing(API_ADDRESSES_MAX * 2);
    struct json_out j = json_out_to(&w);
    uuid_text(&d->id, id);
    json_out_object(&j);
    json_out_pair(&j, "name", d->name);
    json_out_pair(&j, "contactPoints", d->contact_points);
    json_out_pair(&j, "listen", d->listen);
    json_out_end(&j);
    const struct api_event event = {.name = event_name,
                                    .subject = bytes_of_text(id),
                                    .detail = w.bad ? (bytes){0} : wr_view(&w),
                                    .scope = d->organization};
    const err e = api_call_commit(rq, permit, change, n, &event, change->verb == CHANGE_REMOVE);
    wr_drop(&w);
    return e;
}

err databases_post(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    char id[UUID_TEXT + 1];
    TRY(api_call_scope(rq, &scope));
    struct change change = {.verb = CHANGE_PUT, .expect = CHANGE_ABSENT};
    change.by = (struct ask){ACTION_ORG_DB_CREATE, resource_any_database(&scope.id)};
    TRY(gate_permit(rq->gate, &rq->call, &change.by, 1, &permit));
    if (scope.enterprise) return FAIL(NOT_ALLOWED);
    struct record_database *d = &change.record.of.database;
    change.record.kind = RECORD_DATABASE;
    *d = (struct record_database){.id = api_call_new_uuid(),
                                  .organization = scope.id,
                                  .owner = bytes_of_text(rq->call.who.name),
                                  .created_ns = clock_utc_ns()};
    TRY(read_database(rq, d));
    TRY(check_database(rq, d));
    http_empty(rq, 201);
    uuid_text(&d->id, id);
    http_add_header(rq, "Location", id);
    return commit_database(rq, permit, &change, 1, "database.register");
}

/* --- unregistering --- */

/* The database's own name whether it exists or not: the permission comes first (decisions 1.5). */
static struct ask ask_of_path(const struct http_request *rq, const struct api_scope *scope,
                              enum action action)
{
    struct uuid id;
    if (!uuid_read(rq->params[0], &id)) {
        return (struct ask){action, resource_any_database(&scope->id)};
    }
    return (struct ask){action, resource_database(&scope->id, &id)};
}

static struct change mark_of(const struct record_database *d, const struct ask *by)
{
    return (struct change){.verb = CHANGE_PUT,
                           .expect = CHANGE_ANY_VERSION,
                           .by = *by,
                           .record = {.kind = RECORD_FORMER_DATABASE,
                                      .of.former_database = {.id = d->id,
                                                             .organization = d->organization,
                                                             .name = d->name,
                                                             .datacenter = d->datacenter,
                                                             .address = d->advertise.n ? d->advertise : d->listen,
                                                             .owner = d->owner,
                                                             .created_ns = d->created_ns,
                                                             .removed_ns = clock_utc_ns()}}};
}

static struct change removal(const struct record *r, uint64_t expect, const struct ask *by)
{
    return (struct change){.verb = CHANGE_REMOVE, .expect = expect, .by = *by, .record = *r};
}

static int compare_age(const void *a, const void *b)
{
    const struct record *x = *(const struct record *const *)a;
    const struct record *y = *(const struct record *const *)b;
    const int64_t x_ns = x->of.former_database.removed_ns;
    const int64_t y_ns = y->of.former_database.removed_ns;
    return (x_ns > y_ns) - (x_ns < y_ns);
}

/* Of as many as are kept the oldest, that there is room for one. More than that there are after several came at once,
 * for each saw the same; so another may have removed these meanwhile. */
static size_t add_oldest(struct http_request *rq, const struct ask *by, const struct uuid *organization,
                         struct change *changes, size_t room)
{
    const struct snapshot_list all = snapshot_former_databases(api_snapshot(rq), organization);
    if (all.n < API_FORMER_DATABASES_MAX) return 0;
    const struct record **sorted = arena_take_array(&rq->call.arena, all.n, sizeof *sorted);
    if (!sorted) return 0;
    memcpy(sorted, all.records, all.n * sizeof *sorted);
    qsort(sorted, all.n, sizeof *sorted, compare_age);
    size_t n = all.n - API_FORMER_DATABASES_MAX + 1;
    if (n > room) n = room;
    for (size_t i = 0; i < n; i++) changes[i] = removal(sorted[i], CHANGE_GONE_TOO, by);
    return n;
}

/* The database, and with it its access list; what stays is that it was there. Only the database has to be there still:
 * what is NOT_FOUND would be answered as done (api_call_commit). */
static size_t removals(struct http_request *rq, const struct ask *by, const struct record_database *d,
                       struct change changes[REMOVALS_MAX])
{
    const struct record *itself = snapshot_record(api_snapshot(rq), RECORD_DATABASE, &d->id);
    const struct record *access = snapshot_record(api_snapshot(rq), RECORD_ACCESS_LIST, &d->id);
    size_t n = 0;
    changes[n++] = removal(itself, CHANGE_ANY_VERSION, by);
    if (access) changes[n++] = removal(access, CHANGE_GONE_TOO, by);
    changes[n++] = mark_of(d, by);
    return n + add_oldest(rq, by, &d->organization, changes + n, REMOVALS_MAX - n);
}

err databases_terminate(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    struct change *changes = arena_take_array(&rq->call.arena, REMOVALS_MAX, sizeof *changes);
    if (!changes) return FAIL(NO_MEMORY);
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = ask_of_path(rq, &scope, ACTION_ORG_DB_TERMINATE);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    const struct record_database *d = databases_find(rq, &scope);
    if (!d) return FAIL(NOT_FOUND);
    http_empty(rq, 202);
    return commit_database(rq, permit, changes, removals(rq, &ask, d, changes), "database.remove");
}

err databases_bundle(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = ask_of_path(rq, &scope, ACTION_DB_CQL);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    if (!databases_find(rq, &scope)) return FAIL(NOT_FOUND);
    return note_fail(
        &rq->call.note, FAIL(CONFLICT),
        "there are no secure connect bundles: connect by address, with user name and password");
}
