/* Sessions: what they look like, how one begins and how many end. */
#pragma once

#include "api/api_call.h"
#include "http/cookie.h"

int64_t session_end_ms(const struct record_session *s);

/* An organization's or enterprise's name; empty when it is gone. */
bytes session_scope_name(const struct snapshot *s, const struct record_membership *m);
/* All about a signed-in person: session, CSRF token, scopes with roles. */
void session_write(struct http_request *rq, const struct record_session *s,
                   const struct record_person *p, bytes secret);

/* A new session, its secret as cookie in the answer that was begun. */
struct session_new {
    char secret[COOKIE_SECRET];
    struct record_session record;
};
void session_make(struct http_request *rq, const struct uuid *person, struct session_new *out);

/* Removals of a person's sessions but `kept` (NULL: all); only those that have ended, or are more
 * than there may be, where `surplus` says so. An array with room for `more` further changes. */
struct session_ends {
    struct change *changes;
    size_t n;
};
MUST err session_ends_of(struct http_request *rq, const struct uuid *person,
                         const struct uuid *kept, bool surplus, size_t more,
                         struct session_ends *out);
