/* A borrowed view of bytes, passed by value; it never owns what it points at. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const uint8_t *p;
    size_t n;
} bytes;

/* A view of a string literal, without its terminator. */
#define BYTES(literal) ((bytes){(const uint8_t *)("" literal), sizeof(literal) - 1})

static inline bytes bytes_of(const void *p, size_t n)
{
    return (bytes){(const uint8_t *)p, n};
}

static inline bytes bytes_of_text(const char *text)
{
    return (bytes){(const uint8_t *)text, text ? strlen(text) : 0};
}

/* Not for secrets: see secret_eq. */
static inline bool bytes_eq(bytes a, bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool bytes_eq_text(bytes a, const char *text)
{
    return bytes_eq(a, bytes_of_text(text));
}

/* ASCII letters only; all other bytes must be equal. */
static inline bool bytes_eq_nocase(bytes a, bytes b)
{
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++) {
        uint8_t x = a.p[i];
        uint8_t y = b.p[i];
        if (x >= 'A' && x <= 'Z') x = (uint8_t)(x | 0x20);
        if (y >= 'A' && y <= 'Z') y = (uint8_t)(y | 0x20);
        if (x != y) return false;
    }
    return true;
}

static inline bool bytes_has_prefix(bytes a, bytes prefix)
{
    return a.n >= prefix.n && bytes_eq((bytes){a.p, prefix.n}, prefix);
}

/* The part from `from` (clamped), at most `n` bytes. */
static inline bytes bytes_part(bytes a, size_t from, size_t n)
{
    if (from > a.n) from = a.n;
    if (n > a.n - from) n = a.n - from;
    return (bytes){from ? a.p + from : a.p, n};
}

/* Without the blanks, spaces and tabs, at both ends. */
static inline bytes bytes_trimmed(bytes a)
{
    while (a.n && (a.p[0] == ' ' || a.p[0] == '\t'))
        a = bytes_part(a, 1, a.n);
    while (a.n && (a.p[a.n - 1] == ' ' || a.p[a.n - 1] == '\t'))
        a.n--;
    return a;
}

/* For "%.*s": the length as int, cut at INT_MAX. */
#define BYTES_FMT(b) (int)((b).n > 0x7fffffff ? 0x7fffffff : (b).n), (const char *)((b).n ? (b).p : (const uint8_t *)"")
