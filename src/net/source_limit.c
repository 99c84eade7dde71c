/* How many connections each network has open: open addressing, at most half full by its size. */
#include "net/source_limit.h"

#include "base/check.h"
#include "base/hash.h"

#include <stdlib.h>

struct source {
    struct address prefix;
    size_t open; /* 0: the place is free */
};

struct source_limit {
    size_t total_max;
    size_t each_max;
    size_t open;
    size_t mask;
    struct hash_seed seed;
    struct source places[];
};

err source_limit_new(size_t total_max, size_t each_max, struct source_limit **out)
{
    size_t size = 16;
    while (size < 2 * total_max && size < SIZE_MAX / 4 / sizeof(struct source))
        size *= 2;
    struct source_limit *s = calloc(1, sizeof *s + size * sizeof s->places[0]);
    if (!s) return FAIL(NO_MEMORY);
    s->total_max = total_max;
    s->each_max = each_max ? each_max : SIZE_MAX;
    s->mask = size - 1;
    s->seed = hash_seed_new();
    *out = s;
    return DONE;
}

void source_limit_free(struct source_limit *s)
{
    free(s);
}

/* Where the search for a prefix starts; the seed keeps strangers from choosing collisions. */
static size_t home_of(const struct source_limit *s, const struct address *prefix)
{
    return (size_t)hash_bytes(s->seed, bytes_of(prefix->ip, sizeof prefix->ip)) & s->mask;
}

static size_t find(const struct source_limit *s, const struct address *prefix)
{
    size_t i = home_of(s, prefix);
    while (s->places[i].open && !address_eq_ip(&s->places[i].prefix, prefix))
        i = (i + 1) & s->mask;
    return i;
}

err source_limit_take(struct source_limit *s, const struct address *a)
{
    if (s->open >= s->total_max) return FAIL(TOO_MANY);
    const struct address prefix = address_prefix(a, SOURCE_V4_BITS, SOURCE_V6_BITS);
    struct source *place = &s->places[find(s, &prefix)];
    if (place->open >= s->each_max && !address_is_loopback(a)) return FAIL(TOO_MANY);
    place->prefix = prefix;
    place->open++;
    s->open++;
    return DONE;
}

/* Closes the gap that a place leaves, so that no search stops at it too early. */
static void close_gap(struct source_limit *s, size_t gap)
{
    for (size_t i = (gap + 1) & s->mask; s->places[i].open; i = (i + 1) & s->mask) {
        const size_t home = home_of(s, &s->places[i].prefix);
        if (((i - home) & s->mask) < ((i - gap) & s->mask)) continue;
        s->places[gap] = s->places[i];
        s->places[i].open = 0;
        gap = i;
    }
}

void source_limit_give(struct source_limit *s, const struct address *a)
{
    const struct address prefix = address_prefix(a, SOURCE_V4_BITS, SOURCE_V6_BITS);
    const size_t i = find(s, &prefix);
    CHECK(s->places[i].open > 0 && s->open > 0);
    s->open--;
    if (--s->places[i].open == 0) close_gap(s, i);
}

size_t source_limit_open(const struct source_limit *s)
{
    return s->open;
}
