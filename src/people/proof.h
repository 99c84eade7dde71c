/* Proving who one is: a password and, where it is set up, a second factor. */
#pragma once

#include "model/record.h"

/* As it came; views are borrowed and secret. */
struct proof_given {
    bytes password;
    bytes code;     /* by the clock, or empty */
    bytes recovery; /* one of the ten, or empty */
};

struct proof {
    bool holds;
    const char *why;  /* not; for the audit alone */
    int64_t step;     /* of the code that was taken; 0: none */
    size_t recovery;  /* the code that was spent; SIZE_MAX: none */
};

/* `p` NULL: there is no such account, which takes as long. `seed`: of their authenticator, where
 * they have one (proof_open). Blocks (people.h). */
void proof_check(const struct record_person *p, const struct secret *seed,
                 const struct proof_given *given, int64_t now_ms, struct proof *out);
/* What the proof used up is gone from the person; `room` for its recovery codes. */
void proof_spend(const struct proof *proof, struct record_person *p, struct record_hash *room);

/* The seed of somebody's authenticator, sealed and opened. */
void proof_seal(const struct server_key *key, const struct uuid *person, const struct secret *seed,
                struct wr *w);
MUST err proof_open(const struct server_keys *keys, const struct uuid *person, bytes sealed,
                    struct secret *seed);
