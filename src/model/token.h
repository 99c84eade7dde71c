/* Application tokens as text: client id with its checksum, secret, and the token string. */
#pragma once

#include "base/err.h"
#include "base/secret.h"

enum {
    TOKEN_CLIENT_ID = 24,      /* letters */
    TOKEN_SECRET = 128,        /* characters */
    TOKEN_DIGEST = 32,         /* bytes: SHA-256 of the secret */
    TOKEN_DIGEST_TEXT = 2 * TOKEN_DIGEST, /* lower-case hex digits, the third part of a token */
    TOKEN_PREFIX_MAX = 16,
    TOKEN_RANDOM = 20 + TOKEN_SECRET /* letters' and characters' worth of random numbers */
};

#define TOKEN_PREFIX "AstraCS:"

/* The parts of a presented token; the id is borrowed. */
struct token_parts {
    bytes client_id;
    uint8_t digest[TOKEN_DIGEST];
};

/* A new token; dropped (wiped) by its holder. Views into it live as long as it does. */
struct token_new {
    char client_id[TOKEN_CLIENT_ID];
    char secret[TOKEN_SECRET];
    uint8_t digest[TOKEN_DIGEST];
};

/* Splits `<prefix><24 letters>:<64 lower-case hex>`; `prefix` ends in ':'. TOKEN_MALFORMED. The caller
 * wipes the digest. */
MUST err token_read(bytes text, bytes prefix, struct token_parts *out);
/* Where its client id stands, if the text has the length and the prefix of a token; else empty. Whether
 * they are letters is not looked at. */
bytes token_client_id(bytes text, bytes prefix);
/* True for 24 ASCII letters. */
bool token_is_client_id(bytes text);
/* True when the last four letters are the checksum of the first twenty: CRC-32 (IEEE) modulo 52^4,
 * four digits, most significant first, alphabet A–Z a–z. Imported ids need not have it. */
bool token_has_checksum(bytes client_id);

/* Fills `t` from random numbers drawn by the caller: `below(n)` is uniform over 0 … n-1. */
void token_make(struct token_new *t, uint32_t (*below)(uint32_t n));
/* The third part, as bytes, from a secret: what a login with client id and secret presents. */
void token_digest(bytes secret, uint8_t out[TOKEN_DIGEST]);
/* Length of the whole string for this prefix; writes it to `out` (no terminator). */
size_t token_write(const struct token_new *t, bytes prefix, char *out);
