/* An organization's settings: how long its tokens may live, and whether the ceiling holds. They decide
 * what every role in it is worth, so a token never changes them (decisions 1.9). */
#include "api/api_call.h"
#include "api/routes.h"
#include "api/token_walk.h"
#include "base/clock.h"
#include "base/hex.h"
#include "http/body.h"
#include "http/etag.h"
#include "http/http_work.h"

#include <stdio.h>

enum { SOON_DAYS = 7, PREVIEW_TEXT = 32 };

static err only_for_organizations(struct http_request *rq)
{
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                     "settings are an organization's: the caller belongs to an enterprise");
}

static err find(struct http_request *rq, const struct api_scope *scope, const struct record **out)
{
    const struct record *r = snapshot_record(api_snapshot(rq), RECORD_ORGANIZATION, &scope->id);
    if (!r) return FAIL(NOT_FOUND);
    *out = r;
    return DONE;
}

/* --- reading --- */

static void write_lifetime(struct json_out *j, const struct field *f, int64_t ms)
{
    json_out_key(j, f->name);
    if (ms > 0)
        json_out_int(j, ms / 1000);
    else
        json_out_null(j);
}

static void write_settings(struct http_request *rq, const struct record *r)
{
    const struct record_organization *o = &r->of.organization;
    char version[ETAG_MAX];
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    write_lifetime(&j, F(SETTINGS_DEFAULT), o->default_lifetime_ms);
    write_lifetime(&j, F(SETTINGS_MAXIMUM), o->maximum_lifetime_ms);
    json_out_key(&j, F(SETTINGS_INHERIT)->name);
    json_out_bool(&j, o->inherit_expiry);
    json_out_key(&j, F(SETTINGS_CEILING)->name);
    json_out_bool(&j, !o->ceiling_off);
    json_out_end(&j);
    const int n = snprintf(version, sizeof version, "%llu", (unsigned long long)r->version);
    etag_set(rq, bytes_of(version, (size_t)n));
}

err settings_get(struct http_request *rq)
{
    struct api_scope scope;
    const struct permit *permit = NULL;
    const struct record *r = NULL;
    TRY(api_call_scope(rq, &scope));
    if (scope.enterprise) return only_for_organizations(rq);
    const struct ask ask = {ACTION_ORG_READ, resource_organization(&scope.id)};
    TRY(gate_permit(rq->gate, &rq->call, &ask, 1, &permit));
    TRY(find(rq, &scope, &r));
    write_settings(rq, r);
    return DONE;
}

/* --- who may change them --- */

static size_t every_action(const struct uuid *organization, struct ask asks[PERMIT_ASKS_MAX])
{
    size_t n = 0;
    asks[n++] = (struct ask){ACTION_ORG_WRITE, resource_organization(organization)};
    for (unsigned a = 0; a < ACTIONS; a++) {
        if (a == ACTION_ORG_WRITE || action_level((enum action)a) != LEVEL_ORGANIZATION) continue;
        asks[n++] = (struct ask){(enum action)a, resource_organization(organization)};
    }
    return n;
}

static err permit_changing(struct http_request *rq, struct api_scope *scope, struct ask *by,
                           const struct permit **permit)
{
    struct ask asks[PERMIT_ASKS_MAX];
    const struct principal *who = &rq->call.who;
    TRY(api_call_scope(rq, scope));
    if (scope->enterprise) return only_for_organizations(rq);
    const size_t n = every_action(&scope->id, asks);
    *by = asks[0];
    TRY(gate_permit(rq->gate, &rq->call, by, 1, permit));
    if (who->kind == PRINCIPAL_OPERATOR) return DONE;
    if (who->kind != PRINCIPAL_PERSON) {
        return note_fail(&rq->call.note, FAIL(NOT_ALLOWED),
                         "no token changes these settings: it takes the local operator, or somebody "
                         "who is signed in");
    }
    TRY(api_call_proven(rq));
    return gate_permit(rq->gate, &rq->call, asks, n, permit);
}

/* --- what they shall be --- */

