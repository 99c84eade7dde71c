/* Readers and writers latch on the first failure. */
#include "unit.h"

#include "base/rd.h"
#include "base/wr.h"

static void a_short_read_latches(void **state)
{
    (void)state;
    struct rd r = rd_over(BYTES("\x01\x02\x03"));
    assert_int_equal(rd_u16be(&r), 0x0102);
    assert_int_equal(rd_u16be(&r), 0);
    assert_true(r.bad);
    assert_int_equal(rd_u8(&r), 0);
    assert_false(rd_at_end(&r));
}

static void a_negative_length_is_a_failed_read(void **state)
{
    (void)state;
    struct rd r = rd_over(BYTES("\xff\xff\xff\xff" "abc"));
    assert_int_equal(rd_bytes32(&r).n, 0);
    assert_true(r.bad);
}

static void a_fixed_writer_never_goes_beyond(void **state)
{
    (void)state;
    char room[5] = "zzzz";
    struct wr w = wr_fixed(room, 4);
    wr_u16be(&w, 0x4142);
    wr_u32be(&w, 1);
    assert_true(w.bad);
    assert_int_equal(w.n, 2);
    assert_memory_equal(room, "ABzz", 4);
    wr_u8(&w, 1);
    assert_int_equal(w.n, 2);
}

static void a_growing_writer_keeps_its_cap(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    for (int i = 0; i < 1000; i++) wr_u8(&w, (uint8_t)i);
    assert_false(w.bad);
    wr_u8(&w, 0);
    assert_true(w.bad);
    wr_drop(&w);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct wr w = wr_growing(1 << 20);
    const size_t hole = wr_hole_u32(&w);
    wr_u8(&w, 7);
    wr_u64be(&w, UINT64_C(0x0102030405060708));
    wr_bytes16(&w, BYTES("ab"));
    wr_bytes32(&w, BYTES("cde"));
    wr_format(&w, "%s", "0123456789");
    wr_fill_u32(&w, hole);
    struct rd r = rd_over(wr_view(&w));
    assert_int_equal(rd_u32be(&r), w.n - 4);
    assert_int_equal(rd_u8(&r), 7);
    assert_true(rd_u64be(&r) == UINT64_C(0x0102030405060708));
    assert_bytes(rd_bytes16(&r), "ab");
    assert_bytes(rd_bytes32(&r), "cde");
    assert_bytes(rd_take(&r, 10), "0123456789");
    assert_true(rd_at_end(&r));
    wr_consume(&w, w.n - 3);
    assert_bytes(wr_view(&w), "789");
    wr_drop(&w);
}

UNIT_MAIN(cmocka_unit_test(a_short_read_latches),
          cmocka_unit_test(a_negative_length_is_a_failed_read),
          cmocka_unit_test(a_fixed_writer_never_goes_beyond),
          cmocka_unit_test(a_growing_writer_keeps_its_cap),
          cmocka_unit_test(what_is_written_is_read_back))
