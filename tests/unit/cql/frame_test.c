/* Headers: what is refused first, then what is read back. */
#include "unit.h"

#include "cql/frame.h"

static const struct frame_header query = {4, 0, 7, OPCODE_QUERY, 100};

static void every_cut_of_a_header_is_short(void **state)
{
    (void)state;
    uint8_t wire[FRAME_HEADER_SIZE];
    frame_write_header(wire, &query);
    for (size_t n = 0; n < sizeof wire; n++) {
        struct frame_header h;
        assert_err(frame_read_header(bytes_of(wire, n), 100, &h), FRAME_SHORT);
    }
}

static void a_long_body_is_refused_on_the_header(void **state)
{
    (void)state;
    uint8_t wire[FRAME_HEADER_SIZE];
    struct frame_header h;
    frame_write_header(wire, &query);
    assert_err(frame_read_header(bytes_of(wire, sizeof wire), 99, &h), FRAME_TOO_BIG);
    assert_int_equal(h.stream, 7);
    assert_ok(frame_read_header(bytes_of(wire, sizeof wire), 100, &h));
    wire[5] = 0xff;
    assert_err(frame_read_header(bytes_of(wire, sizeof wire), FRAME_BODY_MAX, &h), FRAME_TOO_BIG);
}

static void requests_are_checked(void **state)
{
    (void)state;
    const struct frame_header bad[] = {
        {3, 0, 7, OPCODE_QUERY, 0},
        {0x84, 0, 7, OPCODE_QUERY, 0},
        {5, 0, 7, OPCODE_QUERY, 0},
        {4, 0, -1, OPCODE_QUERY, 0},
        {4, 0, 7, OPCODE_RESULT, 0},
        {4, 0, 7, 0x04, 0},
        {4, 0, 7, 0xff, 0},
        {4, 0x20, 7, OPCODE_QUERY, 0},
        {4, 0x80, 7, OPCODE_QUERY, 0},
        {4, FRAME_FLAG_WARNING, 7, OPCODE_QUERY, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_err(frame_check_request(&bad[i], 4), FRAME_BAD);
    }
    const struct frame_header good = {4, FRAME_FLAG_TRACING | FRAME_FLAG_PAYLOAD, 32767,
                                      OPCODE_BATCH, 0};
    assert_ok(frame_check_request(&good, 4));
}

static void answers_are_checked(void **state)
{
    (void)state;
    const struct frame_header bad[] = {
        {4, 0, 7, OPCODE_RESULT, 0},   {0x83, 0, 7, OPCODE_RESULT, 0},
        {0x84, 0, 7, OPCODE_QUERY, 0}, {0x84, 0, -1, OPCODE_RESULT, 0},
        {0x84, 0, 7, OPCODE_EVENT, 0}, {0x84, FRAME_FLAG_COMPRESSED, 7, OPCODE_RESULT, 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_err(frame_check_response(&bad[i], 4), FRAME_BAD);
    }
    const struct frame_header event = {0x84, 0, -1, OPCODE_EVENT, 0};
    assert_ok(frame_check_response(&event, 4));
}

static void strangers_are_told_their_stream(void **state)
{
    (void)state;
    uint8_t version;
    int16_t stream;
    assert_false(frame_read_stranger(BYTES("\x02\x00"), &version, &stream));
    assert_true(frame_read_stranger(BYTES("\x02\x00\x05"), &version, &stream));
    assert_int_equal(version, 2);
    assert_int_equal(stream, 5);
    assert_false(frame_read_stranger(BYTES("\x42\x00\x01"), &version, &stream));
    assert_true(frame_read_stranger(BYTES("\x42\x00\x01\x02"), &version, &stream));
    assert_int_equal(stream, 0x0102);
    for (unsigned v = 0; v < 256; v++)
        assert_int_equal(frame_is_spoken((uint8_t)v), v == 3 || v == 4);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct wr w = wr_growing(100);
    const size_t begun = frame_begin(&w, 0x84, 2, -1, OPCODE_EVENT);
    wr_text(&w, "hello");
    frame_end(&w, begun);
    struct frame_header h;
    assert_ok(frame_read_header(wr_view(&w), 5, &h));
    assert_int_equal(h.version, 0x84);
    assert_int_equal(h.flags, 2);
    assert_int_equal(h.stream, -1);
    assert_int_equal(h.opcode, OPCODE_EVENT);
    assert_int_equal(h.body_len, 5);
    uint8_t again[FRAME_HEADER_SIZE];
    frame_write_header(again, &h);
    assert_memory_equal(again, w.p, sizeof again);
    wr_drop(&w);
    assert_string_equal(frame_opcode_name(OPCODE_EXECUTE), "EXECUTE");
    assert_string_equal(frame_opcode_name(0x04), "?");
}

UNIT_MAIN(cmocka_unit_test(every_cut_of_a_header_is_short),
          cmocka_unit_test(a_long_body_is_refused_on_the_header),
          cmocka_unit_test(requests_are_checked), cmocka_unit_test(answers_are_checked),
          cmocka_unit_test(strangers_are_told_their_stream),
          cmocka_unit_test(what_is_written_is_read_back))