/* Said or null, but not left out: a forgotten maximum would be no maximum. */
static err read_lifetime(struct http_request *rq, const struct json_in *body, const struct field *f,
                         int64_t *out)
{
    const struct json_in *v = json_in_get(body, f->name);
    int64_t seconds = 0;
    if (!v) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                         "field \"%s\" is missing; null stands for no end", f->name);
    }
    TRY(body_number(rq, body, f, &seconds, NULL));
    *out = seconds * 1000;
    return DONE;
}

struct wanted {
    struct record record; /* as it shall be */
    int64_t former_ms;    /* maximum */
    bytes preview;        /* that the caller was shown */
    char expected[PREVIEW_TEXT + 1];
};

/* Stands for what was previewed: these settings of this version of the organization. */
static void name_preview(struct wanted *w)
{
    const struct record_organization *o = &w->record.of.organization;
    char id[UUID_TEXT + 1];
    char text[128];
    uuid_text(&o->id, id);
    (void)snprintf(text, sizeof text, "%s %llu %lld", id, (unsigned long long)w->record.version,
                   (long long)o->maximum_lifetime_ms);
    const struct record_hash h = record_hash_of(bytes_of_text(text));
    hex_write(bytes_of(h.b, PREVIEW_TEXT / 2), w->expected);
    w->expected[PREVIEW_TEXT] = 0;
}

static err read_wanted(struct http_request *rq, const struct record *now, struct wanted *w)
{
    const struct json_in *body = NULL;
    bool ceiling = true;
    w->record = *now;
    struct record_organization *o = &w->record.of.organization;
    w->former_ms = o->maximum_lifetime_ms;
    o->inherit_expiry = false;
    TRY(body_object(rq, &body));
    TRY(read_lifetime(rq, body, F(SETTINGS_DEFAULT), &o->default_lifetime_ms));
    TRY(read_lifetime(rq, body, F(SETTINGS_MAXIMUM), &o->maximum_lifetime_ms));
    TRY(body_truth(rq, body, F(SETTINGS_INHERIT), &o->inherit_expiry));
    TRY(body_truth(rq, body, F(SETTINGS_CEILING), &ceiling));
    TRY(body_text(rq, body, F(SETTINGS_PREVIEW), &w->preview));
    o->ceiling_off = !ceiling;
    if (o->maximum_lifetime_ms > 0 && o->default_lifetime_ms > o->maximum_lifetime_ms) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s must not be more than %s", F(SETTINGS_DEFAULT)->name,
                         F(SETTINGS_MAXIMUM)->name);
    }
    name_preview(w);
    return DONE;
}

static bool lowers_maximum(const struct wanted *w)
{
    const int64_t ms = w->record.of.organization.maximum_lifetime_ms;
    return ms > 0 && (w->former_ms <= 0 || ms < w->former_ms);
}

/* --- preview --- */

struct previewing {
    struct wanted wanted;
    struct record_organization before; /* only its maximum */
    struct record_organization after;
    int64_t now_ms;
    size_t now;
    size_t soon;
    struct token_walk walk;
};

static void count_end(struct previewing *p, int64_t created_ns, int64_t expires_ms)
{
    const int64_t created_ms = created_ns / 1000000;
    const int64_t was_ms = snapshot_valid_until(&p->before, created_ms, expires_ms);
    const int64_t end_ms = snapshot_valid_until(&p->after, created_ms, expires_ms);
    if (was_ms <= p->now_ms || end_ms >= was_ms) return;
    if (end_ms <= p->now_ms)
        p->now++;
    else if (end_ms - p->now_ms <= SOON_DAYS * INT64_C(86400000))
        p->soon++;
}

static bool count_chunk(void *owner, const struct token_chunk *c, size_t from)
{
    for (size_t row = from; row < c->n; row++) count_end(owner, c->created_ns[row], c->expires_ms[row]);
    return true;
}

static bool count_one(void *owner, const struct record_token *t)
{
    count_end(owner, t->created_ns, t->expires_ms);
    return true;
}

static const struct token_walk_eyes eyes = {count_chunk, count_one};

