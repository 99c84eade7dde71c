/* The envelope header of the native protocol, versions 3 to 5, and the two old versions enough to
 * refuse them. */
#pragma once

#include "base/err.h"
#include "base/wr.h"

enum opcode {
#define OPCODE(id, value, name, sender) OPCODE_##id = (value),
#include "cql/opcode.def"
#undef OPCODE
};

enum {
    FRAME_HEADER_SIZE = 9,
    FRAME_OLD_HEADER_SIZE = 8,             /* versions 1 and 2: one byte of stream id */
    FRAME_RESPONSE_BIT = 0x80,             /* in the version byte */
    FRAME_VERSION_MIN = 3,
    FRAME_VERSION_MAX = 4,                 /* what we speak; 5 is recognised and refused */
    FRAME_LOGIN_MAX = 128 * 1024,          /* longest body before AUTH_SUCCESS */
    FRAME_BODY_MAX = 16 * 1024 * 1024,     /* longest request body after it */
    FRAME_REPLY_MAX = 256 * 1024 * 1024    /* longest body that the protocol allows */
};

enum {
    FRAME_FLAG_COMPRESSED = 0x01,
    FRAME_FLAG_TRACING = 0x02,
    FRAME_FLAG_PAYLOAD = 0x04,
    FRAME_FLAG_WARNING = 0x08,
    FRAME_FLAG_BETA = 0x10
};

struct frame_header {
    uint8_t version;     /* the whole byte, direction bit included */
    uint8_t flags;
    int16_t stream;
    uint8_t opcode;      /* not yet known to be one of ours */
    uint32_t body_len;   /* bytes after the header */
};

/* Reads the first nine bytes of `in`. The header is written even with FRAME_TOO_BIG, so that the
 * refusal finds its stream. Errors: FRAME_SHORT (wait for more), FRAME_TOO_BIG. */
MUST err frame_read_header(bytes in, uint32_t max_body, struct frame_header *out);

/* What a client's first byte says: true when the version is one that we speak, without direction
 * bit. Everything else gets frame_read_stranger and response_write_wrong_version, then a close. */
static inline bool frame_is_spoken(uint8_t version_byte)
{
    return version_byte >= FRAME_VERSION_MIN && version_byte <= FRAME_VERSION_MAX;
}

/* The stream id of a message whose version we do not speak: byte 2 of versions 1 and 2, else bytes
 * 2 and 3. False: too short to know, wait for more. */
MUST bool frame_read_stranger(bytes in, uint8_t *version, int16_t *stream);

/* Version as negotiated, direction, header flags and opcode of a client's envelope. Errors:
 * FRAME_BAD for a version other than `version`, a response opcode, an unknown one, a negative
 * stream, unknown flags. Whether a body may be compressed is compression_open's to say. */
MUST err frame_check_request(const struct frame_header *h, uint8_t version);
/* The same for what a node sends. Stream -1 is an EVENT and nothing else. Errors: FRAME_BAD. */
MUST err frame_check_response(const struct frame_header *h, uint8_t version);

/* Writes a header; `version` with its direction bit. */
void frame_write_header(uint8_t out[FRAME_HEADER_SIZE], const struct frame_header *h);

/* Writes a header whose length is not known yet; the value returned goes to frame_end. */
size_t frame_begin(struct wr *w, uint8_t version, uint8_t flags, int16_t stream,
                   enum opcode opcode);
void frame_end(struct wr *w, size_t begun);

/* "EXECUTE", or "?" for a byte that is no opcode. */
const char *frame_opcode_name(uint8_t opcode);
bool frame_is_request(uint8_t opcode);
