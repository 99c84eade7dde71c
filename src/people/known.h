/* Networks from which somebody was right, kept in the person's record, so that a restart does not make
 * strangers of everybody: whoever was right from here within a week does not wait for what neighbours fail
 * (delay.h). Kept as HMACs under a server key: a copy of the store does not say where anybody signs in, and
 * confirms no guess. */
#pragma once

#include "model/record.h"
#include "model/server_key.h"

enum {
    KNOWN_NETWORKS = 8, /* of a person, those of last */
    KNOWN_EACH = 12,    /* bytes: of an HMAC 8, hours since 1970 in 4 */
    KNOWN_MAX = KNOWN_NETWORKS * KNOWN_EACH
};

bool known_has(const struct record_person *p, const struct server_keys *keys, bytes network, int64_t now_ms);
/* Right from there now: it stands first. `room`, of KNOWN_MAX, is the record's from now on. */
void known_note(struct record_person *p, const struct server_keys *keys, bytes network, int64_t now_ms,
                uint8_t *room);