/* On a work thread. */
static err count_some(struct http_request *rq)
{
    struct previewing *p = rq->work;
    return token_walk_turn(&p->walk, api_of(rq));
}

static err count_on(struct http_request *rq)
{
    const struct previewing *p = rq->work;
    if (!p->walk.done) return http_work_then(rq, api_of(rq)->work, count_some, count_on);
    struct json_out j = json_out_to(http_json(rq, 200));
    json_out_object(&j);
    json_out_key(&j, F(SETTINGS_PREVIEWED_NOW)->name);
    json_out_int(&j, (int64_t)p->now);
    json_out_key(&j, F(SETTINGS_PREVIEWED_SOON)->name);
    json_out_int(&j, (int64_t)p->soon);
    json_out_pair(&j, F(SETTINGS_PREVIEWED_PREVIEW)->name, bytes_of_text(p->wanted.expected));
    json_out_end(&j);
    return DONE;
}

err settings_preview(struct http_request *rq)
{
    struct api_scope scope;
    struct ask by;
    const struct permit *permit = NULL;
    const struct record *r = NULL;
    TRY(permit_changing(rq, &scope, &by, &permit));
    TRY(find(rq, &scope, &r));
    struct previewing *p = arena_take(&rq->call.arena, sizeof *p);
    if (!p) return FAIL(NO_MEMORY);
    TRY(read_wanted(rq, r, &p->wanted));
    p->before.maximum_lifetime_ms = p->wanted.former_ms;
    p->after.maximum_lifetime_ms = p->wanted.record.of.organization.maximum_lifetime_ms;
    p->now_ms = rq->call.now_ms;
    p->walk = token_walk_of(api_of(rq), &scope.id, false, &eyes, p);
    rq->work = p;
    return http_work_then(rq, api_of(rq)->work, count_some, count_on);
}

/* --- changing --- */

static err commit_settings(struct http_request *rq, const struct permit *permit,
                           const struct change *change)
{
    const struct record_organization *o = &change->record.of.organization;
    char id[UUID_TEXT + 1];
    struct wr w = wr_growing(1 << 10);
    struct json_out j = json_out_to(&w);
    uuid_text(&o->id, id);
    json_out_object(&j);
    write_lifetime(&j, F(SETTINGS_DEFAULT), o->default_lifetime_ms);
    write_lifetime(&j, F(SETTINGS_MAXIMUM), o->maximum_lifetime_ms);
    json_out_key(&j, F(SETTINGS_INHERIT)->name);
    json_out_bool(&j, o->inherit_expiry);
    json_out_key(&j, F(SETTINGS_CEILING)->name);
    json_out_bool(&j, !o->ceiling_off);
    json_out_end(&j);
    const struct api_event event = {.name = "organization.update",
                                    .subject = bytes_of_text(id),
                                    .detail = w.bad ? (bytes){0} : wr_view(&w),
                                    .scope = o->id};
    const err e = api_call_commit(rq, permit, change, 1, &event, false);
    wr_drop(&w);
    return e;
}

err settings_put(struct http_request *rq)
{
    struct api_scope scope;
    struct change change = {.verb = CHANGE_PUT};
    struct wanted wanted = {.former_ms = 0};
    const struct permit *permit = NULL;
    const struct record *r = NULL;
    char version[ETAG_MAX];
    TRY(permit_changing(rq, &scope, &change.by, &permit));
    TRY(find(rq, &scope, &r));
    const int n = snprintf(version, sizeof version, "%llu", (unsigned long long)r->version);
    TRY(etag_check(rq, bytes_of(version, (size_t)n)));
    TRY(read_wanted(rq, r, &wanted));
    if (lowers_maximum(&wanted) && !bytes_eq_text(wanted.preview, wanted.expected)) {
        return note_fail(&rq->call.note, FAIL(CONFLICT),
                         "a lower maximum ends tokens: ask /v2/organizations/settings/preview how "
                         "many, and send what it calls \"preview\"");
    }
    change.record = wanted.record;
    change.expect = r->version;
    write_settings(rq, &change.record);
    rq->answer.etag = NULL;
    return commit_settings(rq, permit, &change);
}
