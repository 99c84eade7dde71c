#include "base/random.h"

#include "base/check.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

void random_fill(void *p, size_t n)
{
    uint8_t *at = p;
    while (n > 0) {
        const ssize_t got = getrandom(at, n, 0);
        if (got < 0 && errno == EINTR) continue;
        CHECK(got > 0);
        at += got;
        n -= (size_t)got;
    }
}

uint64_t random_u64(void)
{
    uint64_t v;
    random_fill(&v, sizeof v);
    return v;
}

/* Small draws come out of one larger one; what was handed out is wiped. */
static uint32_t draw_u32(void)
{
    static _Thread_local uint8_t pool[512];
    static _Thread_local size_t left;
    uint32_t v;
    if (left < sizeof v) {
        random_fill(pool, sizeof pool);
        left = sizeof pool;
    }
    left -= sizeof v;
    memcpy(&v, pool + left, sizeof v);
    explicit_bzero(pool + left, sizeof v);
    return v;
}

void random_fill_small(void *p, size_t n)
{
    uint8_t *at = p;
    while (n > 0) {
        const uint32_t v = draw_u32();
        const size_t some = n < sizeof v ? n : sizeof v;
        memcpy(at, &v, some);
        at += some;
        n -= some;
    }
}

uint32_t random_below(uint32_t n)
{
    CHECK(n > 0);
    const uint32_t limit = UINT32_MAX - UINT32_MAX % n;
    uint32_t v;
    do {
        v = draw_u32();
    } while (v >= limit);
    return v % n;
}
