/* Bodies that a client has compressed (native protocol v4, section 5). Only this way round: an
 * answer may always be left as it is, and ours are. */
#pragma once

#include "base/err.h"
#include "base/wr.h"

enum compression {
    COMPRESSION_NONE,
#define COMPRESSION(id, name) COMPRESSION_##id,
#include "cql/compression.def"
#undef COMPRESSION
    COMPRESSIONS
};

/* By the name in STARTUP, in any case of letters; false: we do not know it. */
MUST bool compression_find(bytes name, enum compression *out);

/* Opens a body into `out`, which is emptied first; what it says of its own length is believed up to
 * `max` only. An empty body is empty either way. Errors: FRAME_BAD (no compression was agreed on;
 * not what it says), FRAME_TOO_BIG, NO_MEMORY. */
MUST err compression_open(enum compression c, bytes body, size_t max, struct wr *out);
