#include "model/server_key.h"

#include "base/check.h"

#include <nettle/hmac.h>

void server_keys_drop(struct server_keys *keys)
{
    secret_wipe(keys, sizeof *keys);
}

const struct server_key *server_keys_find(const struct server_keys *keys, uint16_t id)
{
    for (size_t i = 0; i < keys->n; i++) {
        if (keys->list[i].id == id) return &keys->list[i];
    }
    return NULL;
}

const struct server_key *server_keys_newest(const struct server_keys *keys)
{
    CHECK(keys->n > 0 && keys->n <= SERVER_KEYS_MAX);
    return &keys->list[keys->n - 1];
}

void server_key_verifier(const struct server_key *key, const uint8_t digest[SERVER_KEY_DIGEST],
                         uint8_t out[SERVER_KEY_VERIFIER])
{
    struct hmac_sha256_ctx hmac;
    hmac_sha256_set_key(&hmac, sizeof key->key, key->key);
    hmac_sha256_update(&hmac, SERVER_KEY_DIGEST, digest);
    hmac_sha256_digest(&hmac, SERVER_KEY_VERIFIER, out);
    secret_wipe(&hmac, sizeof hmac);
}
