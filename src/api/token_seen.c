/* Tokens are used by HTTP, too, and refused: counted beside what they do through the gateway. */
#include "api/api_call.h"

#include "usage/usage.h"

#include <stdio.h>

static struct usage_key key_of(const char *client_id, const struct uuid *scope)
{
    return (struct usage_key){.client_id = bytes_of_text(client_id), .scope = *scope};
}

void api_token_seen(struct http_request *rq, err e)
{
    struct usage *u = api_of(rq)->usage;
    const struct call *c = &rq->call;
    const bool recognised = c->who.kind == PRINCIPAL_TOKEN;
    if (!u) return;
    if (c->refused.client_id[0]) {
        const struct usage_key key = key_of(c->refused.client_id, &c->refused.scope);
        usage_note_refused(u, &key, c->refused.reason);
    } else if (recognised) {
        const struct usage_key key = key_of(c->who.name, &c->who.scope);
        struct usage_who who;
        (void)snprintf(who.from, sizeof who.from, "%s", c->peer);
        usage_count_write_by(http_header(rq, "User-Agent"), (bytes){0}, who.by);
        usage_note_used(u, &key, &who, c->now_ms);
        if (err_row(e)->class == ERR_CLASS_FORBIDDEN) usage_note_refused(u, &key, REFUSAL_API);
    }
}
