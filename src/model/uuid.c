#include "model/uuid.h"

#include "base/hex.h"

#include <nettle/sha1.h>

static const uint8_t groups[] = {8, 4, 4, 4, 12};

bool uuid_read(bytes text, struct uuid *out)
{
    if (text.n != UUID_TEXT) return false;
    char digits[32];
    size_t from = 0;
    size_t to = 0;
    for (size_t g = 0; g < sizeof groups; g++) {
        if (g > 0 && text.p[from++] != '-') return false;
        memcpy(digits + to, text.p + from, groups[g]);
        from += groups[g];
        to += groups[g];
    }
    return hex_read(bytes_of(digits, sizeof digits), out->b, sizeof out->b, true);
}

void uuid_write(const struct uuid *u, char *out)
{
    char digits[32];
    hex_write(bytes_of(u->b, sizeof u->b), digits);
    size_t from = 0;
    for (size_t g = 0; g < sizeof groups; g++) {
        if (g > 0) *out++ = '-';
        memcpy(out, digits + from, groups[g]);
        from += groups[g];
        out += groups[g];
    }
}

void uuid_text(const struct uuid *u, char out[UUID_TEXT + 1])
{
    uuid_write(u, out);
    out[UUID_TEXT] = 0;
}

static struct uuid with_version(struct uuid u, unsigned version)
{
    u.b[6] = (uint8_t)((u.b[6] & 0x0fu) | version << 4);
    u.b[8] = (uint8_t)((u.b[8] & 0x3fu) | 0x80u);
    return u;
}

struct uuid uuid_from_random(const uint8_t random[16])
{
    struct uuid u;
    memcpy(u.b, random, sizeof u.b);
    return with_version(u, 4);
}

struct uuid uuid_from_name(const struct uuid *space, bytes name)
{
    struct sha1_ctx sha;
    uint8_t digest[SHA1_DIGEST_SIZE];
    sha1_init(&sha);
    sha1_update(&sha, sizeof space->b, space->b);
    sha1_update(&sha, name.n, name.p);
    sha1_digest(&sha, sizeof digest, digest);
    struct uuid u;
    memcpy(u.b, digest, sizeof u.b);
    return with_version(u, 5);
}
