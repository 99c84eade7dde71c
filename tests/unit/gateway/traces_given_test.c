/* Traces belong to the token that was given them. */
#include "unit.h"

#include "gateway/traces_given.h"

static struct uuid id_of(uint32_t n)
{
    struct uuid id = {{0}};
    memcpy(id.b, &n, sizeof n);
    return id;
}

static void only_its_own_and_only_for_a_while(void **state)
{
    (void)state;
    struct traces_given t;
    const struct principal one = {.live = 1, .live_word = 7};
    const struct principal other = {.live = 2, .live_word = 7};
    const struct principal later = {.live = 1, .live_word = 9};    /* the number was given again */
    const struct uuid zero = {{0}};
    const struct uuid id = id_of(1);
    assert_ok(traces_given_init(&t));
    assert_false(traces_given_has(&t, &one, &id));
    assert_false(traces_given_has(&t, &(struct principal){0}, &zero));
    traces_given_add(&t, &one, &id);
    assert_true(traces_given_has(&t, &one, &id));
    assert_false(traces_given_has(&t, &other, &id));
    assert_false(traces_given_has(&t, &later, &id));
    for (uint32_t n = 2; n <= TRACES_GIVEN_KEPT + 1; n++) {
        const struct uuid next = id_of(n);
        traces_given_add(&t, &other, &next);
    }
    assert_false(traces_given_has(&t, &one, &id));
    traces_given_drop(&t);
}

UNIT_MAIN(cmocka_unit_test(only_its_own_and_only_for_a_while))
