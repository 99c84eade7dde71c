/* Databases: clusters that are registered, looked at, and unregistered; their data is not touched.
 */
#include "api/databases.h"

#include "api/routes.h"
#include "base/clock.h"
#include "http/body.h"
#include "http/page.h"

enum { DATABASES_PAGE_MAX = 100 };

/* --- reading --- */

bool databases_may_see(const struct http_request *rq, const struct record_database *d)
{
    const struct ask view = {ACTION_ORG_DB_VIEW, resource_database(&d->organization, &d->id)};
    return gate_may(rq->gate, &rq->call, &view);
}

/* Without org-db-view on any database, known or not: refused; otherwise what may not be seen is
 * absent (decisions 1.5). Enterprise tokens see none. */
err databases_permit_viewing(struct http_request *rq, struct api_scope *scope)
{
    const struct permit *permit = NULL;
    TRY(api_call_scope(rq, scope));
    const struct ask any = {ACTION_ORG_DB_VIEW, resource_any_database(&scope->id)};
    if (!scope->enterprise && gate_may_anywhere(rq->gate, &rq->call, ACTION_ORG_DB_VIEW))
        return DONE;
    if (scope->enterprise) {
        return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                         "missing org-db-view: enterprise tokens do not open databases");
    }
    return gate_permit(rq->gate, &rq->call, &any, 1, &permit);
}

const struct record_database *databases_find(const struct http_request *rq,
                                             const struct api_scope *scope)
{
    struct uuid id;
    if (!uuid_read(rq->params[0], &id)) return NULL;
    const struct record_database *d = snapshot_database(api_snapshot(rq), &id);
    return d && uuid_eq(&d->organization, &scope->id) ? d : NULL;
}

err databases_find_seen(struct http_request *rq, const struct record_database **out)
{
    struct api_scope scope;
    TRY(databases_permit_viewing(rq, &scope));
    const struct record_database *d = databases_find(rq, &scope);
    if (!d || !databases_may_see(rq, d)) return FAIL(NOT_FOUND);
    *out = d;
    return DONE;
}

void databases_look_at(struct http_request *rq, const struct record_database *d, struct api_cluster *c)
{
    const struct api_ports *p = &api_of(rq)->ports;
    if (!p->cluster || !p->cluster(p->owner, &d->id, &rq->call.arena, c)) {
        *c = (struct api_cluster){0};
    }
}

static void write_one(struct http_request *rq, struct json_out *j, const struct record_database *d)
{
    struct api_cluster c;
    databases_look_at(rq, d, &c);
    databases_write(j, d, &c);
}

/* `include` is a status that clients know, in any case; other words (nonterminated, all, and what old clients send)
 * leave everything in. `provider` names one of those that clients know; all clusters are of one. */
struct filter {
    bytes status; /* empty: any */
    bool none;
};

static struct filter read_filter(const struct http_request *rq)
{
    static const char *const statuses[] = {
        "active", "associating", "decommissioning", "degraded", "error", "hibernated",
        "hibernating", "initializing", "maintenance", "parked", "parking", "pending", "placing",
        "prepared", "preparing", "resizing", "resuming", "suspended", "synchronizing",
        "terminated", "terminating", "unknown", "unparking"};
    const bytes include = http_argument(rq, "include");
    const bytes provider = http_argument(rq, "provider");
    struct filter f = {.none = bytes_eq_nocase(provider, BYTES("gcp")) ||
                               bytes_eq_nocase(provider, BYTES("azure"))};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (bytes_eq_nocase(include, bytes_of_text(statuses[i]))) f.status = include;
    }
    return f;
}

static bool passes(const struct filter *f, const struct api_cluster *c)
{
    if (f->none) return false;
    const char *status = c->status ? c->status : "ACTIVE";
    return f->status.n == 0 || bytes_eq_nocase(f->status, bytes_of_text(status));
}

/* A place in the list: after the database `after`, or at its start. */
static size_t start_of(const struct snapshot_list *all, bytes after)
{
    struct uuid id;
    if (after.n == 0) return 0;
    if (!uuid_read(after, &id)) return all->n;
    for (size_t i = 0; i < all->n; i++) {
        if (uuid_eq(&all->records[i]->of.database.id, &id)) return i + 1;
    }
    return all->n;
}

err databases_list(struct http_request *rq)
{
    struct api_scope scope;
    TRY(databases_permit_viewing(rq, &scope));
    const struct page page = page_read(rq, DATABASES_PAGE_MAX);
    const struct filter filter = read_filter(rq);
    const struct snapshot_list all = snapshot_databases(api_snapshot(rq), &scope.id);
    struct json_out j = json_out_to(http_json(rq, 200));
    char last[UUID_TEXT] = {0};
    size_t n = 0;
    json_out_array(&j);
    for (size_t i = start_of(&all, page.after); i < all.n; i++) {
        const struct record_database *d = &all.records[i]->of.database;
        struct api_cluster c;
        if (!databases_may_see(rq, d)) continue;
        databases_look_at(rq, d, &c);
        if (!passes(&filter, &c)) continue;
        if (page.limit && n == page.limit) {
            page_link(rq, &page, bytes_of(last, sizeof last));
            break;
        }
        databases_write(&j, d, &c);
        uuid_write(&d->id, last);
        n++;
    }
    json_out_end(&j);
    return DONE;
}

err databases_get(struct http_request *rq)
{
    const struct record_database *d = NULL;
    TRY(databases_find_seen(rq, &d));
    struct json_out j = json_out_to(http_json(rq, 200));
    write_one(rq, &j, d);
    return DONE;
}

err databases_datacenters(struct http_request *rq)
{
    const struct record_database *d = NULL;
    TRY(databases_find_seen(rq, &d));
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_array(&j);
    databases_write_datacenter(&j, d);
    json_out_end(&j);
    return DONE;
}

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

/* The database, and with it its access list. */
static size_t removals(const struct http_request *rq, const struct ask *by, const struct uuid *id,
                       struct change changes[2])
{
    static const enum record_kind kinds[] = {RECORD_DATABASE, RECORD_ACCESS_LIST};
    size_t n = 0;
    for (size_t i = 0; i < 2; i++) {
        const struct record *r = snapshot_record(api_snapshot(rq), kinds[i], id);
        if (!r) continue;
        changes[n++] = (struct change){
            .verb = CHANGE_REMOVE, .expect = CHANGE_ANY_VERSION, .by = *by, .record = *r};
    }
    return n;
}

err databases_terminate(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    struct change changes[2];
    TRY(api_call_scope(rq, &scope));
    const struct ask ask = ask_of_path(rq, &scope, ACTION_ORG_DB_TERMINATE);
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    const struct record_database *d = databases_find(rq, &scope);
    if (!d) return FAIL(NOT_FOUND);
    http_empty(rq, 202);
    return commit_database(rq, permit, changes, removals(rq, &ask, &d->id, changes), "database.remove");
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
