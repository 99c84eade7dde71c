/* What the upstreams of one thread share: a read buffer. */
#pragma once

#include "base/err.h"

enum { UPSTREAM_SHARED_SIZE = 256 * 1024 };

struct upstream_shared;

MUST err upstream_shared_new(struct upstream_shared **out);
/* When no upstream uses it any more. */
void upstream_shared_free(struct upstream_shared *s);

/* UPSTREAM_SHARED_SIZE bytes, for use between two callbacks of the loop. */
uint8_t *upstream_shared_buffer(struct upstream_shared *s);
