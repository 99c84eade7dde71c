/* What a head says about what follows it (RFC 9112, section 6): framing that two readers could read
 * differently is refused before anything else is looked at. Pure. */
#pragma once

#include "http/head.h"

struct framing {
    uint64_t length; /* of the body, unless it comes in chunks */
    bool chunked;
    bool keeps;   /* the connection goes on after the answer */
    bool expects; /* the client waits for "100 Continue" before it sends the body */
};

/* BAD_INPUT says in the note what is wrong; BODY_TOO_BIG: a length over `length_max`. */
MUST err framing_read(const struct head *h, uint64_t length_max, struct framing *out,
                      struct note *note);
