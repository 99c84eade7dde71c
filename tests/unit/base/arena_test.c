/* An arena hands out zeroed memory up to its cap and latches beyond it. */
#include "unit.h"

#include "base/arena.h"

static void refuses_beyond_its_cap(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 100);
    assert_null(arena_take(&a, 101));
    assert_true(a.bad);
    assert_null(arena_take_array(&a, SIZE_MAX / 2, 4));
    arena_reset(&a);
    assert_non_null(arena_take(&a, 96));
    assert_null(arena_take(&a, 16));
    arena_drop(&a);
}

static void gives_zeroed_memory_again_after_a_reset(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    for (int turn = 0; turn < 3; turn++) {
        for (size_t n = 1; n < 20000; n = n * 3 + 1) {
            uint8_t *p = arena_take(&a, n);
            assert_non_null(p);
            for (size_t i = 0; i < n; i++) assert_int_equal(p[i], 0);
            memset(p, 0xee, n);
        }
        arena_reset(&a);
    }
    arena_drop(&a);
}

static void what_is_wiped_is_gone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    uint8_t *p = arena_take(&a, 100);
    memset(p, 0xee, 100);
    arena_wipe(&a, 1 << 16); /* its block is kept */
    for (size_t i = 0; i < 100; i++) assert_int_equal(p[i], 0);
    assert_non_null(arena_take(&a, 1 << 18));
    arena_wipe(&a, 1 << 16);
    assert_null(a.blocks);
    arena_drop(&a);
}

static void copies_outlive_their_source(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1000);
    char source[] = "abc";
    const bytes copy = arena_copy(&a, bytes_of_text(source));
    memset(source, 'x', 3);
    assert_bytes(copy, "abc");
    assert_string_equal(arena_format(&a, "%d-%s", 7, "x"), "7-x");
    arena_drop(&a);
}

UNIT_MAIN(cmocka_unit_test(refuses_beyond_its_cap),
          cmocka_unit_test(what_is_wiped_is_gone),
          cmocka_unit_test(gives_zeroed_memory_again_after_a_reset),
          cmocka_unit_test(copies_outlive_their_source))
