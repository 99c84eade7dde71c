/* Reading bytes: the only place in the tree where a read pointer moves; a failed read latches. */
#pragma once

#include "base/bytes.h"

struct rd {
    bytes left;
    bool bad;
};

static inline struct rd rd_over(bytes in)
{
    return (struct rd){in, false};
}

/* The next n bytes, borrowed from the input; empty once a read has failed. */
static inline bytes rd_take(struct rd *r, size_t n)
{
    if (r->bad || n > r->left.n) {
        r->bad = true;
        return (bytes){0};
    }
    const bytes got = {r->left.p, n};
    r->left.p += n;
    r->left.n -= n;
    return got;
}

static inline uint8_t rd_u8(struct rd *r)
{
    const bytes b = rd_take(r, 1);
    return b.n ? b.p[0] : 0;
}

static inline uint16_t rd_u16be(struct rd *r)
{
    const bytes b = rd_take(r, 2);
    return b.n ? (uint16_t)((unsigned)b.p[0] << 8 | b.p[1]) : 0;
}

static inline uint32_t rd_u32be(struct rd *r)
{
    const bytes b = rd_take(r, 4);
    if (!b.n) return 0;
    return (uint32_t)b.p[0] << 24 | (uint32_t)b.p[1] << 16 | (uint32_t)b.p[2] << 8 | b.p[3];
}

static inline int32_t rd_i32be(struct rd *r)
{
    return (int32_t)rd_u32be(r);
}

static inline uint64_t rd_u64be(struct rd *r)
{
    const uint64_t high = rd_u32be(r);
    const uint64_t low = rd_u32be(r);
    return high << 32 | low;
}

/* u16 length, then that many bytes: CQL [string] and [short bytes]. */
static inline bytes rd_bytes16(struct rd *r)
{
    const uint16_t n = rd_u16be(r);
    return rd_take(r, n);
}

/* i32 length, then that many bytes: CQL [long string]; a negative length is a failed read. */
static inline bytes rd_bytes32(struct rd *r)
{
    const int32_t n = rd_i32be(r);
    if (n < 0) {
        r->bad = true;
        return (bytes){0};
    }
    return rd_take(r, (size_t)n);
}

static inline bool rd_at_end(const struct rd *r)
{
    return !r->bad && r->left.n == 0;
}
