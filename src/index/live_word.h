/* Live words: four bytes a token that say whether it still is the one that a session logged in with.
 * The word is a generation and, in its lowest bit, whether it is active. Numbers are used again after
 * a grace period, with a new generation; a session would have to outlive two thousand million users of
 * its number, all of them ended, to take another token for its own. */
#pragma once

#include "index/chunked.h"

struct live_batch;

struct live_words {
    struct chunked words;              /* of _Atomic uint32_t */
    uint32_t *free_numbers;            /* the writer's from here on */
    size_t free_n;
    size_t free_room;
    struct live_batch *gathering;      /* numbers given back, not yet waiting */
    _Atomic(struct live_batch *) over; /* batches whose grace period has passed */
};

bool live_word_init(struct live_words *l);
/* When nobody reads any more, and after grace_wait. */
void live_word_drop(struct live_words *l);
/* Writer: an active word; UINT32_MAX without memory. */
uint32_t live_word_take(struct live_words *l);
/* Writer: ends the generation; true when it was active. Needs no memory. */
bool live_word_end(struct live_words *l, uint32_t number);
/* Writer: a new, active generation under the same number; the word. */
uint32_t live_word_renew(struct live_words *l, uint32_t number);
/* Writer: the number may be used again, later. It has ended. */
void live_word_give(struct live_words *l, uint32_t number);
/* 0 for an unknown number. */
uint32_t live_word_read(const struct live_words *l, uint32_t number);

static inline bool live_word_is_active(uint64_t word)
{
    return word & 1;
}
