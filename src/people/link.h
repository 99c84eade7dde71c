/* Links that stand for a person who has no password yet: 256 bits behind the '#', which browsers
 * keep to themselves, so that no server's log has them; stored as a hash. */
#pragma once

#include "base/wr.h"
#include "model/record.h"

enum {
    LINK_SECRET = 64, /* hexadecimal digits */
    LINK_INVITATION_MS = 72 * 3600 * 1000,
    LINK_SETUP_MS = 3600 * 1000
};

struct link {
    char secret[LINK_SECRET]; /* wiped by its holder */
    struct record_hash hash;
};

void link_new(struct link *l);
/* True for the secret behind `hash`, until `ends_ms`. */
bool link_is(bytes secret, const struct record_hash *hash, int64_t ends_ms, int64_t now_ms);
/* "https://keys.example/set-up#…". */
void link_write(const struct link *l, bytes base, const char *page, struct wr *w);
