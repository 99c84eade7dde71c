/* Requests: every cut is short, every unknown bit is refused, what is left is read back as it was.
 */
#include "unit.h"

#include <stdlib.h>

#include "cql/frame.h"
#include "cql/request.h"

static const uint8_t two_values[] = {0, 0, 0, 2, 'a', 'b', 0xff, 0xff, 0xff, 0xff};

static struct request_params all_params(void)
{
    return (struct request_params){
        .consistency = REQUEST_CONSISTENCY_LOCAL_QUORUM,
        .flags = REQUEST_FLAG_VALUES | REQUEST_FLAG_SKIP_METADATA | REQUEST_FLAG_PAGE_SIZE |
                 REQUEST_FLAG_PAGING_STATE | REQUEST_FLAG_SERIAL | REQUEST_FLAG_TIMESTAMP,
        .values_n = 2,
        .values = bytes_of(two_values, sizeof two_values),
        .page_size = 5000,
        .paging_state = BYTES("state"),
        .serial_consistency = REQUEST_CONSISTENCY_SERIAL,
        .timestamp = -5,
    };
}

/* A copy without a byte behind it, so that a sanitizer sees every read too far. */
static bytes exact(bytes b, size_t n, uint8_t **room)
{
    *room = malloc(n ? n : 1);
    assert_non_null(*room);
    if (n) memcpy(*room, b.p, n);
    return bytes_of(*room, n);
}

static void every_cut_of_a_query_is_short(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    const struct request_params p = all_params();
    request_write_query(&w, BYTES("SELECT 1"), &p);
    for (size_t n = 0; n < w.n; n++) {
        struct request_query q;
        uint8_t *room;
        assert_err(request_read_query(4, exact(wr_view(&w), n, &room), &q), FRAME_SHORT);
        free(room);
    }
    wr_drop(&w);
}

static void a_query_is_read_back_and_its_tail_dropped(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    struct wr again = wr_growing(1000);
    const struct request_params p = all_params();
    request_write_query(&w, BYTES("SELECT 1"), &p);
    const size_t n = w.n;
    wr_text(&w, "ignored");
    struct request_query q;
    assert_ok(request_read_query(4, wr_view(&w), &q));
    assert_bytes(q.text, "SELECT 1");
    assert_int_equal(q.params.values_n, 2);
    assert_int_equal(q.params.page_size, 5000);
    assert_bytes(q.params.paging_state, "state");
    assert_int_equal(q.params.timestamp, -5);
    request_write_query(&again, q.text, &q.params);
    assert_int_equal(again.n, n);
    assert_memory_equal(again.p, w.p, n);
    wr_drop(&w);
    wr_drop(&again);
}

/* Query "q", consistency ONE, these flags, and enough zeroes to satisfy any field. */
static err read_flags(uint8_t version, uint8_t flags, bool batch)
{
    uint8_t body[64] = {0, 0, 0, 1, 'q', 0, 1, flags};
    const uint8_t empty_batch[] = {0, 0, 0, 0, 1, flags};
    struct request_query q;
    struct request_batch b;
    if (batch) {
        memset(body, 0, sizeof body);
        memcpy(body, empty_batch, sizeof empty_batch);
        return request_read_batch(version, bytes_of(body, sizeof body), &b);
    }
    return request_read_query(version, bytes_of(body, sizeof body), &q);
}

static void unknown_flags_are_refused(void **state)
{
    (void)state;
    for (unsigned version = 3; version <= 4; version++) {
        for (unsigned flags = 0; flags < 256; flags++) {
            const bool bad = flags & REQUEST_FLAG_KEYSPACE; /* T2 */
            const err got = read_flags((uint8_t)version, (uint8_t)flags, false);
            assert_string_equal(err_row(got)->name, bad ? "FRAME_BAD" : "OK");
            const bool bad_in_batch = flags & ~(REQUEST_FLAG_SERIAL | REQUEST_FLAG_TIMESTAMP);
            const err batch = read_flags((uint8_t)version, (uint8_t)flags, true);
            assert_string_equal(err_row(batch)->name, bad_in_batch ? "FRAME_BAD" : "OK");
        }
    }
}

