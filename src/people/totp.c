/* One-time codes by the clock. */
#include "people/totp.h"

#include "base/check.h"
#include "base/random.h"

#include <liboath/oath.h>
#include <stdlib.h>

void totp_new(struct secret *seed)
{
    random_fill(seed->data, TOTP_SEED);
    seed->n = TOTP_SEED;
}

static bool is_code_of(const struct secret *seed, int64_t step, bytes code)
{
    char want[TOTP_DIGITS + 1];
    const int got = oath_totp_generate((const char *)seed->data, seed->n,
                                       (time_t)(step * TOTP_STEP_S), TOTP_STEP_S, 0, TOTP_DIGITS,
                                       want);
    const bool same = got == OATH_OK && secret_eq(bytes_of(want, TOTP_DIGITS), code);
    secret_wipe(want, sizeof want);
    return same;
}

bool totp_find(const struct secret *seed, bytes code, int64_t now_ms, int64_t last, int64_t *step)
{
    const int64_t now = now_ms / (TOTP_STEP_S * 1000);
    if (code.n != TOTP_DIGITS) return false;
    for (int64_t s = now - TOTP_WINDOW; s <= now + TOTP_WINDOW; s++) {
        if (s <= last || !is_code_of(seed, s, code)) continue;
        *step = s;
        return true;
    }
    return false;
}

void totp_seed_text(const struct secret *seed, char out[TOTP_SEED_TEXT])
{
    char *text = NULL;
    size_t n = 0;
    const int got = oath_base32_encode((const char *)seed->data, seed->n, &text, &n);
    CHECK(got == OATH_OK && n == TOTP_SEED_TEXT);
    memcpy(out, text, TOTP_SEED_TEXT);
    secret_wipe(text, n);
    free(text);
}

static bool is_unreserved(uint8_t c)
{
    const uint8_t letter = (uint8_t)(c | 0x20);
    return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

static void write_escaped(bytes text, struct wr *w)
{
    for (size_t i = 0; i < text.n; i++) {
        if (is_unreserved(text.p[i]))
            wr_u8(w, text.p[i]);
        else
            wr_format(w, "%%%02X", text.p[i]);
    }
}

void totp_uri(const struct secret *seed, bytes email, struct wr *w)
{
    char text[TOTP_SEED_TEXT];
    totp_seed_text(seed, text);
    wr_text(w, "otpauth://totp/Latchkey:");
    write_escaped(email, w);
    wr_text(w, "?secret=");
    wr_bytes(w, bytes_of(text, sizeof text));
    wr_text(w, "&issuer=Latchkey");
    secret_wipe(text, sizeof text);
}
