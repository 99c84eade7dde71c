/* A token as it is shown: how long it really lives, and its JSON. */
#pragma once

#include "api/api_call.h"

/* What tells how long a token really lives; copied before the work thread takes over. */
struct token_life {
    struct record_organization policy; /* only its lifetimes */
    int64_t now_ms;
    struct usage *usage; /* shown with its use; NULL: without */
};

struct token_life token_shown_life(const struct http_request *rq, const struct api_scope *scope);
/* min(expiry, created + maximum). */
int64_t token_shown_end(const struct token_life *life, const struct record_token *t);
void token_shown_write(struct json_out *j, const struct record_token *t,
                      const struct token_life *life);
