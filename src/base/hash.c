/* SipHash-2-4 as published by Aumasson and Bernstein (2012), 64-bit result. */
#include "base/hash.h"

#include "base/random.h"

#include <endian.h>

struct state {
    uint64_t a;
    uint64_t b;
    uint64_t c;
    uint64_t d;
};

static uint64_t rotate(uint64_t x, unsigned n)
{
    return x << n | x >> (64 - n);
}

#ifdef __clang__
__attribute__((no_sanitize("unsigned-integer-overflow", "unsigned-shift-base")))
#endif
static inline void
round_once(struct state *s)
{
    s->a += s->b;
    s->b = rotate(s->b, 13) ^ s->a;
    s->a = rotate(s->a, 32);
    s->c += s->d;
    s->d = rotate(s->d, 16) ^ s->c;
    s->a += s->d;
    s->d = rotate(s->d, 21) ^ s->a;
    s->c += s->b;
    s->b = rotate(s->b, 17) ^ s->c;
    s->c = rotate(s->c, 32);
}

struct hash_seed hash_seed_new(void)
{
    return (struct hash_seed){random_u64(), random_u64()};
}

static uint64_t load_le(const uint8_t *p, size_t n)
{
    uint8_t word[8] = {0};
    memcpy(word, p, n);
    uint64_t v;
    memcpy(&v, word, sizeof v);
    return le64toh(v);
}

static void absorb(struct state *s, uint64_t word)
{
    s->d ^= word;
    round_once(s);
    round_once(s);
    s->a ^= word;
}

uint64_t hash_bytes(struct hash_seed seed, bytes in)
{
    struct state s = {seed.k0 ^ 0x736f6d6570736575, seed.k1 ^ 0x646f72616e646f6d,
                      seed.k0 ^ 0x6c7967656e657261, seed.k1 ^ 0x7465646279746573};
    size_t at = 0;
    for (; in.n - at >= 8; at += 8) absorb(&s, load_le(in.p + at, 8));
    const uint64_t tail = in.n - at ? load_le(in.p + at, in.n - at) : 0;
    absorb(&s, tail | (uint64_t)(in.n & 0xff) << 56);
    s.c ^= 0xff;
    for (int i = 0; i < 4; i++) round_once(&s);
    return s.a ^ s.b ^ s.c ^ s.d;
}
