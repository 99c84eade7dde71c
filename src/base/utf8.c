#include "base/utf8.h"

/* Length of the sequence at p and its code point; 0 when it is not valid. */
static size_t decode(bytes in, uint32_t *point)
{
    const uint8_t first = in.p[0];
    if (first < 0x80) {
        *point = first;
        return 1;
    }
    const size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || in.n < n) return 0;
    uint32_t v = first & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((in.p[i] & 0xc0) != 0x80) return 0;
        v = v << 6 | (in.p[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff)) return 0;
    *point = v;
    return n;
}

/* How many bytes at the beginning are ASCII, in steps of eight. */
static size_t ascii_run(bytes text)
{
    size_t n = 0;
    for (uint64_t eight; text.n - n >= sizeof eight; n += sizeof eight) {
        memcpy(&eight, text.p + n, sizeof eight);
        if (eight & 0x8080808080808080) break;
    }
    return n;
}

size_t utf8_valid_part(bytes text)
{
    uint32_t point;
    size_t at = 0;
    for (;;) {
        at += ascii_run(bytes_part(text, at, SIZE_MAX));
        if (at == text.n) return at;
        const size_t n = decode(bytes_part(text, at, SIZE_MAX), &point);
        if (n == 0) return at;
        at += n;
    }
}

bool utf8_is_valid(bytes text)
{
    return utf8_valid_part(text) == text.n;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

bool utf8_is_plain(bytes text, size_t max)
{
    uint32_t point;
    size_t points = 0;
    while (text.n) {
        const size_t n = decode(text, &point);
        if (n == 0 || is_control(point) || ++points > max) return false;
        text = bytes_part(text, n, SIZE_MAX);
    }
    return true;
}

uint32_t utf8_next(bytes *text)
{
    uint32_t point = 0xfffd;
    const size_t n = decode(*text, &point);
    *text = bytes_part(*text, n ? n : 1, SIZE_MAX);
    return point;
}

bool utf8_has_control(bytes text, uint32_t *point)
{
    while (text.n) {
        *point = utf8_next(&text);
        if (is_control(*point)) return true;
    }
    return false;
}

size_t utf8_length(bytes text)
{
    size_t points = 0;
    for (size_t i = 0; i < text.n; i++) points += (text.p[i] & 0xc0) != 0x80;
    return points;
}

void utf8_mend(char *text, size_t n)
{
    uint32_t point;
    size_t at = 0;
    while (at < n) {
        const size_t length = decode(bytes_of(text + at, n - at), &point);
        if (length == 0) text[at] = '?';
        at += length ? length : 1;
    }
}
