/* Whose turn it is: no token gets more than its share by having more clients or larger requests. */
#include "unit.h"

#include "gateway/fair.h"

enum { QUANTUM = 100 };

static void an_empty_queue_has_no_turn(void **state)
{
    (void)state;
    struct fair f;
    int64_t allowance;
    fair_init(&f, QUANTUM);
    assert_null(fair_next(&f, &allowance));
}

static void a_client_waits_once(void **state)
{
    (void)state;
    struct fair f;
    struct fair_token t;
    struct fair_client c;
    int64_t allowance;
    fair_init(&f, QUANTUM);
    fair_token_init(&t);
    fair_client_init(&c, &t);
    fair_wait(&f, &c);
    fair_wait(&f, &c);
    assert_int_equal(f.waiting, 1);
    assert_ptr_equal(fair_next(&f, &allowance), &c);
    assert_int_equal(allowance, QUANTUM);
    fair_used(&f, &c, 10, false);
    assert_null(fair_next(&f, &allowance));
}

/* Serves until `bytes_n` have gone in all; every client always wants more, in pieces of `size`. */
static void serve(struct fair *f, int64_t bytes_n, const int64_t *size, int64_t *got,
                  const struct fair_client *clients)
{
    while (bytes_n > 0) {
        int64_t allowance;
        struct fair_client *c = fair_next(f, &allowance);
        assert_non_null(c);
        const size_t i = (size_t)(c - clients);
        int64_t used = 0;
        while (used < allowance) used += size[i];
        got[i] += used;
        bytes_n -= used;
        fair_used(f, c, used, true);
    }
}

static void tokens_share_evenly_whatever_they_send(void **state)
{
    (void)state;
    struct fair f;
    struct fair_token t[2];
    struct fair_client c[10];
    int64_t got[10] = {0};
    const int64_t size[10] = {1000, 7, 7, 7, 7, 7, 7, 7, 7, 7};
    fair_init(&f, QUANTUM);
    for (size_t i = 0; i < 2; i++) fair_token_init(&t[i]);
    for (size_t i = 0; i < 10; i++) {
        fair_client_init(&c[i], &t[i > 0]);
        fair_wait(&f, &c[i]);
    }
    serve(&f, 1000000, size, got, c);
    int64_t many = 0;
    for (size_t i = 1; i < 10; i++) many += got[i];
    assert_in_range(got[0], 495000, 505000);
    assert_in_range(many, 495000, 505000);
    for (size_t i = 1; i < 10; i++) assert_in_range(got[i], many / 9 - 2000, many / 9 + 2000);
}

static void who_leaves_is_not_served(void **state)
{
    (void)state;
    struct fair f;
    struct fair_token t;
    struct fair_client c[3];
    int64_t allowance;
    fair_init(&f, QUANTUM);
    fair_token_init(&t);
    for (size_t i = 0; i < 3; i++) {
        fair_client_init(&c[i], &t);
        fair_wait(&f, &c[i]);
    }
    fair_leave(&f, &c[1]);
    fair_leave(&f, &c[1]);
    assert_ptr_equal(fair_next(&f, &allowance), &c[0]);
    fair_leave(&f, &c[0]);    /* gone while it had its turn: nothing is reported back */
    assert_ptr_equal(fair_next(&f, &allowance), &c[2]);
    fair_used(&f, &c[2], 1, false);
    assert_true(fair_is_empty(&f));
    assert_null(fair_next(&f, &allowance));
}

UNIT_MAIN(cmocka_unit_test(an_empty_queue_has_no_turn),
          cmocka_unit_test(a_client_waits_once),
          cmocka_unit_test(tokens_share_evenly_whatever_they_send),
          cmocka_unit_test(who_leaves_is_not_served))