static void bad_numbers_are_refused(void **state)
{
    (void)state;
    struct request_query q;
    uint8_t consistency[] = {0, 0, 0, 1, 'q', 0, 0x0b, 0};
    assert_err(request_read_query(4, bytes_of(consistency, sizeof consistency), &q), FRAME_BAD);
    uint8_t timestamp[] = {0,    0, 0, 1, 'q', 0, 1, REQUEST_FLAG_TIMESTAMP,
                           0x80, 0, 0, 0, 0,   0, 0, 0};
    assert_err(request_read_query(4, bytes_of(timestamp, sizeof timestamp), &q), FRAME_BAD);
    uint8_t negative[] = {0xff, 0xff, 0xff, 0xff, 0, 1, 0};
    assert_err(request_read_query(4, bytes_of(negative, sizeof negative), &q), FRAME_SHORT);
    uint8_t serial[] = {0, 0, 0, 1, 'q', 0, 1, REQUEST_FLAG_SERIAL, 0xff, 0xff};
    assert_err(request_read_query(4, bytes_of(serial, sizeof serial), &q), FRAME_BAD);
    uint8_t state_len[] = {0,    0,    0,    1,   'q', 0, 1, REQUEST_FLAG_PAGING_STATE,
                           0xff, 0xff, 0xff, 0xfe};
    assert_err(request_read_query(4, bytes_of(state_len, sizeof state_len), &q), FRAME_BAD);
}

static err read_value_of_length(uint8_t version, int32_t n)
{
    struct wr w = wr_growing(100);
    wr_bytes16(&w, BYTES("id"));
    wr_u16be(&w, 1);
    wr_u8(&w, REQUEST_FLAG_VALUES);
    wr_u16be(&w, 1);
    wr_i32be(&w, n);
    struct request_execute e;
    const err got = request_read_execute(version, wr_view(&w), &e);
    wr_drop(&w);
    return got;
}

static void value_lengths_follow_the_version(void **state)
{
    (void)state;
    assert_ok(read_value_of_length(4, 0));
    assert_ok(read_value_of_length(4, -1));
    assert_ok(read_value_of_length(4, -2));
    assert_err(read_value_of_length(4, -3), FRAME_BAD);
    assert_err(read_value_of_length(4, INT32_MIN), FRAME_BAD);
    assert_ok(read_value_of_length(3, -1));
    assert_err(read_value_of_length(3, -2), FRAME_BAD);
    assert_err(read_value_of_length(4, 1), FRAME_SHORT);
    assert_err(read_value_of_length(4, INT32_MAX), FRAME_SHORT);
}

static void an_execute_ends_where_it_ends(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    struct request_execute e;
    const struct request_params p = all_params();
    request_write_execute(&w, BYTES("0123456789abcdef"), &p);
    for (size_t n = 0; n < w.n; n++) {
        assert_err(request_read_execute(4, bytes_part(wr_view(&w), 0, n), &e), FRAME_SHORT);
    }
    assert_ok(request_read_execute(4, wr_view(&w), &e));
    assert_int_equal(w.p[e.flags_at], p.flags);
    wr_u8(&w, 0);
    assert_err(request_read_execute(4, wr_view(&w), &e), FRAME_BAD);
    wr_drop(&w);
}

static void values_are_stepped_over(void **state)
{
    (void)state;
    const uint8_t named[] = {0, 1, 'x', 0, 0, 0, 1, 'v', 0, 1, 'y', 0xff, 0xff, 0xff, 0xfe};
    struct rd r = rd_over(bytes_of(named, sizeof named));
    bytes name;
    struct request_value v;
    assert_true(request_next_value(&r, true, &name, &v));
    assert_bytes(name, "x");
    assert_bytes(v.data, "v");
    assert_true(request_next_value(&r, true, &name, &v));
    assert_bytes(name, "y");
    assert_true(v.unset);
    assert_false(request_next_value(&r, true, &name, &v));
}

static void a_bound_value_is_found_by_its_number_only(void **state)
{
    (void)state;
    const uint8_t two[] = {0, 0, 0, 1, 'v', 0xff, 0xff, 0xff, 0xff};
    struct request_params p = {.values_n = 2, .values = bytes_of(two, sizeof two)};
    struct request_value v;
    assert_false(request_bound_value(&p, 2, &v));
    assert_true(request_bound_value(&p, 1, &v));
    assert_true(v.null);
    assert_true(request_bound_value(&p, 0, &v));
    assert_bytes(v.data, "v");
    p.flags = REQUEST_FLAG_NAMES;
    assert_false(request_bound_value(&p, 0, &v));
}

static void write_batch(struct wr *w)
{
    const struct request_batch b = {.type = REQUEST_UNLOGGED,
                                    .entries_n = 2,
                                    .consistency = 1,
                                    .flags = REQUEST_FLAG_TIMESTAMP,
                                    .timestamp = 9};
    const struct request_entry text = {
        .text = BYTES("INSERT"), .values_n = 2, .values = bytes_of(two_values, sizeof two_values)};
    const struct request_entry id = {.prepared = true, .text = BYTES("0123456789abcdef")};
    request_write_batch_head(w, &b);
    request_write_entry(w, &text);
    request_write_entry(w, &id);
    request_write_batch_tail(w, &b);
}

