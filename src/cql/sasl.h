/* SASL PLAIN (RFC 4616), strictly: no authorization identity, exactly two NULs. */
#pragma once

#include "base/err.h"
#include "base/wr.h"

enum { SASL_FIELD_MAX = 1024 };

struct sasl_plain {
    bytes user;
    bytes password;    /* a view of the peer's secret: wipe the buffer that it lies in */
};

/* `body` is a whole AUTH_RESPONSE body, its [bytes] length included. Errors: FRAME_SHORT, FRAME_BAD
 * (null, bytes left over), TOKEN_MALFORMED (an authorization identity (T11), missing or further
 * NULs, an empty or over-long user or password, not UTF-8). */
MUST err sasl_read_plain(bytes body, struct sasl_plain *out);

/* True for the mechanism name "PLAIN" alone, as drivers send it to DSE's authenticator first; the
 * answer is an AUTH_CHALLENGE of "PLAIN-START". */
bool sasl_is_mechanism(bytes body);

/* An AUTH_RESPONSE body. */
void sasl_write_plain(struct wr *w, bytes user, bytes password);
