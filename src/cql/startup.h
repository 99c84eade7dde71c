/* STARTUP's string map and SUPPORTED's string multimap. */
#pragma once

#include "base/err.h"
#include "base/rd.h"
#include "base/wr.h"

enum { STARTUP_OPTIONS_MAX = 64 };

struct startup {
    bytes cql_version;
    bytes compression;       /* empty when none was asked for */
    bytes driver_name;
    bytes driver_version;
    bytes application_name;
    bytes application_version;
    bytes client_id;
    bool throw_on_overload;
};

struct startup_option {
    bytes key;
    bytes value;
};

/* The options that we know (keys in any case of letters); all others are checked and ignored.
 * Errors: FRAME_SHORT, FRAME_BAD (no CQL_VERSION, too many options, bytes left over). */
MUST err startup_read(bytes body, struct startup *out);
void startup_write(struct wr *w, const struct startup_option *options, size_t n);

/* Looks one key up in a string multimap and steps over its values with startup_next_string. False
 * when the key is not there. Errors: FRAME_SHORT, FRAME_BAD. */
MUST err startup_find(bytes multimap, bytes key, bytes *values, bool *found);
bool startup_next_string(struct rd *r, bytes *value);
