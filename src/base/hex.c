#include "base/hex.h"

void hex_write(bytes in, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < in.n; i++) {
        out[2 * i] = digits[in.p[i] >> 4];
        out[2 * i + 1] = digits[in.p[i] & 15];
    }
}

static int digit(uint8_t c, bool any_case)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (any_case && c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool hex_read(bytes digits, uint8_t *out, size_t n, bool any_case)
{
    if (digits.n / 2 != n || digits.n % 2 != 0) return false;
    for (size_t i = 0; i < n; i++) {
        const int high = digit(digits.p[2 * i], any_case);
        const int low = digit(digits.p[2 * i + 1], any_case);
        if (high < 0 || low < 0) return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
