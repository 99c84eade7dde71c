#include "api/token_shown.h"

#include "api/token_usage.h"
#include "base/clock.h"

struct token_life token_shown_life(const struct http_request *rq, const struct api_scope *scope)
{
    const int64_t now_ms = clock_utc_ms();
    struct token_life l = {.now_ms = now_ms > rq->call.now_ms ? now_ms : rq->call.now_ms};
    const struct record_organization *o =
        scope->enterprise ? NULL : snapshot_organization(api_snapshot(rq), &scope->id);
    if (o) l.policy.maximum_lifetime_ms = o->maximum_lifetime_ms;
    return l;
}

int64_t token_shown_end(const struct token_life *life, const struct record_token *t)
{
    return snapshot_valid_until(&life->policy, t->created_ns / 1000000, t->expires_ms);
}

static void write_time(struct json_out *j, const char *key, int64_t utc_ms)
{
    json_out_key(j, key);
    if (utc_ms == CLOCK_NEVER_MS)
        json_out_null(j);
    else
        json_out_time(j, utc_ms * 1000000, 3);
}

void token_shown_write(struct json_out *j, const struct record_token *t,
                      const struct token_life *life)
{
    const int64_t end_ms = token_shown_end(life, t);
    json_out_object(j);
    json_out_pair(j, "clientId", bytes_of(t->client_id, TOKEN_CLIENT_ID));
    json_out_key(j, "roles");
    json_out_array(j);
    for (size_t i = 0; i < t->roles_n; i++) json_out_uuid(j, &t->roles[i]);
    json_out_end(j);
    json_out_key(j, "generatedOn");
    json_out_time(j, t->created_ns, 3);
    json_out_pair(j, "description", t->description);
    write_time(j, "tokenExpiry", t->expires_ms);
    write_time(j, "effectiveExpiry", end_ms);
    json_out_pair(j, "status", life->now_ms < end_ms ? BYTES("active") : BYTES("expired"));
    json_out_pair(j, "createdBy", t->created_by);
    if (life->usage) token_usage_write(j, life->usage, bytes_of(t->client_id, TOKEN_CLIENT_ID));
    json_out_end(j);
}
