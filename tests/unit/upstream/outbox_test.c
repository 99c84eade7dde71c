/* Positions, what is there again, and for how long, whatever the sizes of what is written. */
#include "unit.h"

#include "upstream/outbox.h"

static struct outbox o;

static int setup(void **state)
{
    (void)state;
    outbox_init(&o);
    return 0;
}
static int teardown(void **state)
{
    (void)state;
    outbox_drop(&o);
    return 0;
}

/* The byte that stands at a position: a sequence without short periods. */
static uint8_t at(uint64_t position)
{
    return (uint8_t)(position * 2654435761u >> 13);
}

static void append(size_t n)
{
    const uint64_t from = outbox_appended(&o);
    for (size_t i = 0; i < n; i++)
        wr_u8(&o.now, at(from + i));
    assert_true(outbox_appended(&o) == from + n);
}

static void check(bytes b, uint64_t from)
{
    for (size_t i = 0; i < b.n; i++)
        assert_int_equal(b.p[i], at(from + i));
}

static void everything_is_unsent_once_and_in_order(void **state)
{
    (void)state;
    uint64_t position = 0;
    for (size_t step = 1; position < 20 * (size_t)OUTBOX_HISTORY; step = step * 7 % 100003) {
        append(step);
        const bytes unsent = outbox_unsent(&o);
        assert_true(outbox_written(&o) == position);
        assert_true(position + unsent.n == outbox_appended(&o));
        check(unsent, position);
        const size_t n = step % 3 ? unsent.n : unsent.n / 2;
        outbox_took(&o, n);
        position += n;
    }
}

static void what_was_written_last_can_be_had_again(void **state)
{
    (void)state;
    enum { PIECE = 1000 };
    for (size_t i = 0; i < 2000; i++) {
        append(PIECE);
        outbox_took(&o, outbox_unsent(&o).n);
        const uint64_t end = outbox_appended(&o);
        for (size_t back = 0; back + PIECE <= OUTBOX_HISTORY && back < end; back += 10 * PIECE) {
            const bytes again = outbox_recall(&o, end - back, PIECE);
            assert_int_equal(again.n, PIECE);
            check(again, end - back - PIECE);
        }
        if (end > 3 * (uint64_t)OUTBOX_HISTORY)
            assert_int_equal(outbox_recall(&o, end - 3 * (uint64_t)OUTBOX_HISTORY, PIECE).n, 0);
    }
}

static void what_is_not_there_is_not_had(void **state)
{
    (void)state;
    append(100);
    assert_int_equal(outbox_recall(&o, 100, 0).n, 0);
    assert_int_equal(outbox_recall(&o, 100, 101).n, 0);
    assert_int_equal(outbox_recall(&o, 101, 1).n, 0);
    assert_int_equal(outbox_recall(&o, UINT64_MAX, 1).n, 0);
    assert_int_equal(outbox_recall(&o, 0, 1).n, 0);
    assert_int_equal(outbox_recall(&o, 100, 100).n, 100);
    outbox_reset(&o);
    assert_int_equal(outbox_recall(&o, 100, 1).n, 0);
}

/* A node that reads slowly: the buffer never has nothing unsent, and is turned over all the same. */
static void a_backlog_is_not_kept_for_ever(void **state)
{
    (void)state;
    append(OUTBOX_HISTORY);
    for (size_t i = 0; i < 200; i++) {
        append(10000);
        outbox_took(&o, 10000);
    }
    assert_true(o.now.n <= 4 * (size_t)OUTBOX_HISTORY);
    check(outbox_unsent(&o), outbox_written(&o));
}

static void a_large_buffer_is_given_back(void **state)
{
    (void)state;
    append(3 * (size_t)OUTBOX_BUFFER_MAX);
    outbox_took(&o, outbox_unsent(&o).n);
    assert_true(o.now.size + o.former.size <= OUTBOX_BUFFER_MAX);
    append(10);
    check(outbox_unsent(&o), 3 * (uint64_t)OUTBOX_BUFFER_MAX);
}

static void it_can_be_wiped(void **state)
{
    (void)state;
    wr_text(&o.now, "pass word");
    outbox_wipe(&o);
    assert_null(memmem(o.now.p, o.now.size, "pass", 4));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
UNIT_MAIN(T(everything_is_unsent_once_and_in_order), T(what_was_written_last_can_be_had_again),
          T(what_is_not_there_is_not_had), T(a_backlog_is_not_kept_for_ever),
          T(a_large_buffer_is_given_back), T(it_can_be_wiped))
