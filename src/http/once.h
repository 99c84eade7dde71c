/* Answers that are held for clients who ask the same twice (Idempotency-Key): one table for all
 * doors, in memory alone. */
#pragma once

#include "base/arena.h"

struct once;

enum {
    ONCE_HELD_MAX = 1000,  /* answers, and requests under way */
    ONCE_EACH_MAX = 100,   /* of them one caller's; its oldest gives way to its newest */
    ONCE_HELD_MS = 600000, /* an answer, for it may carry a secret */
    ONCE_SWEEP_MS = 10000, /* so much longer it may be there */
    ONCE_KEY_MAX = 255,
    ONCE_BODY_MAX = 64 << 10, /* longer answers are not held */
    ONCE_SUBJECT_MAX = 64,
    ONCE_HASH = 32
};

/* What is remembered of a request: hashes, so that neither keys nor bodies lie about. */
struct once_key {
    uint8_t caller[ONCE_HASH];
    uint8_t request[ONCE_HASH]; /* caller, method, path and key */
    uint8_t body[ONCE_HASH];
};

struct once_request {
    bytes caller;
    bytes method;
    bytes path;
    bytes key;
    bytes body;
};

struct once_answer {
    unsigned status;
    const char *type; /* static */
    bytes body;       /* may hold a secret */
    bytes subject;    /* what was made */
};

/* A request that was carried out before, without its answer. */
struct once_past {
    bytes subject; /* what it made */
    uint8_t body[ONCE_HASH];
};

/* Who remembers longer than this process holds answers: the hash of the request, in the transaction
 * that made something, for 24 hours. `recall` is asked on HTTP loops about what is not held and must
 * not block; true: the request was carried out before; its subject is in the arena. */
struct once_memory {
    void *owner;
    bool (*recall)(void *owner, const uint8_t request[ONCE_HASH], struct arena *a,
                   struct once_past *past);
};

/* `memory` (copied) NULL: what is not held any more was never asked. NO_MEMORY. */
MUST err once_new(const struct once_memory *memory, struct once **out);
void once_free(struct once *o);

/* 1 to ONCE_KEY_MAX visible ASCII characters. */
bool once_is_key(bytes key);
void once_hash(const struct once_request *r, struct once_key *out);

/* Any thread; `now_ms` is monotonic. *found: *held is a copy in the arena. Otherwise the request is
 * under way from now on, until once_end. CONFLICT: it is under way, or its answer is gone;
 * UNPROCESSABLE: another body came with this key; said in the note. TOO_MANY. */
MUST err once_begin(struct once *o, const struct once_key *k, uint64_t now_ms, struct arena *a,
                    struct once_answer *held, bool *found, struct note *note);
/* Holds the answer (copied) from now on; NULL: it may be tried again. */
void once_end(struct once *o, const struct once_key *k, const struct once_answer *a,
              uint64_t now_ms);
/* Wipes what was held for its time, also when nobody asks any more. How many answers are left. */
size_t once_sweep(struct once *o, uint64_t now_ms);
