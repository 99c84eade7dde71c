/* What the HTTP library lets through and we do not: framing that two readers could read
 * differently. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

/* Counted over the header fields of one request. */
struct strict {
    unsigned hosts;
    unsigned lengths;
    unsigned codings;
    unsigned authorizations;
    bool coding_known;
    bool name_bad;  /* a field name with blanks or worse in it, or one that looks folded */
    bool value_bad; /* control characters */
    bool http_1_1;
    bool version_known;
    bytes length;
};

void strict_begin(struct strict *s, const char *version);
void strict_see(struct strict *s, bytes name, bytes value);
/* BAD_INPUT says in the note what is wrong. `*length` is the declared length, or 0; BODY_TOO_BIG
 * when it is over `drain_max`. */
MUST err strict_judge(const struct strict *s, uint64_t drain_max, uint64_t *length,
                      struct note *note);
