/* The wheel against the plainest thing that could be right: an array that is searched. */
#include "unit.h"

#include "loop/wheel.h"

#include <string.h>

enum { ENTRIES = 200 };

static struct wheel wheel;
static struct wheel_entry entries[ENTRIES];

static size_t drain(struct wheel *w)
{
    size_t n = 0;
    while (!list_is_empty(&w->due)) {
        list_remove(w->due.next);
        n++;
    }
    return n;
}

static void nothing_is_due_before_its_time(void **state)
{
    (void)state;
    struct wheel_entry e = {0};
    wheel_init(&wheel, 1000);
    assert_true(wheel_next(&wheel) == WHEEL_NOTHING);
    wheel_add(&wheel, &e, 1000 + 64 * 64 * 3 + 7);
    wheel_advance(&wheel, 1000 + 64 * 64 * 3 + 6);
    assert_int_equal(drain(&wheel), 0);
    wheel_advance(&wheel, 500);
    assert_int_equal(drain(&wheel), 0);
    wheel_advance(&wheel, 1000 + 64 * 64 * 3 + 7);
    assert_int_equal(drain(&wheel), 1);
    assert_true(wheel_next(&wheel) == WHEEL_NOTHING);
}

static void past_and_now_are_due_at_once(void **state)
{
    (void)state;
    struct wheel_entry a = {0};
    struct wheel_entry b = {0};
    wheel_init(&wheel, 50);
    wheel_add(&wheel, &a, 50);
    wheel_add(&wheel, &b, 0);
    assert_int_equal(wheel_next(&wheel), 50);
    assert_int_equal(drain(&wheel), 2);
}

static void removing_twice_or_never_added_is_harmless(void **state)
{
    (void)state;
    struct wheel_entry e = {0};
    wheel_init(&wheel, 0);
    wheel_remove(&wheel, &e);
    wheel_add(&wheel, &e, 5000);
    wheel_remove(&wheel, &e);
    wheel_remove(&wheel, &e);
    assert_true(wheel_next(&wheel) == WHEEL_NOTHING);
    wheel_advance(&wheel, 1 << 20);
    assert_int_equal(drain(&wheel), 0);
}

static void never_stays_on_the_wheel(void **state)
{
    (void)state;
    struct wheel_entry e = {0};
    wheel_init(&wheel, 123456789);
    wheel_add(&wheel, &e, UINT64_MAX);
    wheel_advance(&wheel, UINT64_C(1) << 47);
    assert_int_equal(drain(&wheel), 0);
    assert_true(wheel_next(&wheel) > wheel.now_ms);
    wheel_remove(&wheel, &e);
}

static uint64_t seed = 88172645463325252u;

static uint64_t draw(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static void agrees_with_a_searched_array(void **state)
{
    (void)state;
    uint64_t due[ENTRIES];
    memset(entries, 0, sizeof entries);
    memset(due, 0, sizeof due);
    uint64_t now = 777;
    wheel_init(&wheel, now);
    for (int step = 0; step < 200000; step++) {
        const size_t i = draw() % ENTRIES;
        switch (draw() % 4) {
        case 0:
        case 1:
            due[i] = now + 1 + draw() % (UINT64_C(1) << (draw() % 34));
            wheel_add(&wheel, &entries[i], due[i]);
            break;
        case 2:
            due[i] = 0;
            wheel_remove(&wheel, &entries[i]);
            break;
        case 3:
            now += draw() % (UINT64_C(1) << (draw() % 30));
            assert_true(wheel_next(&wheel) > wheel.now_ms);
            wheel_advance(&wheel, now);
            size_t expected = 0;
            for (size_t k = 0; k < ENTRIES; k++) {
                if (due[k] && due[k] <= now) {
                    expected++;
                    due[k] = 0;
                }
            }
            assert_int_equal(drain(&wheel), expected);
            break;
        }
        uint64_t first = WHEEL_NOTHING;
        for (size_t k = 0; k < ENTRIES; k++) {
            if (due[k] && due[k] < first) first = due[k];
        }
        assert_true(wheel_next(&wheel) <= first);
    }
}

UNIT_MAIN(cmocka_unit_test(nothing_is_due_before_its_time),
          cmocka_unit_test(past_and_now_are_due_at_once),
          cmocka_unit_test(removing_twice_or_never_added_is_harmless),
          cmocka_unit_test(never_stays_on_the_wheel),
          cmocka_unit_test(agrees_with_a_searched_array))
