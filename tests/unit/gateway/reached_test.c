/* Which nodes are connected to. */
#include "unit.h"

#include "gateway/reached.h"

static void what_was_set_last_is_there(void **state)
{
    (void)state;
    static struct reached r;
    static uint8_t ids[REACHED_MAX][REACHED_ID];
    for (size_t i = 0; i < REACHED_MAX; i++) ids[i][0] = (uint8_t)i, ids[i][1] = (uint8_t)(i >> 8);
    reached_init(&r);
    assert_false(reached_has(&r, ids[0]));
    reached_set(&r, ids[0], REACHED_MAX);
    assert_true(reached_has(&r, ids[0]) && reached_has(&r, ids[REACHED_MAX - 1]));
    reached_set(&r, ids[1], 1);
    assert_true(reached_has(&r, ids[1]));
    assert_false(reached_has(&r, ids[0]));
    reached_set(&r, ids[0], 0);
    assert_false(reached_has(&r, ids[1]));
    reached_drop(&r);
}

UNIT_MAIN(cmocka_unit_test(what_was_set_last_is_there))
