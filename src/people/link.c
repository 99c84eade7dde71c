/* Links. */
#include "people/link.h"

#include "base/hex.h"
#include "base/random.h"
#include "base/secret.h"

void link_new(struct link *l)
{
    uint8_t random[LINK_SECRET / 2];
    random_fill(random, sizeof random);
    hex_write(bytes_of(random, sizeof random), l->secret);
    l->hash = record_hash_of(bytes_of(l->secret, sizeof l->secret));
    secret_wipe(random, sizeof random);
}

bool link_is(bytes secret, const struct record_hash *hash, int64_t ends_ms, int64_t now_ms)
{
    if (secret.n != LINK_SECRET || record_hash_is_zero(hash) || now_ms >= ends_ms) return false;
    const struct record_hash h = record_hash_of(secret);
    return secret_eq(bytes_of(h.b, sizeof h.b), bytes_of(hash->b, sizeof hash->b));
}

void link_write(const struct link *l, bytes base, const char *page, struct wr *w)
{
    wr_bytes(w, base);
    wr_text(w, page);
    wr_u8(w, '#');
    wr_bytes(w, bytes_of(l->secret, sizeof l->secret));
}
