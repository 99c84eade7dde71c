/* Requests that are not to be carried out twice, for longer than a process holds their answers: the
 * creating transaction keeps the hash of the request (decisions 4.4). */
#pragma once

#include "http/once.h"
#include "index/index.h"
#include "model/change.h"

enum {
    REPLAY_KEPT_MS = 24 * 3600 * 1000,
    REPLAY_MAX = 20000,    /* kept; beyond it and the next, the process alone remembers */
    REPLAY_EACH_MAX = 5000 /* of them one scope's: nobody fills the places of others */
};

/* Asks the picture in memory, which is borrowed. */
struct once_memory replay_memory(struct index *x);
/* That the request of this key made the token, as a change beside the token's (whose `by` is the
 * caller's to fill in); how many changes that is: none without a key, and none when as many are kept
 * as may be. */
size_t replay_put(const struct snapshot *s, const struct once_key *key, int64_t now_ms,
                  const struct record_token *made, struct change *out);
