/* Whose address a request counts under: read from the end, for only the end was written by those
 * whom we believe. */
#include "http/forwarded.h"

bool forwarded_is_proxy(const struct address *a, const struct cidr *proxies, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (address_in_cidr(a, &proxies[i])) return true;
    }
    return false;
}

/* Some proxies add the port: "192.0.2.7:1234", "[2001:db8::1]:1234". */
static bool read_one(bytes text, struct address *out)
{
    if (err_is_ok(address_read_ip(text, out))) return true;
    const bool literal = text.n && (text.p[0] == '[' || (text.p[0] >= '0' && text.p[0] <= '9'));
    return literal && err_is_ok(address_read(text, 1, out));
}

struct address forwarded_find(const struct address *peer, bytes list, const struct cidr *proxies,
                              size_t proxies_n)
{
    struct address who = *peer;
    while (list.n && forwarded_is_proxy(&who, proxies, proxies_n)) {
        size_t from = list.n;
        struct address next = {0};
        while (from > 0 && list.p[from - 1] != ',')
            from--;
        if (!read_one(bytes_trimmed(bytes_part(list, from, list.n)), &next)) break;
        who = next;
        list = bytes_part(list, 0, from ? from - 1 : 0);
    }
    return who;
}
