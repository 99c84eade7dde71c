/* How long who failed to prove who they are has to wait before the next attempt, counted for an
 * account as tried from one network, and less strictly for the network whatever the accounts
 * (delay_network.h): strangers elsewhere never keep anybody out, neighbours nobody who was right before. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

struct delay;

enum {
    DELAY_SETS = 2048, /* pairs that are remembered: DELAY_SETS * DELAY_WAYS */
    DELAY_WAYS = 4,
    DELAY_FREE = 5,             /* attempts without any wait */
    DELAY_FIRST_MS = 1000,      /* doubled with each further one */
    DELAY_MOST_MS = 15 * 60000,
    DELAY_FORGET_MS = 3600000,  /* of quiet */
    DELAY_KNOWN_MS = 7 * 86400000 /* of quiet, after being right */
};

MUST err delay_new(struct delay **out);
void delay_free(struct delay *d);
/* Counts an attempt before it is made, so that many at once count, too. `known`: it is on record that the
 * account was right from there within a week. False: not yet, and *wait_ms says when. Any thread; `now_ms`
 * is monotonic. */
bool delay_take(struct delay *d, bytes account, bytes network, bool known, uint64_t now_ms,
                uint64_t *wait_ms);
/* It was right: failures are forgotten, and the network is not charged with the attempt. */
void delay_clear(struct delay *d, bytes account, bytes network, uint64_t now_ms);
