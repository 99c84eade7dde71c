#include "base/random.h"

#include "base/check.h"

#include <errno.h>
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

uint32_t random_below(uint32_t n)
{
    CHECK(n > 0);
    const uint32_t limit = UINT32_MAX - UINT32_MAX % n;
    uint32_t v;
    do {
        random_fill(&v, sizeof v);
    } while (v >= limit);
    return v % n;
}
