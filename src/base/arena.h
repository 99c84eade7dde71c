/* Memory of one call: taken in pieces, given back all at once, with a cap. */
#pragma once

#include "base/bytes.h"
#include "base/err.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t used;    /* bytes handed out since the last reset */
    size_t max;
    bool bad;       /* a request was refused: the call answers NO_MEMORY */
};

void arena_init(struct arena *a, size_t max);
/* Keeps the newest block for the next call. */
void arena_reset(struct arena *a);
/* The same, after all that was handed out has been wiped; keeps at most `most` bytes. */
void arena_wipe(struct arena *a, size_t most);
void arena_drop(struct arena *a);

/* Zeroed, aligned for any object; NULL over the cap or out of memory (latched in a->bad). */
void *arena_take(struct arena *a, size_t n);
/* An array of n elements of the given size; NULL when the product overflows or is over the cap. */
void *arena_take_array(struct arena *a, size_t n, size_t size);
/* A copy that lives as long as the arena; empty when refused. */
bytes arena_copy(struct arena *a, bytes b);
/* A copy with a terminating NUL; NULL when refused. */
char *arena_text(struct arena *a, bytes b);
char *arena_format(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
