/* Bytes that must not be seen: fixed size, locked in memory, wiped when dropped, without a printer. */
#pragma once

#include "base/bytes.h"

enum { SECRET_MAX = 1024 };

struct secret {
    uint8_t data[SECRET_MAX];
    size_t n;
};

/* Wipes in a way that the compiler keeps. */
void secret_wipe(void *p, size_t n);
/* Constant time for equal lengths; the lengths themselves are not secret. */
bool secret_eq(bytes a, bytes b);

/* False when longer than SECRET_MAX; then the secret is empty. */
bool secret_set(struct secret *s, bytes b);
void secret_drop(struct secret *s);

static inline bytes secret_view(const struct secret *s)
{
    return (bytes){s->data, s->n};
}
