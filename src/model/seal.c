/* Layout: 0x01, key id (u16), nonce (12), ciphertext, tag (16). The sealing key is
 * HMAC-SHA-256(server key, "latchkey seal v1"). */
#include "model/seal.h"

#include "base/rd.h"

#include <nettle/gcm.h>
#include <nettle/hmac.h>

enum { SEAL_FORMAT = 1 };

static void derive(const struct server_key *key, struct gcm_aes256_ctx *gcm)
{
    const bytes label = BYTES("latchkey seal v1");
    struct hmac_sha256_ctx hmac;
    uint8_t derived[SHA256_DIGEST_SIZE];
    hmac_sha256_set_key(&hmac, sizeof key->key, key->key);
    hmac_sha256_update(&hmac, label.n, label.p);
    hmac_sha256_digest(&hmac, sizeof derived, derived);
    gcm_aes256_set_key(gcm, derived);
    secret_wipe(derived, sizeof derived);
    secret_wipe(&hmac, sizeof hmac);
}

void seal_write(const struct server_key *key, bytes record_id, const uint8_t nonce[SEAL_NONCE],
                bytes secret, struct wr *w)
{
    wr_u8(w, SEAL_FORMAT);
    wr_u16be(w, key->id);
    wr_bytes(w, bytes_of(nonce, SEAL_NONCE));
    if (secret.n > SECRET_MAX) {
        w->bad = true;
        return;
    }
    uint8_t *text = wr_room(w, secret.n + SEAL_TAG);
    if (!text) return;
    struct gcm_aes256_ctx gcm;
    derive(key, &gcm);
    gcm_aes256_set_iv(&gcm, SEAL_NONCE, nonce);
    gcm_aes256_update(&gcm, record_id.n, record_id.p);
    gcm_aes256_encrypt(&gcm, secret.n, text, secret.p);
    gcm_aes256_digest(&gcm, SEAL_TAG, text + secret.n);
    secret_wipe(&gcm, sizeof gcm);
}

static err open_with(const struct server_key *key, bytes record_id, bytes nonce, bytes text,
                     bytes tag, struct secret *out)
{
    struct gcm_aes256_ctx gcm;
    uint8_t want[SEAL_TAG];
    derive(key, &gcm);
    gcm_aes256_set_iv(&gcm, SEAL_NONCE, nonce.p);
    gcm_aes256_update(&gcm, record_id.n, record_id.p);
    gcm_aes256_decrypt(&gcm, text.n, out->data, text.p);
    gcm_aes256_digest(&gcm, SEAL_TAG, want);
    secret_wipe(&gcm, sizeof gcm);
    out->n = text.n;
    if (secret_eq(bytes_of(want, SEAL_TAG), tag)) return DONE;
    secret_drop(out);
    return FAIL(STORE_DAMAGED);
}

uint16_t seal_key_id(bytes sealed)
{
    struct rd r = rd_over(sealed);
    const uint8_t format = rd_u8(&r);
    const uint16_t id = rd_u16be(&r);
    return r.bad || format != SEAL_FORMAT || sealed.n < SEAL_OVERHEAD ? 0 : id;
}

err seal_read(const struct server_keys *keys, bytes record_id, bytes sealed, struct secret *out)
{
    if (sealed.n < SEAL_OVERHEAD || sealed.n - SEAL_OVERHEAD > SECRET_MAX) {
        return FAIL(STORE_DAMAGED);
    }
    struct rd r = rd_over(sealed);
    const uint8_t format = rd_u8(&r);
    const uint16_t id = rd_u16be(&r);
    const bytes nonce = rd_take(&r, SEAL_NONCE);
    const bytes text = rd_take(&r, sealed.n - SEAL_OVERHEAD);
    const bytes tag = rd_take(&r, SEAL_TAG);
    if (r.bad || format != SEAL_FORMAT) return FAIL(STORE_DAMAGED);
    const struct server_key *key = server_keys_find(keys, id);
    if (!key) return FAIL(KEY_MISSING);
    return open_with(key, record_id, nonce, text, tag, out);
}
