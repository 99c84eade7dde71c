/* Folds letters of two bytes by ranges of code points; everything else passes. */
#include "store/fold.h"

static unsigned fold_point(unsigned c)
{
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9 && c != 0x3a2) ||
        (c >= 0x410 && c <= 0x42f)) {
        return c + 0x20;
    }
    if (c >= 0x400 && c <= 0x40f) return c + 0x50;
    if (c == 0x178) return 0xff;
    const bool odd_is_capital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e);
    const bool even_is_capital = (c >= 0x100 && c <= 0x137 && c != 0x130 && c != 0x131) ||
                                 (c >= 0x14a && c <= 0x177) || (c >= 0x460 && c <= 0x481) ||
                                 (c >= 0x48a && c <= 0x4bf);
    if ((odd_is_capital && c % 2 == 1) || (even_is_capital && c % 2 == 0)) return c + 1;
    return c;
}

void fold_write(bytes name, struct wr *w)
{
    for (size_t i = 0; i < name.n; i++) {
        const uint8_t a = name.p[i];
        const bool pair = (a & 0xe0) == 0xc0 && i + 1 < name.n && (name.p[i + 1] & 0xc0) == 0x80;
        if (pair) {
            const unsigned c = fold_point((a & 0x1fu) << 6 | (name.p[++i] & 0x3fu));
            wr_u8(w, (uint8_t)(0xc0 | c >> 6));
            wr_u8(w, (uint8_t)(0x80 | (c & 0x3f)));
        } else {
            wr_u8(w, a >= 'A' && a <= 'Z' ? (uint8_t)(a + 0x20) : a);
        }
    }
}
