/* Bytes of the CQL native protocol for the bench programs: a growing buffer, frames, and one non-blocking socket.
 *
 * Big-endian everywhere; versions 3 and 4 share the nine-byte header. The bench programs are their own peers
 * only, so that a malformed length ends them instead of being answered.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WIRE_HEADER = 9, WIRE_FRAME_MAX = 16 << 20, WIRE_FILL = 64 << 10 };

enum wire_opcode {
    WIRE_ERROR = 0x00,
    WIRE_STARTUP = 0x01,
    WIRE_READY = 0x02,
    WIRE_AUTHENTICATE = 0x03,
    WIRE_OPTIONS = 0x05,
    WIRE_SUPPORTED = 0x06,
    WIRE_QUERY = 0x07,
    WIRE_RESULT = 0x08,
    WIRE_PREPARE = 0x09,
    WIRE_EXECUTE = 0x0A,
    WIRE_REGISTER = 0x0B,
    WIRE_BATCH = 0x0D,
    WIRE_AUTH_RESPONSE = 0x0F,
    WIRE_AUTH_SUCCESS = 0x10,
};

enum wire_kind { WIRE_VOID = 1, WIRE_ROWS = 2, WIRE_SET_KEYSPACE = 3, WIRE_PREPARED = 4 };

/* Bytes from `start` to `len` are live; `data` is owned. All zero is an empty buffer. */
struct wire_buf {
    uint8_t *data;
    size_t start;
    size_t len;
    size_t cap;
};

/* One frame as it lies in a buffer; `body` is lent until the buffer moves. */
struct wire_frame {
    uint8_t version;
    uint8_t flags;
    uint16_t stream;
    uint8_t opcode;
    const uint8_t *body;
    size_t size;
};

/* A position in a frame's body; past the end `bad` latches and every value read is zero. */
struct wire_at {
    const uint8_t *at;
    size_t left;
    bool bad;
};

uint8_t wire_get_u8(struct wire_at *in);
uint16_t wire_get_u16(struct wire_at *in);
uint32_t wire_get_u32(struct wire_at *in);
const uint8_t *wire_get_bytes(struct wire_at *in, size_t size);

/* Makes room for `size` more bytes and returns where they go; the caller adds to `len`. */
uint8_t *wire_room(struct wire_buf *buf, size_t size);
void wire_free(struct wire_buf *buf);

void wire_u8(struct wire_buf *buf, unsigned value);
void wire_u16(struct wire_buf *buf, unsigned value);
void wire_u32(struct wire_buf *buf, uint32_t value);
void wire_bytes(struct wire_buf *buf, const void *data, size_t size);
void wire_string(struct wire_buf *buf, const char *text);
void wire_long_string(struct wire_buf *buf, const char *text);
void wire_value(struct wire_buf *buf, const void *data, size_t size);

/* Starts a frame and returns the offset that wire_end needs to fill in its length. */
size_t wire_begin(struct wire_buf *buf, unsigned version, unsigned stream, enum wire_opcode opcode);
void wire_end(struct wire_buf *buf, size_t begun);

/* Cuts the next whole frame off the front; false when there is none yet. */
bool wire_cut(struct wire_buf *buf, struct wire_frame *frame);

/* Reads once what is there: > 0 bytes, 0 for "nothing now", -1 for a closed or broken connection. */
int wire_fill(int fd, struct wire_buf *buf);

/* Writes what can be written: 1 all gone, 0 some is left, -1 broken. */
int wire_flush(int fd, struct wire_buf *buf);

/* Socket options every end of the bench has: no delay, and cubic where the kernel has it. */
void wire_tune(int fd);

/* CPU time of this process in nanoseconds, and the monotonic clock. */
uint64_t wire_cpu_ns(void);
uint64_t wire_now_ns(void);

/* Ends the program with `what` and errno. */
_Noreturn void wire_die(const char *what);

#endif
