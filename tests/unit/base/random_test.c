/* Random numbers stay below their limit and reach all of it. */
#include "unit.h"

#include "base/random.h"

static void stays_below_and_reaches_all(void **state)
{
    (void)state;
    unsigned seen[52] = {0};
    for (int i = 0; i < 52 * 1000; i++) {
        const uint32_t v = random_below(52);
        assert_in_range(v, 0, 51);
        seen[v]++;
    }
    /* A thousand each; seven hundred is nine standard deviations away. */
    for (int i = 0; i < 52; i++) assert_in_range(seen[i], 700, 1300);
    assert_int_equal(random_below(1), 0);
}

UNIT_MAIN(cmocka_unit_test(stays_below_and_reaches_all))
