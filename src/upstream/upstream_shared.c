/* One buffer: what is read is passed on before the next connection reads. */
#include "upstream/upstream_shared.h"

#include <stdlib.h>

struct upstream_shared {
    uint8_t buffer[UPSTREAM_SHARED_SIZE];
};

err upstream_shared_new(struct upstream_shared **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? DONE : FAIL(NO_MEMORY);
}

void upstream_shared_free(struct upstream_shared *s)
{
    free(s);
}

uint8_t *upstream_shared_buffer(struct upstream_shared *s)
{
    return s->buffer;
}
