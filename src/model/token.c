#include "model/token.h"

#include "base/hex.h"

#include <libdeflate.h>
#include <nettle/sha2.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char secret_characters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,_+-";

enum { LETTERS = sizeof letters - 1, PLAIN_LETTERS = 20, CHECKSUM_LETTERS = 4 };
/* Letters and digits, which come first: what a secret begins with, for cqlsh and its like take a
 * password that begins with "-" for an option. */
enum { SECRET_CHARACTERS = sizeof secret_characters - 1, SECRET_FIRST = 62 };

/* This and the next run at every login: no branch a character, so that compilers make them wide. */
bool token_is_client_id(bytes text)
{
    unsigned strangers = 0;
    if (text.n != TOKEN_CLIENT_ID) return false;
    for (size_t i = 0; i < TOKEN_CLIENT_ID; i++) {
        strangers |= (uint8_t)((text.p[i] | 0x20) - 'a') > 25;
    }
    return strangers == 0;
}

/* What is no digit is read as some number, and noticed. */
static bool read_digest(bytes text, uint8_t out[TOKEN_DIGEST])
{
    unsigned strangers = 0;
    uint8_t nibbles[TOKEN_DIGEST_TEXT];
    for (size_t i = 0; i < TOKEN_DIGEST_TEXT; i++) {
        const uint8_t c = text.p[i];
        strangers |= (unsigned)((uint8_t)(c - '0') > 9) & (unsigned)((uint8_t)(c - 'a') > 5);
        nibbles[i] = (uint8_t)((c & 15) + 9 * (c >> 6));
    }
    for (size_t i = 0; i < TOKEN_DIGEST; i++) {
        out[i] = (uint8_t)(nibbles[2 * i] << 4 | nibbles[2 * i + 1]);
    }
    secret_wipe(nibbles, sizeof nibbles);
    return strangers == 0;
}

bytes token_client_id(bytes text, bytes prefix)
{
    const bool fits = text.n == prefix.n + TOKEN_CLIENT_ID + 1 + TOKEN_DIGEST_TEXT &&
                      bytes_has_prefix(text, prefix);
    return fits ? bytes_part(text, prefix.n, TOKEN_CLIENT_ID) : (bytes){0};
}

err token_read(bytes text, bytes prefix, struct token_parts *out)
{
    struct token_parts parts;
    parts.client_id = token_client_id(text, prefix);
    if (!parts.client_id.n) return FAIL(TOKEN_MALFORMED);
    const bytes digest = bytes_part(text, prefix.n + TOKEN_CLIENT_ID + 1, TOKEN_DIGEST_TEXT);
    if (text.p[prefix.n + TOKEN_CLIENT_ID] != ':' || !token_is_client_id(parts.client_id) ||
        !read_digest(digest, parts.digest)) {
        return FAIL(TOKEN_MALFORMED);
    }
    *out = parts;
    return DONE;
}

static void write_checksum(const uint8_t *plain, char *out)
{
    uint32_t v = libdeflate_crc32(0, plain, PLAIN_LETTERS) % (LETTERS * LETTERS * LETTERS * LETTERS);
    for (int i = CHECKSUM_LETTERS - 1; i >= 0; i--) {
        out[i] = letters[v % LETTERS];
        v /= LETTERS;
    }
}

bool token_has_checksum(bytes client_id)
{
    if (!token_is_client_id(client_id)) return false;
    char want[CHECKSUM_LETTERS];
    write_checksum(client_id.p, want);
    return memcmp(want, client_id.p + PLAIN_LETTERS, sizeof want) == 0;
}

void token_digest(bytes secret, uint8_t out[TOKEN_DIGEST])
{
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, secret.n, secret.p);
    sha256_digest(&sha, TOKEN_DIGEST, out);
    secret_wipe(&sha, sizeof sha);
}

void token_make(struct token_new *t, uint32_t (*below)(uint32_t n))
{
    for (size_t i = 0; i < PLAIN_LETTERS; i++) t->client_id[i] = letters[below(LETTERS)];
    write_checksum((const uint8_t *)t->client_id, t->client_id + PLAIN_LETTERS);
    t->secret[0] = secret_characters[below(SECRET_FIRST)];
    for (size_t i = 1; i < TOKEN_SECRET; i++) {
        t->secret[i] = secret_characters[below(SECRET_CHARACTERS)];
    }
    token_digest(bytes_of(t->secret, TOKEN_SECRET), t->digest);
}

size_t token_write(const struct token_new *t, bytes prefix, char *out)
{
    memcpy(out, prefix.p, prefix.n);
    memcpy(out + prefix.n, t->client_id, TOKEN_CLIENT_ID);
    out[prefix.n + TOKEN_CLIENT_ID] = ':';
    hex_write(bytes_of(t->digest, TOKEN_DIGEST), out + prefix.n + TOKEN_CLIENT_ID + 1);
    return prefix.n + TOKEN_CLIENT_ID + 1 + TOKEN_DIGEST_TEXT;
}
