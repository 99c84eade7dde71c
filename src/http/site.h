/* Where browsers find this door: what a page may say it comes from, and what links begin with. */
#pragma once

#include "http/http.h"

enum { HTTP_SITE_ORIGINS_MAX = 3 };

struct http_site {
    bytes origins[HTTP_SITE_ORIGINS_MAX]; /* "https://HOST[:PORT]"; none: nobody signs in here */
    size_t origins_n;
    bytes base;  /* of links: an origin, without a slash at its end */
    bool secure; /* over TLS; else on this machine alone */
};

#define SITE_NO_SIGN_IN                                                                            \
    "nobody can sign in here: browsers keep a session safe only over TLS or on localhost; set "    \
    "public-url to the https:// address of this daemon, or come through ssh -L"

const struct http_site *site_of(const struct http_request *rq);
/* The request comes from a page of ours, says its Origin. CROSS_SITE, said in the note. */
MUST err site_check(struct http_request *rq);
