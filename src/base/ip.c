/* IP addresses and ranges of them as plain values. */
#include "base/ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { V4_BITS = 32, V6_BITS = 128, MAPPED_BITS = 96 };

static const uint8_t mapped[MAPPED_BITS / 8] = {[10] = 0xff, [11] = 0xff};

static void unmap(struct ip *a)
{
    if (a->family != IP_V6 || memcmp(a->b, mapped, sizeof mapped) != 0) return;
    a->family = IP_V4;
    memcpy(a->b, a->b + sizeof mapped, 4);
    memset(a->b + 4, 0, sizeof mapped);
}

struct ip ip_of_v6(const uint8_t b[16])
{
    struct ip a = {.family = IP_V6};
    memcpy(a.b, b, sizeof a.b);
    unmap(&a);
    return a;
}

err ip_read(bytes text, struct ip *out)
{
    char literal[INET6_ADDRSTRLEN];
    struct ip a = {0};
    if (text.n == 0 || text.n >= sizeof literal || memchr(text.p, 0, text.n)) return FAIL(BAD_INPUT);
    memcpy(literal, text.p, text.n);
    literal[text.n] = 0;
    if (inet_pton(AF_INET, literal, a.b) == 1) {
        a.family = IP_V4;
    } else if (inet_pton(AF_INET6, literal, a.b) == 1) {
        a.family = IP_V6;
    } else {
        return FAIL(BAD_INPUT);
    }
    unmap(&a);
    *out = a;
    return DONE;
}

static size_t find(bytes text, uint8_t c)
{
    const uint8_t *at = text.n ? memchr(text.p, c, text.n) : NULL;
    return at ? (size_t)(at - text.p) : text.n;
}

err ip_read_peer(bytes text, struct ip *out)
{
    if (text.n && text.p[0] == '[') return ip_read(bytes_part(text, 1, find(text, ']') - 1), out);
    const size_t colon = find(text, ':');
    const bool port = colon < text.n && find(bytes_part(text, colon + 1, text.n), ':') + colon + 1 == text.n;
    return ip_read(port ? bytes_part(text, 0, colon) : text, out);
}

static bool read_bits(bytes text, unsigned *out)
{
    unsigned n = 0;
    if (text.n == 0 || text.n > 3) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return false;
        n = n * 10 + (unsigned)(text.p[i] - '0');
    }
    *out = n;
    return true;
}

err ip_prefix_read(bytes text, struct ip_prefix *out)
{
    const size_t slash = find(text, '/');
    struct ip_prefix range = {0};
    TRY(ip_read(bytes_part(text, 0, slash), &range.base));
    const unsigned most = range.base.family == IP_V4 ? V4_BITS : V6_BITS;
    range.bits = most;
    if (slash < text.n) {
        unsigned bits = 0;
        const bool was_mapped = range.base.family == IP_V4 && find(text, ':') < text.n;
        if (!read_bits(bytes_part(text, slash + 1, text.n), &bits)) return FAIL(BAD_INPUT);
        if (was_mapped && bits < MAPPED_BITS) return FAIL(BAD_INPUT);
        if (was_mapped) bits -= MAPPED_BITS;
        if (bits > most) return FAIL(BAD_INPUT);
        range.bits = bits;
    }
    ip_mask(&range.base, range.bits);
    *out = range;
    return DONE;
}

void ip_prefix_write(const struct ip_prefix *range, char out[IP_PREFIX_TEXT])
{
    const bool v4 = range->base.family == IP_V4;
    out[0] = 0;
    if (range->base.family == IP_NONE) return;
    (void)inet_ntop(v4 ? AF_INET : AF_INET6, range->base.b, out, INET6_ADDRSTRLEN);
    if (range->bits == (v4 ? V4_BITS : V6_BITS)) return;
    const size_t n = strlen(out);
    (void)snprintf(out + n, IP_PREFIX_TEXT - n, "/%u", range->bits);
}

void ip_mask(struct ip *a, unsigned bits)
{
    for (unsigned i = 0; i < sizeof a->b; i++) {
        const unsigned keep = bits >= 8 * (i + 1) ? 8 : bits > 8 * i ? bits - 8 * i : 0;
        a->b[i] = (uint8_t)(a->b[i] & (0xff00U >> keep));
    }
}

bool ip_is_in(const struct ip *a, const struct ip_prefix *range)
{
    if (a->family == IP_NONE || a->family != range->base.family) return false;
    struct ip masked = *a;
    ip_mask(&masked, range->bits);
    return memcmp(masked.b, range->base.b, sizeof masked.b) == 0;
}

bool ip_prefix_covers(const struct ip_prefix *outer, const struct ip_prefix *inner)
{
    return outer->bits <= inner->bits && ip_is_in(&inner->base, outer);
}

bool ip_prefix_eq(const struct ip_prefix *a, const struct ip_prefix *b)
{
    return ip_prefix_compare(a, b) == 0;
}

int ip_prefix_compare(const struct ip_prefix *a, const struct ip_prefix *b)
{
    if (a->base.family != b->base.family) return a->base.family < b->base.family ? -1 : 1;
    const int by_address = memcmp(a->base.b, b->base.b, sizeof a->base.b);
    if (by_address) return by_address;
    return a->bits < b->bits ? -1 : a->bits > b->bits;
}
