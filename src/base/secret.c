#include "base/secret.h"

void secret_wipe(void *p, size_t n)
{
    if (n) explicit_bzero(p, n);
}

bool secret_eq(bytes a, bytes b)
{
    if (a.n != b.n) return false;
    volatile uint64_t difference = 0;
    size_t i = 0;
    for (; a.n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
        uint64_t x;
        uint64_t y;
        memcpy(&x, a.p + i, sizeof x);
        memcpy(&y, b.p + i, sizeof y);
        difference = difference | (x ^ y);
    }
    for (; i < a.n; i++) difference = difference | (uint64_t)(a.p[i] ^ b.p[i]);
    return difference == 0;
}

bool secret_set(struct secret *s, bytes b)
{
    secret_drop(s);
    if (b.n > SECRET_MAX) return false;
    if (b.n) memcpy(s->data, b.p, b.n);
    s->n = b.n;
    return true;
}

void secret_drop(struct secret *s)
{
    secret_wipe(s, sizeof *s);
}
