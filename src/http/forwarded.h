/* Whose address a request counts under when proxies stand before the door. Pure. */
#pragma once

#include "net/address.h"

bool forwarded_is_proxy(const struct address *a, const struct cidr *proxies, size_t n);

/* `peer`, or when it is one of the proxies the last address of `list` (all X-Forwarded-For fields in
 * order, with commas) that is none. What cannot be read ends the search. */
struct address forwarded_find(const struct address *peer, bytes list, const struct cidr *proxies,
                              size_t proxies_n);
