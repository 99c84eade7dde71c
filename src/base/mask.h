/* What may be a secret is not repeated: people paste tokens where names belong. */
#pragma once

#include "base/bytes.h"

/* The longest name that anything here or in Cassandra has; secrets are longer, ids and UUIDs shorter. */
enum { MASK_WORD_MAX = 48 };

/* A copy of `text`, terminated, cut at `size`: a longer run of the characters that secrets are made of
 * keeps its first four. */
void mask_words(bytes text, char *out, size_t size);
