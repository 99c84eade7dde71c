#include "http/chunks.h"

enum { SIZE_DIGITS_MAX = 15 };

static enum chunks_got go(struct chunks *c, enum chunks_place place)
{
    c->place = place;
    return CHUNKS_MORE;
}

static enum chunks_got expect(struct chunks *c, uint8_t got, uint8_t wanted, enum chunks_place next)
{
    return got == wanted ? go(c, next) : CHUNKS_BROKEN;
}

static int digit_of(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum chunks_got take_size(struct chunks *c, uint8_t b)
{
    const int digit = digit_of(b);
    if (digit >= 0) {
        c->left = c->left * 16 + (uint64_t)digit;
        return ++c->digits > SIZE_DIGITS_MAX ? CHUNKS_TOO_BIG : CHUNKS_MORE;
    }
    if (c->digits == 0) return CHUNKS_BROKEN;
    if (b == '\r') return go(c, CHUNKS_SIZE_LF);
    return b == ';' ? go(c, CHUNKS_EXTENSION) : CHUNKS_BROKEN;
}

/* What is dropped, up to the end of its line. */
static enum chunks_got skip(struct chunks *c, uint8_t b, enum chunks_place at_end)
{
    if (b == '\r') return go(c, at_end);
    if (b == '\n' || ++c->aside > CHUNKS_ASIDE_MAX) return CHUNKS_BROKEN;
    return CHUNKS_MORE;
}

static enum chunks_got take_size_end(struct chunks *c, uint8_t b)
{
    c->digits = 0;
    return expect(c, b, '\n', c->left ? CHUNKS_DATA : CHUNKS_TRAILER);
}

static enum chunks_got take_byte(struct chunks *c, uint8_t b)
{
    switch (c->place) {
    case CHUNKS_SIZE:
        return take_size(c, b);
    case CHUNKS_EXTENSION:
        return skip(c, b, CHUNKS_SIZE_LF);
    case CHUNKS_SIZE_LF:
        return take_size_end(c, b);
    case CHUNKS_DATA_CR:
        return expect(c, b, '\r', CHUNKS_DATA_LF);
    case CHUNKS_DATA_LF:
        return expect(c, b, '\n', CHUNKS_SIZE);
    case CHUNKS_TRAILER:
        if (b == '\r') return go(c, CHUNKS_LAST_LF);
        c->place = CHUNKS_TRAILER_TEXT;
        return skip(c, b, CHUNKS_TRAILER_LF);
    case CHUNKS_TRAILER_TEXT:
        return skip(c, b, CHUNKS_TRAILER_LF);
    case CHUNKS_TRAILER_LF:
        return expect(c, b, '\n', CHUNKS_TRAILER);
    case CHUNKS_LAST_LF:
        return b == '\n' ? CHUNKS_END : CHUNKS_BROKEN;
    case CHUNKS_DATA:
        break;
    }
    return CHUNKS_BROKEN;
}

static void take_data(struct chunks *c, bytes *in, bytes *piece)
{
    *piece = bytes_part(*in, 0, c->left < in->n ? (size_t)c->left : in->n);
    *in = bytes_part(*in, piece->n, in->n);
    c->left -= piece->n;
    if (c->left == 0) c->place = CHUNKS_DATA_CR;
}

enum chunks_got chunks_take(struct chunks *c, bytes *in, bytes *piece)
{
    enum chunks_got got = CHUNKS_MORE;
    *piece = (bytes){0};
    while (in->n && got == CHUNKS_MORE && piece->n == 0) {
        if (c->place == CHUNKS_DATA) {
            take_data(c, in, piece);
        } else {
            got = take_byte(c, in->p[0]);
            *in = bytes_part(*in, 1, in->n);
        }
    }
    return got;
}
