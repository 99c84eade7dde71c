/* Writing bytes: one growing or fixed buffer; an overflow or a failed allocation latches. */
#pragma once

#include "base/bytes.h"

struct wr {
    uint8_t *p;
    size_t n;       /* written */
    size_t size;    /* room at p */
    size_t max;     /* never grow beyond; equal to size for a fixed buffer */
    bool owned;     /* p came from malloc and may grow */
    bool wiped;     /* what growing leaves behind */
    bool bad;
};

/* Writes into the caller's buffer and never beyond it. */
static inline struct wr wr_fixed(void *p, size_t size)
{
    return (struct wr){.p = (uint8_t *)p, .size = size, .max = size};
}

/* Grows by itself up to max bytes; wr_drop frees it. */
static inline struct wr wr_growing(size_t max)
{
    return (struct wr){.max = max, .owned = true};
}

/* The same for what may hold a secret; end it with wr_wipe. */
static inline struct wr wr_growing_wiped(size_t max)
{
    return (struct wr){.max = max, .owned = true, .wiped = true};
}

void wr_drop(struct wr *w);
/* The same, after what was written has been wiped. */
void wr_wipe(struct wr *w);

/* Room for n more bytes, or NULL (latched). The bytes count as written. */
uint8_t *wr_room(struct wr *w, size_t n);

void wr_bytes(struct wr *w, bytes b);
void wr_text(struct wr *w, const char *text);
void wr_u8(struct wr *w, uint8_t v);
void wr_u16be(struct wr *w, uint16_t v);
void wr_u32be(struct wr *w, uint32_t v);
void wr_i32be(struct wr *w, int32_t v);
void wr_u64be(struct wr *w, uint64_t v);
/* u16 length and the bytes; longer than 65535 latches. */
void wr_bytes16(struct wr *w, bytes b);
/* i32 length and the bytes. */
void wr_bytes32(struct wr *w, bytes b);
/* Decimal digits. */
void wr_decimal(struct wr *w, int64_t v);
void wr_format(struct wr *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A four-byte hole to be filled with a length once it is known. */
size_t wr_hole_u32(struct wr *w);
/* Fills the hole with the number of bytes written since it was made. */
void wr_fill_u32(struct wr *w, size_t hole);

/* Drops the first n bytes, moving the rest down. */
void wr_consume(struct wr *w, size_t n);

static inline bytes wr_view(const struct wr *w)
{
    return (bytes){w->p, w->n};
}
