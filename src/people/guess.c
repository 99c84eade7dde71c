/* Passwords that are guessed first. What counts is how many characters say something new: "aaaaaaa" is one,
 * "1234567890123456" is one, "abcd1234" is two. */
#include "people/guess.h"

#include "base/secret.h"
#include "base/utf8.h"

/* A text as characters, without case. */
struct points {
    uint32_t p[GUESS_POINTS_MAX];
    size_t n;
};

static uint32_t fold(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static void read_points(bytes text, struct points *out)
{
    out->n = 0;
    while (text.n && out->n < GUESS_POINTS_MAX) out->p[out->n++] = fold(utf8_next(&text));
}

/* --- few, or in a row --- */

static bool is_row(uint32_t a, uint32_t b)
{
    static const char *const rows[] = {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop",
                                       "yxcvbnm",    "azertyuiop", "qsdfghjklm", "wxcvbn"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (const char *c = rows[i]; c[1]; c++) {
            const uint32_t left = (uint8_t)c[0];
            const uint32_t right = (uint8_t)c[1];
            if ((a == left && b == right) || (a == right && b == left)) return true;
        }
    }
    return false;
}

static bool follows(uint32_t a, uint32_t b)
{
    return a == b || a + 1 == b || b + 1 == a || is_row(a, b);
}

static size_t different(const struct points *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        size_t before = 0;
        while (before < i && t->p[before] != t->p[i]) before++;
        n += before == i;
    }
    return n;
}

static size_t unforeseen(const struct points *t)
{
    size_t n = t->n > 0;
    for (size_t i = 1; i < t->n; i++) n += !follows(t->p[i - 1], t->p[i]);
    return n;
}

static enum guess judge(const struct points *t)
{
    if (different(t) < GUESS_LEAST) return GUESS_FEW;
    return unforeseen(t) < GUESS_LEAST ? GUESS_SEQUENCE : GUESS_NONE;
}

/* --- the address --- */

static bool is_at(const struct points *t, size_t at, const struct points *word)
{
    if (word->n > t->n - at) return false;
    return memcmp(t->p + at, word->p, word->n * sizeof *word->p) == 0;
}

static void take_out(struct points *t, const struct points *word)
{
    size_t kept = 0;
    for (size_t at = 0; at < t->n;) {
        if (is_at(t, at, word)) {
            at += word->n;
        } else {
            t->p[kept++] = t->p[at++];
        }
    }
    t->n = kept;
}

static void take_out_text(struct points *t, bytes text)
{
    struct points word;
    read_points(text, &word);
    if (word.n >= GUESS_NAME_LEAST) take_out(t, &word);
}

static size_t word_end(bytes text)
{
    size_t n = 0;
    while (n < text.n && !memchr(".-_+@", text.p[n], 5)) n++;
    return n;
}

/* The address, its name before the @, and the words of that. */
static void take_out_address(struct points *t, bytes email)
{
    const uint8_t *sign = email.n ? memchr(email.p, '@', email.n) : NULL;
    bytes name = bytes_part(email, 0, sign ? (size_t)(sign - email.p) : email.n);
    take_out_text(t, email);
    take_out_text(t, name);
    while (name.n) {
        const size_t n = word_end(name);
        take_out_text(t, bytes_part(name, 0, n));
        name = bytes_part(name, n + 1, name.n);
    }
}

enum guess guess_is(bytes password, bytes email)
{
    struct points t;
    read_points(password, &t);
    enum guess found = judge(&t);
    const size_t whole = t.n;
    if (found == GUESS_NONE && utf8_is_valid(email)) {
        take_out_address(&t, email);
        if (t.n < whole && judge(&t) != GUESS_NONE) found = GUESS_ADDRESS;
    }
    secret_wipe(&t, sizeof t);
    return found;
}
