/* Forward-auth (decisions 4.6): a proxy asks, with the headers of the request that it holds, whether the
 * holder of its token may do what the proxy's configuration names. It hears 200, 401 or 403 and nothing
 * else, for it takes other answers as failures of ours; only a request that two readers could read
 * differently is a 400. */
#include "api/question.h"
#include "api/routes.h"
#include "http/asking.h"
#include "http/credential.h"

enum { ROLES_TEXT_MAX = ROLE_TOKEN_ROLES_MAX * (UUID_TEXT + 1) };

/* --- the question --- */

/* A query that the proxy has put together must not be continued by the one who sent the request. */
static err read_argument(struct http_request *rq, const char *name, bytes *out)
{
    size_t n = 0;
    for (size_t i = 0; i < rq->target.arguments_n; i++) {
        if (!bytes_eq_text(rq->target.arguments[i].name, name)) continue;
        *out = rq->target.arguments[i].value;
        n++;
    }
    if (n <= 1) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "several arguments %s", name);
}

/* From the query; or from the field of this name, which counts only from trusted proxies. */
static err read_part(struct http_request *rq, const char *name, const char *field, bytes *out)
{
    bytes header = {0};
    TRY(read_argument(rq, name, out));
    if (!field || !*field || !asking_is_from_proxy(rq)) return DONE;
    TRY(asking_header(rq, field, &header));
    if (header.n && out->n) {
        return note_fail(&rq->call.note, FAIL(BAD_INPUT), "%s comes in the query and in %s", name, field);
    }
    if (header.n) *out = header;
    return DONE;
}

/* --- the token --- */

/* One of three fields; two that both hold one could be read differently by whoever comes next. */
static err read_token(struct http_request *rq, bytes *out)
{
    static const char *const names[] = {"Authorization", "Token", "X-Cassandra-Token"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bytes value = {0};
        TRY(asking_header(rq, names[i], &value));
        if (i == 0) value = credential_bearer(value);
        if (!value.n) continue;
        *out = value;
        n++;
    }
    if (n <= 1) return DONE;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT),
                     "a token in several of Authorization, Token and X-Cassandra-Token");
}

static err identify(struct http_request *rq, bytes token)
{
    const struct credential cred = {.kind = CREDENTIAL_TOKEN, .token = token};
    rq->tell_note = token.n == 0;
    if (token.n == 0) {
        return note_fail(&rq->call.note, FAIL(TOKEN_MALFORMED),
                         "no token: Authorization: Bearer <token>, Token or X-Cassandra-Token");
    }
    return gate_identify_holder(rq->gate, &rq->call, &cred);
}

/* --- the answer --- */

static err refuse(struct http_request *rq, const char *why)
{
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED), "%s", why);
}

static err decide(struct http_request *rq, bytes action, bytes resource)
{
    struct ask ask;
    const char *why;
    if (!action.n || !resource.n) return refuse(rq, "the question needs an action and a resource");
    if (!action_find(action, &ask.action)) return refuse(rq, "there is no such action");
    if (!question_resource(rq, resource, &rq->call.who, &ask.on)) return refuse(rq, "this is no resource name");
    if (gate_answer(rq->gate, &rq->call, &rq->call.who, &ask, &why)) return DONE;
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED), "%s: %s on %.*s", why, action_name(ask.action),
                     BYTES_FMT(resource));
}

static void say_roles(struct http_request *rq)
{
    const struct role_set *set = index_role_set(api_of(rq)->index, rq->call.who.role_set);
    char text[ROLES_TEXT_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; set && i < set->roles_n && n + UUID_TEXT + 1 < sizeof text; i++) {
        if (n) text[n++] = ',';
        uuid_write(&set->roles[i], text + n);
        n += UUID_TEXT;
    }
    text[n] = 0;
    http_add_header(rq, "X-Latchkey-Roles", text);
}

static void answer(struct http_request *rq)
{
    char id[UUID_TEXT + 1];
    uuid_text(&rq->call.who.scope, id);
    http_empty(rq, 200);
    http_add_header(rq, "X-Latchkey-Client-Id", rq->call.who.name);
    http_add_header(rq, "X-Latchkey-Organization", id);
    say_roles(rq);
}

err forward_auth_any(struct http_request *rq)
{
    const struct api *api = api_of(rq);
    bytes action = {0};
    bytes resource = {0};
    bytes token = {0};
    TRY(read_part(rq, F(FORWARD_AUTH_QUERY_ACTION)->name, api->question_action, &action));
    TRY(read_part(rq, F(FORWARD_AUTH_QUERY_RESOURCE)->name, api->question_resource, &resource));
    TRY(read_token(rq, &token));
    TRY(identify(rq, token));
    if (!asking_passes(rq)) return refuse(rq, "too many questions about this token");
    TRY(decide(rq, action, resource));
    answer(rq);
    return DONE;
}
