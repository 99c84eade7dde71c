/* Server keys: what turns a token's third part into its verifier, and seals reversible secrets. */
#pragma once

#include "base/err.h"
#include "base/secret.h"

enum {
    SERVER_KEY_SIZE = 32,
    SERVER_KEYS_MAX = 16,
    SERVER_KEY_DIGEST = 32,
    SERVER_KEY_VERIFIER = 24    /* bytes kept of HMAC-SHA-256: 192 bits */
};

/* One key. Never printed; wiped by server_keys_drop. */
struct server_key {
    uint16_t id;                /* from 1, never reused */
    int64_t created_ms;
    uint8_t key[SERVER_KEY_SIZE];
};

/* Oldest first: the last one signs new tokens. */
struct server_keys {
    struct server_key list[SERVER_KEYS_MAX];
    size_t n;
};

void server_keys_drop(struct server_keys *keys);
const struct server_key *server_keys_find(const struct server_keys *keys, uint16_t id);
/* CHECKs that there is one. */
const struct server_key *server_keys_newest(const struct server_keys *keys);

/* HMAC-SHA-256(key, the 32 bytes of a token's third part), its first SERVER_KEY_VERIFIER bytes. */
void server_key_verifier(const struct server_key *key, const uint8_t digest[SERVER_KEY_DIGEST],
                         uint8_t out[SERVER_KEY_VERIFIER]);
