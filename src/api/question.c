/* Whom a question is about, and what it names. */
#include "api/question.h"

static err permit_asking(struct http_request *rq, const struct api_scope *scope)
{
    const struct permit *permit = NULL;
    const struct ask read =
        api_call_ask(scope, ACTION_ORG_TOKEN_READ, ACTION_ENTERPRISE_TOKEN_READ);
    return gate_permit(rq->gate, &rq->call, &read, 1, &permit);
}

static bool is_of_scope(const struct principal *who, const struct api_scope *scope)
{
    return who->enterprise == scope->enterprise && uuid_eq(&who->scope, &scope->id);
}

err question_subject(struct http_request *rq, bytes token, struct principal *out, bool *known)
{
    const struct credential cred = {.kind = CREDENTIAL_TOKEN, .token = token};
    const struct principal *asker = &rq->call.who;
    struct api_scope scope;
    TRY(api_call_scope(rq, &scope));
    if (token.n == 0 && asker->kind == PRINCIPAL_TOKEN) {
        *out = *asker;
        *known = true;
        return DONE;
    }
    const bool found = gate_examine(rq->gate, &rq->call, &cred, out);
    const bool oneself =
        found && asker->kind == PRINCIPAL_TOKEN && strcmp(out->name, asker->name) == 0;
    if (!oneself) TRY(permit_asking(rq, &scope));
    *known = found && is_of_scope(out, &scope);
    return DONE;
}

/* "drn:astra:org:*…" with what stands for one's own in place of the star. */
static bytes with_own_scope(struct http_request *rq, bytes text)
{
    const struct {
        bytes any;
        const char *own;
    } forms[] = {{BYTES("drn:astra:org:*"), "drn:astra:org:__ORG_ID__"},
                 {BYTES("drn:astra:enterprise:*"), "drn:astra:enterprise:__ENTERPRISE_ID__"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const bytes rest = bytes_part(text, forms[i].any.n, text.n);
        if (!bytes_has_prefix(text, forms[i].any) || (rest.n && rest.p[0] != ':')) continue;
        const char *own = arena_format(&rq->call.arena, "%s%.*s", forms[i].own, BYTES_FMT(rest));
        return own ? bytes_of_text(own) : (bytes){0};
    }
    return text;
}

bool question_resource(struct http_request *rq, bytes text, const struct principal *about,
                       struct resource *out)
{
    struct resource r;
    if (text.n > RESOURCE_TEXT_MAX) return false;
    if (!err_is_ok(resource_read(with_own_scope(rq, text), &r))) return false;
    *out = role_resource(&r, &about->scope);
    return true;
}
