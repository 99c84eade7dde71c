/* Network addresses as plain values; an IPv4 address mapped into IPv6 is the IPv4 address. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

#include <sys/socket.h>

/* "[" + 45 characters + "]:65535" and a NUL; also longer than any scope id that is shown. */
enum { ADDRESS_TEXT_SIZE = 64, ADDRESS_HOST_MAX = 255 };

enum address_family { ADDRESS_NONE, ADDRESS_V4, ADDRESS_V6 };

struct address {
    enum address_family family;
    uint8_t ip[16]; /* 4 bytes used of IPv4; the rest is zero */
    uint16_t port;
    uint32_t scope; /* IPv6 link-local interface, else 0 */
};

/* A range: the first `bits` bits of `base` count, the others are zero. */
struct cidr {
    struct address base;
    unsigned bits;
};

/* "HOST:PORT", "[v6]:PORT", or without a port when `default_port` is not 0. The host is borrowed
 * and only checked for its characters. BAD_INPUT. */
MUST err address_split(bytes text, uint16_t default_port, bytes *host, uint16_t *port);
/* The same with a literal address for a host ("localhost" and "*" count as one). BAD_INPUT. */
MUST err address_read(bytes text, uint16_t default_port, struct address *out);
/* A literal address without port or brackets. BAD_INPUT. */
MUST err address_read_ip(bytes text, struct address *out);
/* "10.0.0.0/8", "2001:db8::/32"; a bare address is a range of one. Bits beyond the length are
 * cleared, for that is how published access lists are written. BAD_INPUT. */
MUST err address_read_cidr(bytes text, struct cidr *out);

bool address_is_loopback(const struct address *a);
/* 0.0.0.0 or :: */
bool address_is_any(const struct address *a);
/* Without the port. */
bool address_eq_ip(const struct address *a, const struct address *b);
bool address_in_cidr(const struct address *a, const struct cidr *range);
/* The network that the address is counted under: its first bits, no port. */
struct address address_prefix(const struct address *a, unsigned v4_bits, unsigned v6_bits);

/* ADDRESS_NONE for families that are neither. */
struct address address_of_sockaddr(const struct sockaddr *s);
socklen_t address_to_sockaddr(const struct address *a, struct sockaddr_storage *out);

/* "1.2.3.4:80", "[::1]:80"; without the port: "1.2.3.4", "::1"; "-" when there is none. */
void address_write(const struct address *a, char out[ADDRESS_TEXT_SIZE]);
void address_write_ip(const struct address *a, char out[ADDRESS_TEXT_SIZE]);
