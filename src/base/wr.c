#include "base/wr.h"

#include "base/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_SIZE = 256 };

void wr_drop(struct wr *w)
{
    if (w->owned) free(w->p);
    *w = (struct wr){.max = w->max, .owned = w->owned, .wiped = w->wiped};
}

void wr_wipe(struct wr *w)
{
    secret_wipe(w->p, w->n);
    wr_drop(w);
}

/* As realloc does it, but nothing stays behind. */
static uint8_t *move(struct wr *w, size_t size)
{
    uint8_t *p = malloc(size);
    if (!p) return NULL;
    if (w->n) memcpy(p, w->p, w->n);
    secret_wipe(w->p, w->size);
    free(w->p);
    return p;
}

static bool grow(struct wr *w, size_t need)
{
    if (!w->owned || need > w->max) return false;
    size_t size = w->size ? w->size : FIRST_SIZE;
    while (size < need) size = size > w->max / 2 ? w->max : size * 2;
    if (size > w->max) size = w->max;
    uint8_t *p = w->wiped ? move(w, size) : realloc(w->p, size);
    if (!p) return false;
    w->p = p;
    w->size = size;
    return true;
}

uint8_t *wr_room(struct wr *w, size_t n)
{
    if (w->bad || n > w->max - w->n || (n > w->size - w->n && !grow(w, w->n + n))) {
        w->bad = true;
        return NULL;
    }
    uint8_t *at = w->p + w->n;
    w->n += n;
    return at;
}

void wr_bytes(struct wr *w, bytes b)
{
    if (b.n == 0) return;
    uint8_t *at = wr_room(w, b.n);
    if (at) memcpy(at, b.p, b.n);
}

void wr_text(struct wr *w, const char *text)
{
    wr_bytes(w, bytes_of_text(text));
}

void wr_u8(struct wr *w, uint8_t v)
{
    uint8_t *at = wr_room(w, 1);
    if (at) at[0] = v;
}

void wr_u16be(struct wr *w, uint16_t v)
{
    uint8_t *at = wr_room(w, 2);
    if (!at) return;
    at[0] = (uint8_t)(v >> 8);
    at[1] = (uint8_t)v;
}

static void put_u32(uint8_t *at, uint32_t v)
{
    at[0] = (uint8_t)(v >> 24);
    at[1] = (uint8_t)(v >> 16);
    at[2] = (uint8_t)(v >> 8);
    at[3] = (uint8_t)v;
}

void wr_u32be(struct wr *w, uint32_t v)
{
    uint8_t *at = wr_room(w, 4);
    if (at) put_u32(at, v);
}

void wr_i32be(struct wr *w, int32_t v)
{
    wr_u32be(w, (uint32_t)v);
}

void wr_u64be(struct wr *w, uint64_t v)
{
    wr_u32be(w, (uint32_t)(v >> 32));
    wr_u32be(w, (uint32_t)v);
}

void wr_bytes16(struct wr *w, bytes b)
{
    if (b.n > UINT16_MAX) {
        w->bad = true;
        return;
    }
    wr_u16be(w, (uint16_t)b.n);
    wr_bytes(w, b);
}

void wr_bytes32(struct wr *w, bytes b)
{
    if (b.n > INT32_MAX) {
        w->bad = true;
        return;
    }
    wr_u32be(w, (uint32_t)b.n);
    wr_bytes(w, b);
}

void wr_decimal(struct wr *w, int64_t v)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (v < 0) digits[--at] = '-';
    wr_bytes(w, bytes_of(digits + at, sizeof digits - at));
}

void wr_format(struct wr *w, const char *format, ...)
{
    char small[512];
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (n < 0) {
        w->bad = true;
    } else if ((size_t)n < sizeof small) {
        wr_bytes(w, bytes_of(small, (size_t)n));
    } else {
        /* One byte more for the terminator, given back at once. */
        uint8_t *at = wr_room(w, (size_t)n + 1);
        if (!at) return;
        va_start(args, format);
        (void)vsnprintf((char *)at, (size_t)n + 1, format, args);
        va_end(args);
        w->n--;
    }
}

size_t wr_hole_u32(struct wr *w)
{
    const size_t hole = w->n;
    wr_u32be(w, 0);
    return hole;
}

void wr_fill_u32(struct wr *w, size_t hole)
{
    if (w->bad) return;
    const size_t n = w->n - hole - 4;
    if (n > INT32_MAX) {
        w->bad = true;
        return;
    }
    put_u32(w->p + hole, (uint32_t)n);
}

void wr_consume(struct wr *w, size_t n)
{
    if (n > w->n) n = w->n;
    w->n -= n;
    if (w->n) memmove(w->p, w->p + n, w->n);
}
