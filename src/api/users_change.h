/* Changing who belongs to a scope: what must hold before a membership is changed or removed. */
#pragma once

#include "api/api_call.h"

/* The membership that the path names, in this scope. NOT_FOUND. */
MUST err users_find(struct http_request *rq, const struct api_scope *scope,
                    const struct record **out);
/* The members of a user inside an open object, as clients read them. */
void users_write(struct json_out *j, const struct snapshot *s, const struct record_membership *m);
/* Commits; the event tells the membership's address and roles. */
MUST err users_commit(struct http_request *rq, const struct permit *permit,
                      const struct change *changes, size_t n, const char *name,
                      const struct record_membership *m);
/* What writes memberships of this scope. */
struct ask users_ask(const struct api_scope *scope);

/* A change of one membership, with all that goes with it. */
struct users_change {
    const struct api_scope *scope;
    const struct record_membership *before; /* as it is; NULL: there is none */
    const struct uuid *roles;               /* afterwards; none: removed */
    size_t roles_n;
};
/* Nobody hands out what they do not hold, and nobody changes who is broader than they are
 * (decisions 1.6, 3.3); the permit also covers the person's account. */
MUST err users_permit(struct http_request *rq, const struct users_change *c,
                      const struct uuid *person, const struct permit **out);
/* Somebody administers the scope afterwards, too: LAST_ADMINISTRATOR otherwise. Where that rests on
 * another administrator, *keep becomes a change that fails when that one went meanwhile. */
MUST err users_keep_administrator(struct http_request *rq, const struct users_change *c,
                                  struct change *keep, size_t *n);
