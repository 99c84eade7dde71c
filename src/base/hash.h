/* SipHash-2-4: a keyed hash for tables whose keys strangers choose. */
#pragma once

#include "base/bytes.h"

struct hash_seed {
    uint64_t k0;
    uint64_t k1;
};

/* A seed of this process, drawn once from the system's generator. */
struct hash_seed hash_seed_new(void);
uint64_t hash_bytes(struct hash_seed seed, bytes b);
