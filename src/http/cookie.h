/* The cookie of a signed-in browser, and the token that its pages send beside it.
 *
 * The cookie holds a secret of 256 bits that no script can read. The CSRF token is an HMAC under
 * that secret: nobody makes one without it, none is kept anywhere, and it is as good after a
 * restart as before. */
#pragma once

#include "http/http.h"

enum {
    COOKIE_SECRET = 64, /* hexadecimal digits */
    COOKIE_CSRF = 64,
    COOKIE_SECONDS = 12 * 3600
};

#define COOKIE_CSRF_FIELD "X-Latchkey-Csrf"

/* What the request presents, or empty; borrowed, secret. */
bytes cookie_secret(const struct http_request *rq);
/* In the answer, after it was begun. */
void cookie_set(struct http_request *rq, const char secret[COOKIE_SECRET]);
void cookie_clear(struct http_request *rq);
void cookie_csrf(bytes secret, char out[COOKIE_CSRF]);
/* The door's, for callers by cookie: a method that changes something needs a page of ours and its
 * CSRF token. CROSS_SITE, said in the note. */
MUST err cookie_check(struct http_request *rq, bytes secret);
