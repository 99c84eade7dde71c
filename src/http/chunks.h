/* A body that comes in chunks (RFC 9112, section 7.1): extensions and trailers are read and dropped. Pure. */
#pragma once

#include "base/bytes.h"

enum { CHUNKS_ASIDE_MAX = 16 << 10 /* bytes of extensions and trailers of one body */ };

enum chunks_place {
    CHUNKS_SIZE,
    CHUNKS_EXTENSION,
    CHUNKS_SIZE_LF,
    CHUNKS_DATA,
    CHUNKS_DATA_CR,
    CHUNKS_DATA_LF,
    CHUNKS_TRAILER, /* at the beginning of a line */
    CHUNKS_TRAILER_TEXT,
    CHUNKS_TRAILER_LF,
    CHUNKS_LAST_LF
};

/* Zero it before a body. */
struct chunks {
    enum chunks_place place;
    uint64_t left; /* of the chunk */
    unsigned digits;
    size_t aside;
};

enum chunks_got { CHUNKS_MORE, CHUNKS_END, CHUNKS_BROKEN, CHUNKS_TOO_BIG };

/* Takes bytes from *in until some of the body were found, the body has ended or nothing is left; *piece is
 * what was found, a view of it. TOO_BIG: a size beyond 60 bits. */
enum chunks_got chunks_take(struct chunks *c, bytes *in, bytes *piece);
