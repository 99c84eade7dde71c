/* Databases: clusters that are registered, and for a while those that were. */
#include "api/databases.h"

#include "api/routes.h"
#include "http/page.h"

enum { DATABASES_PAGE_MAX = 100 };

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

/* One that is registered, or was not long ago. */
struct shown {
    struct record_database d;
    int64_t removed_ns;
};

static struct shown former(const struct record_former_database *f)
{
    return (struct shown){{.id = f->id,
                           .organization = f->organization,
                           .name = f->name,
                           .datacenter = f->datacenter,
                           .listen = f->address,
                           .owner = f->owner,
                           .created_ns = f->created_ns},
                          f->removed_ns};
}

static struct shown shown_of(const struct record *r)
{
    if (r->kind == RECORD_FORMER_DATABASE) return former(&r->of.former_database);
    return (struct shown){r->of.database, 0};
}

static void look_at(struct http_request *rq, const struct shown *s, struct api_cluster *c)
{
    if (s->removed_ns) *c = (struct api_cluster){.status = "TERMINATED"};
    else databases_look_at(rq, &s->d, c);
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
        const struct uuid of = record_uuid(all->records[i]);
        if (uuid_eq(&of, &id)) return i + 1;
    }
    return all->n;
}

err databases_list(struct http_request *rq)
{
    struct api_scope scope;
    TRY(databases_permit_viewing(rq, &scope));
    const struct page page = page_read(rq, DATABASES_PAGE_MAX);
    const struct filter filter = read_filter(rq);
    const bool gone = bytes_eq_nocase(filter.status, BYTES("terminated"));
    const struct snapshot_list all = gone ? snapshot_former_databases(api_snapshot(rq), &scope.id)
                                          : snapshot_databases(api_snapshot(rq), &scope.id);
    struct json_out j = json_out_to(http_json(rq, 200));
    char last[UUID_TEXT] = {0};
    size_t n = 0;
    json_out_array(&j);
    for (size_t i = start_of(&all, page.after); i < all.n; i++) {
        const struct shown s = shown_of(all.records[i]);
        struct api_cluster c;
        if (!databases_may_see(rq, &s.d)) continue;
        look_at(rq, &s, &c);
        if (!passes(&filter, &c)) continue;
        if (page.limit && n == page.limit) {
            page_link(rq, &page, bytes_of(last, sizeof last));
            break;
        }
        databases_write(&j, &s.d, &c, s.removed_ns);
        uuid_write(&s.d.id, last);
        n++;
    }
    json_out_end(&j);
    return DONE;
}

/* The record of one that is registered or was. */
static const struct record *find_either(const struct http_request *rq)
{
    struct uuid id;
    if (!uuid_read(rq->params[0], &id)) return NULL;
    const struct record *r = snapshot_record(api_snapshot(rq), RECORD_DATABASE, &id);
    return r ? r : snapshot_record(api_snapshot(rq), RECORD_FORMER_DATABASE, &id);
}

/* Clients that unregister one ask for it until it is TERMINATED, and some take nothing else for the end. */
err databases_get(struct http_request *rq)
{
    struct api_scope scope;
    struct api_cluster c;
    TRY(databases_permit_viewing(rq, &scope));
    const struct record *r = find_either(rq);
    if (!r) return FAIL(NOT_FOUND);
    const struct shown s = shown_of(r);
    if (!uuid_eq(&s.d.organization, &scope.id) || !databases_may_see(rq, &s.d)) return FAIL(NOT_FOUND);
    look_at(rq, &s, &c);
    struct json_out j = json_out_to(http_json(rq, 200));
    databases_write(&j, &s.d, &c, s.removed_ns);
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
