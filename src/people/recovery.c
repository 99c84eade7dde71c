/* Recovery codes. */
#include "people/recovery.h"

#include "base/random.h"
#include "base/secret.h"

enum { LETTERS = 16, GROUP = 4, TYPED_MAX = 64 };

/* Without those that are taken for one another. */
static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
_Static_assert(sizeof alphabet - 1 == 32, "five bits a letter");

/* What counts of a code as it was typed; 0: cannot be one. */
static size_t letters_of(bytes code, uint8_t out[LETTERS])
{
    size_t n = 0;
    if (code.n > TYPED_MAX) return 0;
    for (size_t i = 0; i < code.n; i++) {
        uint8_t c = code.p[i];
        if (c == ' ' || c == '-') continue;
        if (n == LETTERS) return 0;
        if (c >= 'A' && c <= 'Z') c = (uint8_t)(c | 0x20);
        out[n++] = c;
    }
    return n == LETTERS ? n : 0;
}

void recovery_new(struct recovery_codes *codes, struct record_hash hashes[RECOVERY_CODES])
{
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        uint8_t letters[LETTERS];
        size_t at = 0;
        for (size_t k = 0; k < LETTERS; k++) {
            letters[k] = (uint8_t)alphabet[random_below(sizeof alphabet - 1)];
            if (k && k % GROUP == 0) codes->text[i][at++] = '-';
            codes->text[i][at++] = (char)letters[k];
        }
        hashes[i] = record_hash_of(bytes_of(letters, sizeof letters));
        secret_wipe(letters, sizeof letters);
    }
}

bool recovery_find(bytes code, const struct record_hash *hashes, size_t n, size_t *out)
{
    uint8_t letters[LETTERS];
    bool found = false;
    if (letters_of(code, letters) == 0) return false;
    const struct record_hash h = record_hash_of(bytes_of(letters, sizeof letters));
    secret_wipe(letters, sizeof letters);
    for (size_t i = 0; i < n; i++) {
        if (!secret_eq(bytes_of(h.b, sizeof h.b), bytes_of(hashes[i].b, sizeof hashes[i].b))) continue;
        *out = i;
        found = true;
    }
    return found;
}
