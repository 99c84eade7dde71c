/* IP addresses and ranges of them as plain values; an IPv4 address mapped into IPv6 is the IPv4 address.
 * Pure. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

enum ip_family { IP_NONE, IP_V4, IP_V6 };

/* 4 bytes used of IPv4; the rest is zero. */
struct ip {
    enum ip_family family;
    uint8_t b[16];
};

/* The first `bits` bits of `base` count, the others are zero. */
struct ip_prefix {
    struct ip base;
    unsigned bits;
};

/* "10.0.0.1", "2001:db8::1". BAD_INPUT. */
MUST err ip_read(bytes text, struct ip *out);
struct ip ip_of_v6(const uint8_t b[16]);
/* The address of a peer as calls name it: with or without a port ("1.2.3.4:80", "[::1]:80"). BAD_INPUT. */
MUST err ip_read_peer(bytes text, struct ip *out);
/* "10.0.0.0/8", "2001:db8::/32"; a bare address is a range of one. Bits beyond the length are cleared,
 * for that is how published access lists are written. BAD_INPUT. */
MUST err ip_prefix_read(bytes text, struct ip_prefix *out);

enum { IP_PREFIX_TEXT = 52 };
/* "10.0.0.0/8", and a range of one as its bare address. */
void ip_prefix_write(const struct ip_prefix *range, char out[IP_PREFIX_TEXT]);

/* Clears what is beyond the first `bits` bits. */
void ip_mask(struct ip *a, unsigned bits);
bool ip_is_in(const struct ip *a, const struct ip_prefix *range);
/* Every address of `inner` is in `outer`. */
bool ip_prefix_covers(const struct ip_prefix *outer, const struct ip_prefix *inner);
bool ip_prefix_eq(const struct ip_prefix *a, const struct ip_prefix *b);
/* By family, address, and then wider ranges before those within them. */
int ip_prefix_compare(const struct ip_prefix *a, const struct ip_prefix *b);
