/* Who is calling: a presented credential against the index. Pure; an unknown id, a wrong secret, an
 * expired and a revoked token take the same path and the same time. */
#pragma once

#include "index/index.h"
#include "model/call.h"

#include <nettle/hmac.h>

/* The server keys, each as a keyed state that is copied by value. Wiped by identity_keys_drop. */
struct identity_keys {
    size_t n;
    struct identity_key {
        uint16_t id;
        struct sha256_ctx inner;   /* HMAC-SHA-256 before and after the message */
        struct sha256_ctx outer;
    } list[SERVER_KEYS_MAX];
};

void identity_keys_init(struct identity_keys *keys, const struct server_keys *from);
void identity_keys_drop(struct identity_keys *keys);

/* Why not; for the log and the audit only. */
enum identity_reason {
    IDENTITY_OK,
    IDENTITY_MALFORMED,
    IDENTITY_UNKNOWN,
    IDENTITY_WRONG_SECRET,
    IDENTITY_EXPIRED,
    IDENTITY_REVOKED,
    IDENTITY_KEY_MISSING,
    IDENTITY_NO_SESSION,
    IDENTITY_NOT_A_MEMBER,
    IDENTITY_REASONS
};
const char *identity_reason_text(enum identity_reason reason);

/* Longest secret of a pair that is hashed. */
enum { IDENTITY_SECRET_MAX = 1024 };

/* How long a signed-in browser stays so: in all, and without a request. */
enum { IDENTITY_SESSION_MS = 12 * 3600 * 1000, IDENTITY_SESSION_IDLE_MS = 30 * 60 * 1000 };

/* The verifier under the newest key of a token that was recognised by an older one. */
struct identity_rekey {
    uint16_t from;                /* 0: the newest key it was, nothing is to be done */
    uint16_t to;
    uint8_t verifier[SERVER_KEY_VERIFIER];
};

/* `prefixes` are those that a token may begin with, each ending in ':'. Fills *who and *rekey on success;
 * *who also for a token that has ended, IDENTITY_EXPIRED or IDENTITY_REVOKED, when its secret was right.
 * `rekey` may be NULL. */
enum identity_reason identity_find(const struct index *index, const struct identity_keys *keys,
                                   const bytes *prefixes, size_t prefixes_n,
                                   const struct credential *cred, int64_t now_ms,
                                   struct principal *who, struct identity_rekey *rekey);
