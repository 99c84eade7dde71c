/* SipHash-2-4 against the vectors of its paper and reference. */
#include "unit.h"

#include "base/hash.h"

static void agrees_with_the_published_vectors(void **state)
{
    (void)state;
    const struct hash_seed seed = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
    uint8_t in[16];
    for (size_t i = 0; i < sizeof in; i++) in[i] = (uint8_t)i;
    assert_true(hash_bytes(seed, bytes_of(in, 0)) == UINT64_C(0x726fdb47dd0e0e31));
    assert_true(hash_bytes(seed, bytes_of(in, 1)) == UINT64_C(0x74f839c593dc67fd));
    assert_true(hash_bytes(seed, bytes_of(in, 15)) == UINT64_C(0xa129ca6149be45e5));
}

UNIT_MAIN(cmocka_unit_test(agrees_with_the_published_vectors))
