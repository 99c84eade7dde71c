/* Random bytes from the operating system's generator. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Ends the process when the system has no randomness to give. */
void random_fill(void *p, size_t n);
/* The same for a few bytes, out of a pool of this thread: without a call of the system each time. */
void random_fill_small(void *p, size_t n);
uint64_t random_u64(void);
/* Uniform over 0 … n-1, without bias; n > 0. */
uint32_t random_below(uint32_t n);
