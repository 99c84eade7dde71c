#include "base/mask.h"

#include "base/check.h"
#include "base/wr.h"

enum { MASK_KEPT = 4 };

/* Letters and digits; what else stands in secrets, in base64, and in either once it is percent-encoded. */
static bool is_secret_character(uint8_t c)
{
    const uint8_t letter = (uint8_t)(c | 0x20);
    return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || (c && strchr("._,+-=%~", c));
}

static size_t run_of(bytes text)
{
    size_t n = 0;
    while (n < text.n && is_secret_character(text.p[n]))
        n++;
    return n;
}

void mask_words(bytes text, char *out, size_t size)
{
    CHECK(size > 0);
    struct wr w = wr_fixed(out, size - 1);
    while (text.n && !w.bad) {
        const size_t run = run_of(text);
        const size_t taken = run ? run : 1;
        const bool masked = run > MASK_WORD_MAX;
        /* What does not fit is cut, not left out. */
        const size_t shown = masked ? MASK_KEPT : taken;
        const size_t room = size - 1 - w.n;
        wr_bytes(&w, bytes_part(text, 0, shown < room ? shown : room));
        if (masked) wr_text(&w, "****");
        text = bytes_part(text, taken, text.n);
    }
    out[w.n] = 0;
}
