/* Requests are opened, and nothing is compressed: the libraries' own checked decoders, behind checks
 * of the length that the body itself claims. */
#include "cql/compression.h"

#include "base/rd.h"

#include <limits.h>
#include <lz4.h>
#include <snappy-c.h>

static const char *const names[COMPRESSIONS] = {
#define COMPRESSION(id, name) [COMPRESSION_##id] = (name),
#include "cql/compression.def"
#undef COMPRESSION
};

bool compression_find(bytes name, enum compression *out)
{
    for (size_t i = COMPRESSION_NONE + 1; i < COMPRESSIONS; i++) {
        if (!bytes_eq_nocase(name, bytes_of_text(names[i]))) continue;
        *out = (enum compression)i;
        return true;
    }
    return false;
}

/* Room for exactly `n` bytes in an empty `out`; never NULL, for there are clients that compress
 * nothing into something. */
static err make_room(struct wr *out, size_t n, size_t max, uint8_t **room)
{
    if (n > max) return FAIL(FRAME_TOO_BIG);
    *room = wr_room(out, n > 0 ? n : 1);
    return *room ? DONE : FAIL(NO_MEMORY);
}

/* Four bytes of length, then one block. */
static err open_lz4(bytes body, size_t max, struct wr *out)
{
    struct rd r = rd_over(body);
    uint8_t *room;
    const uint32_t n = rd_u32be(&r);
    if (r.bad || n > INT_MAX || r.left.n > INT_MAX) return FAIL(FRAME_BAD);
    if (n == 0 && r.left.n == 0) return DONE;
    TRY(make_room(out, n, max, &room));
    const int got =
        LZ4_decompress_safe((const char *)r.left.p, (char *)room, (int)r.left.n, (int)n);
    if (got < 0 || (uint32_t)got != n) return FAIL(FRAME_BAD);
    out->n = n;
    return DONE;
}

static err open_snappy(bytes body, size_t max, struct wr *out)
{
    const char *from = (const char *)body.p;
    uint8_t *room;
    size_t n;
    if (snappy_uncompressed_length(from, body.n, &n) != SNAPPY_OK) return FAIL(FRAME_BAD);
    TRY(make_room(out, n, max, &room));
    if (snappy_uncompress(from, body.n, (char *)room, &n) != SNAPPY_OK) return FAIL(FRAME_BAD);
    out->n = n;
    return DONE;
}

err compression_open(enum compression c, bytes body, size_t max, struct wr *out)
{
    out->n = 0;
    out->bad = false;
    if (c == COMPRESSION_NONE) return FAIL(FRAME_BAD);
    if (body.n == 0) return DONE;
    switch (c) {
    case COMPRESSION_LZ4:
        return open_lz4(body, max, out);
    case COMPRESSION_SNAPPY:
        return open_snappy(body, max, out);
    case COMPRESSION_NONE:
    case COMPRESSIONS:
        break;
    }
    return FAIL(BUG);
}
