/* Network addresses: read, compared, masked and printed, without asking the network anything. */
#include "net/address.h"

#include "base/ip.h"
#include "base/wr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static bool read_decimal(bytes text, unsigned max, unsigned *out)
{
    unsigned v = 0;
    if (text.n == 0 || text.n > 5) return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return false;
        v = v * 10 + (unsigned)(text.p[i] - '0');
    }
    *out = v;
    return v <= max;
}

static bool is_host_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '%' || c == '*';
}

static bool is_host(bytes host)
{
    if (host.n == 0 || host.n > ADDRESS_HOST_MAX) return false;
    for (size_t i = 0; i < host.n; i++) {
        if (!is_host_character(host.p[i])) return false;
    }
    return true;
}

static size_t count_of(bytes text, uint8_t c)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == c;
    return n;
}

/* What follows the host: nothing or ":PORT". */
static err read_port(bytes rest, uint16_t default_port, uint16_t *port)
{
    unsigned number = 0;
    if (rest.n == 0) {
        if (default_port == 0) return FAIL(BAD_INPUT);
        *port = default_port;
        return DONE;
    }
    if (rest.p[0] != ':') return FAIL(BAD_INPUT);
    if (!read_decimal(bytes_part(rest, 1, rest.n), 65535, &number)) return FAIL(BAD_INPUT);
    *port = (uint16_t)number;
    return DONE;
}

err address_split(bytes text, uint16_t default_port, bytes *host, uint16_t *port)
{
    size_t end = 0;
    bytes name = {0};
    uint16_t number = 0;
    if (text.n && text.p[0] == '[') {
        while (end < text.n && text.p[end] != ']')
            end++;
        if (end == text.n) return FAIL(BAD_INPUT);
        name = bytes_part(text, 1, end - 1);
        end++;
    } else {
        const bool bare_v6 = count_of(text, ':') > 1;
        while (end < text.n && (bare_v6 || text.p[end] != ':'))
            end++;
        name = bytes_part(text, 0, end);
    }
    struct address literal = {0};
    if (!is_host(name)) return FAIL(BAD_INPUT);
    if (count_of(name, ':') > 0) TRY(address_read_ip(name, &literal));
    TRY(read_port(bytes_part(text, end, text.n), default_port, &number));
    *host = name;
    *port = number;
    return DONE;
}

static struct address of_ip(const struct ip *from)
{
    struct address a = {.family = from->family == IP_V4 ? ADDRESS_V4 : ADDRESS_V6};
    memcpy(a.ip, from->b, sizeof a.ip);
    return a;
}

err address_read_ip(bytes text, struct address *out)
{
    struct ip ip;
    TRY(ip_read(text, &ip));
    *out = of_ip(&ip);
    return DONE;
}

err address_read(bytes text, uint16_t default_port, struct address *out)
{
    bytes host = {0};
    uint16_t port = 0;
    struct address a = {0};
    TRY(address_split(text, default_port, &host, &port));
    if (bytes_eq_nocase(host, BYTES("localhost"))) host = BYTES("127.0.0.1");
    if (bytes_eq_text(host, "*")) host = BYTES("0.0.0.0");
    TRY(address_read_ip(host, &a));
    a.port = port;
    *out = a;
    return DONE;
}

static void mask(struct address *a, unsigned bits)
{
    struct ip ip = {0};
    memcpy(ip.b, a->ip, sizeof ip.b);
    ip_mask(&ip, bits);
    memcpy(a->ip, ip.b, sizeof ip.b);
}

err address_read_cidr(bytes text, struct cidr *out)
{
    struct ip_prefix range;
    TRY(ip_prefix_read(text, &range));
    *out = (struct cidr){of_ip(&range.base), range.bits};
    return DONE;
}

bool address_is_loopback(const struct address *a)
{
    static const uint8_t one[16] = {[15] = 1};
    if (a->family == ADDRESS_V4) return a->ip[0] == 127;
    return a->family == ADDRESS_V6 && memcmp(a->ip, one, sizeof one) == 0;
}

bool address_is_any(const struct address *a)
{
    static const uint8_t zero[16];
    return a->family != ADDRESS_NONE && memcmp(a->ip, zero, sizeof zero) == 0;
}

bool address_eq_ip(const struct address *a, const struct address *b)
{
    return a->family == b->family && a->scope == b->scope && memcmp(a->ip, b->ip, 16) == 0;
}

bool address_in_cidr(const struct address *a, const struct cidr *range)
{
    if (a->family != range->base.family) return false;
    struct address masked = *a;
    mask(&masked, range->bits);
    return memcmp(masked.ip, range->base.ip, 16) == 0;
}

struct address address_prefix(const struct address *a, unsigned v4_bits, unsigned v6_bits)
{
    struct address prefix = *a;
    prefix.port = 0;
    prefix.scope = 0;
    mask(&prefix, a->family == ADDRESS_V4 ? v4_bits : v6_bits);
    return prefix;
}

struct address address_of_sockaddr(const struct sockaddr *s)
{
    struct address a = {0};
    if (s->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, s, sizeof in);
        a.family = ADDRESS_V4;
        memcpy(a.ip, &in.sin_addr, 4);
        a.port = ntohs(in.sin_port);
    } else if (s->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, s, sizeof in);
        const struct ip ip = ip_of_v6(in.sin6_addr.s6_addr);
        a = of_ip(&ip);
        a.port = ntohs(in.sin6_port);
        a.scope = ip.family == IP_V6 ? in.sin6_scope_id : 0;
    }
    return a;
}

socklen_t address_to_sockaddr(const struct address *a, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (a->family == ADDRESS_V4) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(a->port)};
        memcpy(&in.sin_addr, a->ip, 4);
        memcpy(out, &in, sizeof in);
        return sizeof in;
    }
    struct sockaddr_in6 in = {
        .sin6_family = AF_INET6, .sin6_port = htons(a->port), .sin6_scope_id = a->scope};
    memcpy(&in.sin6_addr, a->ip, 16);
    memcpy(out, &in, sizeof in);
    return sizeof in;
}

/* Written for every request: inet_ntop would go through printf. */
static void write_v4(const uint8_t ip[4], char out[ADDRESS_TEXT_SIZE])
{
    struct wr w = wr_fixed(out, ADDRESS_TEXT_SIZE);
    for (size_t i = 0; i < 4; i++) {
        if (i) wr_u8(&w, '.');
        wr_decimal(&w, ip[i]);
    }
    wr_u8(&w, 0);
}

void address_write_ip(const struct address *a, char out[ADDRESS_TEXT_SIZE])
{
    if (a->family == ADDRESS_V4) {
        write_v4(a->ip, out);
    } else if (a->family == ADDRESS_NONE || !inet_ntop(AF_INET6, a->ip, out, ADDRESS_TEXT_SIZE)) {
        snprintf(out, ADDRESS_TEXT_SIZE, "-");
    }
}

void address_write(const struct address *a, char out[ADDRESS_TEXT_SIZE])
{
    char ip[ADDRESS_TEXT_SIZE];
    address_write_ip(a, ip);
    if (a->family == ADDRESS_NONE) {
        snprintf(out, ADDRESS_TEXT_SIZE, "-");
    } else if (a->family == ADDRESS_V4) {
        snprintf(out, ADDRESS_TEXT_SIZE, "%.15s:%u", ip, (unsigned)a->port);
    } else {
        snprintf(out, ADDRESS_TEXT_SIZE, "[%.45s]:%u", ip, (unsigned)a->port);
    }
}
