/* Which tokens of a chunk a filter takes: what token_filter_takes says of each, by the chunk. */
#pragma once

#include "api/token_chunk.h"
#include "api/token_shown.h"
#include "api/token_filter.h"

struct token_match {
    uint64_t rows[TOKEN_CHUNK_MAX / 64];
};

static inline bool token_match_has(const struct token_match *m, size_t row)
{
    return m->rows[row / 64] >> row % 64 & 1;
}

/* How many. */
size_t token_match_chunk(const struct token_filter *f, const struct token_life *life,
                         const struct token_chunk *c, struct token_match *out);
