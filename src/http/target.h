/* The request target: path segments and query arguments, percent-decoded one by one. Pure. */
#pragma once

#include "base/arena.h"

enum { TARGET_MAX = 8192, TARGET_SEGMENTS_MAX = 16, TARGET_ARGUMENTS_MAX = 64 };

struct target_argument {
    bytes name;
    bytes value;
};

/* Views are in the text that was read, or where something had to be decoded in the arena. "/" has no
 * segments; "/a/" has two, the last empty. */
struct target {
    bytes raw; /* as sent, without the query */
    bool any;  /* "*" */
    bytes segments[TARGET_SEGMENTS_MAX];
    size_t segments_n;
    struct target_argument arguments[TARGET_ARGUMENTS_MAX];
    size_t arguments_n;
};

/* Origin form, absolute form or "*" (RFC 9112 section 3.2). An escaped '/' stays inside its
 * segment; control characters and broken UTF-8 are refused. BAD_INPUT, TARGET_TOO_LONG,
 * NO_MEMORY; *out has the other segments then, for a refusal's form depends on the path. */
MUST err target_read(bytes text, struct arena *a, struct target *out);
/* The last value of this name in a body of the form application/x-www-form-urlencoded, and how often
 * the name is there; other fields are nobody's to judge. BAD_INPUT for a value with control characters
 * or broken UTF-8, NO_MEMORY. */
MUST err target_form_field(bytes body, const char *name, struct arena *a, bytes *value, size_t *times);
/* The first argument of this name; NULL when there is none. */
const struct target_argument *target_argument(const struct target *t, const char *name);