static void every_cut_of_a_batch_is_short(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    write_batch(&w);
    for (size_t n = 0; n < w.n; n++) {
        struct request_batch b;
        uint8_t *room;
        assert_err(request_read_batch(4, exact(wr_view(&w), n, &room), &b), FRAME_SHORT);
        free(room);
    }
    wr_drop(&w);
}

static void a_batch_is_read_back(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    struct wr again = wr_growing(1000);
    struct request_batch b;
    struct request_entry e;
    write_batch(&w);
    assert_ok(request_read_batch(4, wr_view(&w), &b));
    assert_int_equal(b.type, REQUEST_UNLOGGED);
    assert_int_equal(b.timestamp, 9);
    request_write_batch_head(&again, &b);
    struct rd r = rd_over(b.entries);
    assert_true(request_next_entry(&r, &e));
    assert_false(e.prepared);
    assert_bytes(e.text, "INSERT");
    request_write_entry(&again, &e);
    assert_true(request_next_entry(&r, &e));
    assert_true(e.prepared);
    assert_int_equal(e.values_n, 0);
    request_write_entry(&again, &e);
    assert_false(request_next_entry(&r, &e));
    request_write_batch_tail(&again, &b);
    assert_int_equal(again.n, w.n);
    assert_memory_equal(again.p, w.p, w.n);
    w.p[0] = 3;
    assert_err(request_read_batch(4, wr_view(&w), &b), FRAME_BAD);
    w.p[0] = 0;
    w.p[3] = 2;
    assert_err(request_read_batch(4, wr_view(&w), &b), FRAME_BAD);
    wr_drop(&w);
    wr_drop(&again);
}

static void a_custom_payload_is_stepped_over(void **state)
{
    (void)state;
    const uint8_t body[] = {0,   2,    0,    1,    'k',  0, 0, 0, 2, 'v', 'v', 0, 1,
                            'l', 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 'q', 0,   1, 0};
    bytes message;
    struct request_query q;
    assert_err(request_open(3, FRAME_FLAG_PAYLOAD, bytes_of(body, sizeof body), &message),
               FRAME_BAD);
    for (size_t n = 0; n < 18; n++) {
        assert_err(request_open(4, FRAME_FLAG_PAYLOAD, bytes_of(body, n), &message), FRAME_SHORT);
    }
    assert_ok(request_open(4, FRAME_FLAG_PAYLOAD, bytes_of(body, sizeof body), &message));
    assert_ok(request_read_query(4, message, &q));
    assert_bytes(q.text, "q");
    assert_ok(request_open(4, FRAME_FLAG_TRACING, bytes_of(body, sizeof body), &message));
    assert_int_equal(message.n, sizeof body);
}

static void only_known_events_are_registered(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    uint8_t events;
    request_write_register(&w, REQUEST_EVENT_SCHEMA | REQUEST_EVENT_STATUS);
    for (size_t n = 0; n < w.n; n++) {
        assert_err(request_read_register(bytes_part(wr_view(&w), 0, n), &events), FRAME_SHORT);
    }
    assert_ok(request_read_register(wr_view(&w), &events));
    assert_int_equal(events, REQUEST_EVENT_SCHEMA | REQUEST_EVENT_STATUS);
    w.p[w.n - 1] = 'X';
    assert_err(request_read_register(wr_view(&w), &events), FRAME_BAD);
    wr_drop(&w);
}

static void a_prepare_is_a_text(void **state)
{
    (void)state;
    struct wr w = wr_growing(100);
    bytes text;
    request_write_prepare(&w, BYTES("SELECT"));
    for (size_t n = 0; n < w.n; n++) {
        assert_err(request_read_prepare(bytes_part(wr_view(&w), 0, n), &text), FRAME_SHORT);
    }
    assert_ok(request_read_prepare(wr_view(&w), &text));
    assert_bytes(text, "SELECT");
    wr_drop(&w);
}

UNIT_MAIN(cmocka_unit_test(every_cut_of_a_query_is_short),
          cmocka_unit_test(a_query_is_read_back_and_its_tail_dropped),
          cmocka_unit_test(unknown_flags_are_refused), cmocka_unit_test(bad_numbers_are_refused),
          cmocka_unit_test(value_lengths_follow_the_version),
          cmocka_unit_test(an_execute_ends_where_it_ends),
          cmocka_unit_test(values_are_stepped_over),
        cmocka_unit_test(a_bound_value_is_found_by_its_number_only),
          cmocka_unit_test(every_cut_of_a_batch_is_short), cmocka_unit_test(a_batch_is_read_back),
          cmocka_unit_test(a_custom_payload_is_stepped_over),
          cmocka_unit_test(only_known_events_are_registered), cmocka_unit_test(a_prepare_is_a_text))
