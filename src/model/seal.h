/* Sealing: AES-256-GCM under a key derived from a server key, bound to the record that holds it. */
#pragma once

#include "base/wr.h"
#include "model/server_key.h"

/* What seal_write adds: format byte, key id, nonce, tag. */
enum { SEAL_NONCE = 12, SEAL_TAG = 16, SEAL_OVERHEAD = 1 + 2 + SEAL_NONCE + SEAL_TAG };

/* `nonce` must be fresh random bytes; `record_id` is the associated data. */
void seal_write(const struct server_key *key, bytes record_id, const uint8_t nonce[SEAL_NONCE],
                bytes secret, struct wr *w);
/* The number of the key that sealed it; 0 when it is nothing sealed. */
uint16_t seal_key_id(bytes sealed);
/* KEY_MISSING when the key that sealed it is not there, STORE_DAMAGED when it does not open. */
MUST err seal_read(const struct server_keys *keys, bytes record_id, bytes sealed,
                   struct secret *out);
