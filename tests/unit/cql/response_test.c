/* Answers: what we write is what we read, and every cut of it is short. */
#include "unit.h"

#include <stdlib.h>

#include "cql/response.h"
#include "cql/startup.h"

static const struct response_to to = {4, 9};

/* The message of the one frame in w. */
static bytes message_of(const struct wr *w, enum opcode opcode)
{
    struct frame_header h;
    assert_ok(frame_read_header(wr_view(w), FRAME_REPLY_MAX, &h));
    assert_ok(frame_check_response(&h, 4));
    assert_int_equal(h.opcode, opcode);
    assert_int_equal(h.body_len, w->n - FRAME_HEADER_SIZE);
    return bytes_part(wr_view(w), FRAME_HEADER_SIZE, h.body_len);
}

static const struct response_error errors[] = {
    {.code = RESPONSE_SERVER_ERROR, .message = BYTES("m")},
    {.code = RESPONSE_UNAVAILABLE,
     .message = BYTES("m"),
     .consistency = 6,
     .block_for = 2,
     .received = 1},
    {.code = RESPONSE_WRITE_TIMEOUT,
     .message = BYTES("m"),
     .consistency = 1,
     .received = 0,
     .block_for = 1,
     .write_type = BYTES("SIMPLE")},
    {.code = RESPONSE_READ_TIMEOUT,
     .message = BYTES("m"),
     .consistency = 1,
     .block_for = 1,
     .data_present = true},
    {.code = RESPONSE_READ_FAILURE,
     .message = BYTES("m"),
     .block_for = 1,
     .failures = 3,
     .data_present = true},
    {.code = RESPONSE_WRITE_FAILURE,
     .message = BYTES("m"),
     .failures = 3,
     .write_type = BYTES("CAS")},
    {.code = RESPONSE_FUNCTION_FAILURE,
     .message = BYTES("m"),
     .keyspace = BYTES("ks"),
     .name = BYTES("f"),
     .arguments = BYTES("\0\1\0\3int")},
    {.code = RESPONSE_ALREADY_EXISTS,
     .message = BYTES("m"),
     .keyspace = BYTES("ks"),
     .name = BYTES("t")},
    {.code = RESPONSE_UNPREPARED, .message = BYTES("m"), .id = BYTES("0123456789abcdef")},
};

static void errors_keep_their_extras(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        struct wr w = wr_growing(1000);
        struct wr again = wr_growing(1000);
        struct response_error e;
        response_write_error(&w, to, &errors[i]);
        const bytes message = message_of(&w, OPCODE_ERROR);
        for (size_t n = 0; n < message.n; n++) {
            assert_err(response_read_error(bytes_part(message, 0, n), &e), FRAME_SHORT);
        }
        assert_ok(response_read_error(message, &e));
        assert_int_equal(e.code, errors[i].code);
        response_write_error(&again, to, &e);
        assert_int_equal(again.n, w.n);
        assert_memory_equal(again.p, w.p, w.n);
        wr_drop(&w);
        wr_drop(&again);
    }
}

static const struct response_column columns[] = {
    {.name = BYTES("a"), .type = BYTES("\x00\x0d")},
    {.name = BYTES("m"), .type = BYTES("\x00\x21\x00\x0d\x00\x22\x00\x09")},
    {.name = BYTES("u"),
     .type = BYTES("\x00\x30\x00\x02ks\x00\x01u\x00\x01\x00\x01x\x00\x31\x00\x02\x00\x09\x00\x0d")},
    {.name = BYTES("v"),
     .type = BYTES("\x00\x00\x00\x05"
                   "a.b.c")},
};
static const struct response_spec spec = {BYTES("ks"), BYTES("t"),    columns,
                                          4,           BYTES("more"), false};

static void write_rows(struct wr *w)
{
    struct response_rows_writer rows = response_begin_rows(w, to, &spec);
    for (unsigned i = 0; i < 3; i++) {
        response_add_row(&rows);
        response_add_cell(w, BYTES("one"));
        response_add_null(w);
        response_add_cell(w, BYTES(""));
        response_add_cell(w, BYTES("four"));
    }
    response_end_rows(w, &rows);
}

static void check_columns(const struct response_metadata *meta)
{
    struct rd r = rd_over(meta->columns);
    struct response_column c;
    for (size_t i = 0; i < 4; i++) {
        assert_true(response_next_column(&r, meta, &c));
        assert_true(bytes_eq(c.name, columns[i].name));
        assert_true(bytes_eq(c.type, columns[i].type));
        assert_bytes(c.keyspace, "ks");
        assert_bytes(c.table, "t");
    }
    assert_false(response_next_column(&r, meta, &c));
}

static void rows_are_read_back(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    struct response_rows rows;
    enum response_kind kind;
    bytes rest;
    bytes cell;
    bool null;
    write_rows(&w);
    assert_ok(response_read_kind(message_of(&w, OPCODE_RESULT), &kind, &rest));
    assert_int_equal(kind, RESPONSE_ROWS);
    assert_ok(response_read_rows(rest, &rows));
    assert_int_equal(rows.rows_n, 3);
    assert_bytes(rows.meta.paging_state, "more");
    check_columns(&rows.meta);
    struct rd r = rd_over(rows.cells);
    for (unsigned i = 0; i < 12; i++) {
        assert_ok(response_next_cell(&r, &cell, &null));
        assert_int_equal(null, i % 4 == 1);
    }
    assert_bytes(cell, "four");
    assert_err(response_next_cell(&r, &cell, &null), FRAME_SHORT);
    const size_t head = rest.n - rows.cells.n;
    for (size_t n = 0; n < head; n++) {
        uint8_t *room = malloc(n ? n : 1);
        memcpy(room, rest.p, n);
        assert_err(response_read_rows(bytes_of(room, n), &rows), FRAME_SHORT);
        free(room);
    }
    wr_drop(&w);
}

static void impossible_rows_are_refused(void **state)
{
    (void)state;
    struct response_rows rows;
    enum response_kind kind;
    bytes rest;
    assert_err(response_read_kind(BYTES("\0\0\0"), &kind, &rest), FRAME_SHORT);
    assert_err(response_read_kind(BYTES("\0\0\0\0"), &kind, &rest), FRAME_BAD);
    assert_err(response_read_kind(BYTES("\0\0\0\6"), &kind, &rest), FRAME_BAD);
    assert_err(response_read_rows(BYTES("\0\0\0\4\xff\xff\xff\xff\0\0\0\0"), &rows), FRAME_BAD);
    assert_err(response_read_rows(BYTES("\0\0\0\4\0\0\0\1\xff\xff\xff\xff"), &rows), FRAME_BAD);
    assert_err(response_read_rows(BYTES("\0\0\0\4\0\0\0\0\x7f\xff\xff\xff"), &rows), FRAME_BAD);
}

static void types_have_a_depth(void **state)
{
    (void)state;
    for (unsigned depth = 30; depth < 40; depth++) {
        struct wr w = wr_growing(1000);
        struct response_rows rows;
        wr_u32be(&w, RESPONSE_META_GLOBAL);
        wr_u32be(&w, 1);
        wr_bytes16(&w, BYTES("ks"));
        wr_bytes16(&w, BYTES("t"));
        wr_bytes16(&w, BYTES("c"));
        for (unsigned i = 0; i < depth; i++)
            wr_u16be(&w, RESPONSE_TYPE_LIST);
        wr_u16be(&w, RESPONSE_TYPE_INT);
        wr_u32be(&w, 0);
        const err got = response_read_rows(wr_view(&w), &rows);
        assert_int_equal(got.code == ERR_OK, depth <= RESPONSE_TYPE_DEPTH_MAX);
        wr_drop(&w);
    }
}

static void prepared_is_read_back(void **state)
{
    (void)state;
    for (uint8_t version = 3; version <= 4; version++) {
        struct wr w = wr_growing(1000);
        struct response_prepared p;
        enum response_kind kind;
        bytes rest;
        struct response_spec bind = spec;
        bind.paging_state = (bytes){0};
        response_write_prepared(&w, (struct response_to){version, 9}, BYTES("0123456789abcdef"),
                                &bind, &bind);
        assert_ok(
            response_read_kind(bytes_part(wr_view(&w), FRAME_HEADER_SIZE, w.n), &kind, &rest));
        assert_int_equal(kind, RESPONSE_PREPARED);
        assert_ok(response_read_prepared(version, rest, &p));
        assert_bytes(p.id, "0123456789abcdef");
        check_columns(&p.bind);
        check_columns(&p.result);
        assert_int_equal(p.metadata.n, rest.n - 18);
        for (size_t n = 0; n < rest.n; n++) {
            assert_err(response_read_prepared(version, bytes_part(rest, 0, n), &p), FRAME_SHORT);
        }
        wr_drop(&w);
    }
}

static void key_indexes_stay_within_the_variables(void **state)
{
    (void)state;
    struct response_prepared p;
    uint8_t wire[] = {0, 2,   'i', 'd', 0, 0,   0, 1, 0,   0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
                      2, 'k', 's', 0,   1, 't', 0, 1, 'c', 0, 9, 0, 0, 0, 4, 0, 0, 0, 0};
    assert_ok(response_read_prepared(4, bytes_of(wire, sizeof wire), &p));
    assert_int_equal(p.bind.pk_n, 1);
    assert_int_equal(p.bind.pk[0], 0);
    wire[17] = 1;
    assert_err(response_read_prepared(4, bytes_of(wire, sizeof wire), &p), FRAME_BAD);
    wire[14] = 1;
    assert_err(response_read_prepared(4, bytes_of(wire, sizeof wire), &p), FRAME_BAD);
}

static void prefixes_are_cut_off(void **state)
{
    (void)state;
    const bytes body = BYTES("0123456789abcdef"
                             "\0\1\0\1w"
                             "\0\1\0\1k\0\0\0\1v"
                             "rest");
    const uint8_t all = FRAME_FLAG_TRACING | FRAME_FLAG_WARNING | FRAME_FLAG_PAYLOAD;
    struct response_prefix p;
    for (size_t n = 0; n < body.n - 4; n++) {
        assert_err(response_open(all, bytes_part(body, 0, n), &p), FRAME_SHORT);
    }
    assert_ok(response_open(all, body, &p));
    assert_bytes(p.message, "rest");
    assert_bytes(p.tracing_id, "0123456789abcdef");
    assert_ok(response_open(0, body, &p));
    assert_int_equal(p.message.n, body.n);
}

static const struct response_event events[] = {
    {.type = RESPONSE_EVENT_STATUS,
     .change = BYTES("DOWN"),
     .address = BYTES("\x7f\0\0\1"),
     .port = 9042},
    {.type = RESPONSE_EVENT_TOPOLOGY,
     .change = BYTES("NEW_NODE"),
     .address = BYTES("\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7"),
     .port = 9142},
    {.type = RESPONSE_EVENT_SCHEMA,
     .schema = {BYTES("DROPPED"), RESPONSE_TARGET_KEYSPACE, BYTES("ks"), {0}, {0}}},
    {.type = RESPONSE_EVENT_SCHEMA,
     .schema = {BYTES("CREATED"), RESPONSE_TARGET_TABLE, BYTES("ks"), BYTES("t"), {0}}},
    {.type = RESPONSE_EVENT_SCHEMA,
     .schema = {BYTES("UPDATED"), RESPONSE_TARGET_FUNCTION, BYTES("ks"), BYTES("f"),
                BYTES("\0\1\0\3int")}},
};

static void events_are_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        struct wr w = wr_growing(1000);
        struct wr again = wr_growing(1000);
        struct response_event e;
        response_write_event(&w, 4, &events[i]);
        const bytes message = message_of(&w, OPCODE_EVENT);
        for (size_t n = 0; n < message.n; n++) {
            assert_err(response_read_event(bytes_part(message, 0, n), &e), FRAME_SHORT);
        }
        assert_ok(response_read_event(message, &e));
        response_write_event(&again, 4, &e);
        assert_int_equal(again.n, w.n);
        assert_memory_equal(again.p, w.p, w.n);
        wr_drop(&w);
        wr_drop(&again);
    }
    struct response_event e;
    assert_err(response_read_event(BYTES("\0\1X"), &e), FRAME_BAD);
    assert_err(response_read_event(BYTES("\0\x0dSTATUS_CHANGE\0\2UP\3abc\0\0\0\1"), &e), FRAME_BAD);
    assert_err(response_read_event(BYTES("\0\x0dSCHEMA_CHANGE\0\1C\0\1X\0\0"), &e), FRAME_BAD);
}

static void wrong_versions_are_told_in_their_words(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    struct frame_header h;
    response_write_wrong_version(&w, 0x42, 5);
    assert_ok(frame_read_header(wr_view(&w), 1000, &h));
    assert_int_equal(h.version, 0x84);
    assert_int_equal(h.stream, 5);
    assert_non_null(memmem(w.p, w.n, "Invalid or unsupported protocol version (66)", 44));
    wr_drop(&w);
    response_write_wrong_version(&w, 5, 5);
    assert_ok(frame_read_header(wr_view(&w), 1000, &h));
    assert_int_equal(h.version, 0x85);
    assert_int_equal(h.stream, 5);
    wr_drop(&w);
    response_write_wrong_version(&w, 2, 5);
    assert_memory_equal(w.p, "\x82\x00\x05\x00", 4);
    assert_int_equal(w.p[7], w.n - 8);
    wr_drop(&w);
}

static void small_answers_have_their_shapes(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    response_write_ready(&w, to);
    assert_int_equal(message_of(&w, OPCODE_READY).n, 0);
    w.n = 0;
    response_write_authenticate(&w, to, BYTES("class"));
    assert_memory_equal(message_of(&w, OPCODE_AUTHENTICATE).p, "\0\5class", 7);
    w.n = 0;
    response_write_auth_success(&w, to);
    assert_memory_equal(message_of(&w, OPCODE_AUTH_SUCCESS).p, "\xff\xff\xff\xff", 4);
    w.n = 0;
    response_write_challenge(&w, to, BYTES("PLAIN-START"));
    assert_int_equal(message_of(&w, OPCODE_AUTH_CHALLENGE).n, 15);
    w.n = 0;
    response_write_void(&w, to);
    assert_memory_equal(message_of(&w, OPCODE_RESULT).p, "\0\0\0\1", 4);
    w.n = 0;
    bytes keyspace;
    enum response_kind kind;
    bytes rest;
    response_write_set_keyspace(&w, to, BYTES("ks"));
    assert_ok(response_read_kind(message_of(&w, OPCODE_RESULT), &kind, &rest));
    assert_ok(response_read_keyspace(rest, &keyspace));
    assert_bytes(keyspace, "ks");
    w.n = 0;
    response_write_schema_change(&w, to, &events[3].schema);
    struct response_schema_change change;
    assert_ok(response_read_kind(message_of(&w, OPCODE_RESULT), &kind, &rest));
    assert_ok(response_read_schema_change(rest, &change));
    assert_bytes(change.name, "t");
    w.n = 0;
    const char *const versions[] = {"3/v3", "4/v4"};
    const struct response_option options[] = {{"COMPRESSION", NULL, 0},
                                              {"PROTOCOL_VERSIONS", versions, 2}};
    bytes values;
    bool found;
    response_write_supported(&w, to, options, 2);
    assert_ok(startup_find(message_of(&w, OPCODE_SUPPORTED), BYTES("PROTOCOL_VERSIONS"), &values,
                           &found));
    assert_true(found);
    assert_memory_equal(values.p, "\0\0043/v3\0\0044/v4", 12);
    w.n = 0;
    response_write_unprepared(&w, to, BYTES("id"));
    response_write_plain_error(&w, to, RESPONSE_INVALID, BYTES("no"));
    assert_false(w.bad);
    wr_drop(&w);
}

UNIT_MAIN(cmocka_unit_test(errors_keep_their_extras), cmocka_unit_test(rows_are_read_back),
          cmocka_unit_test(impossible_rows_are_refused), cmocka_unit_test(types_have_a_depth),
          cmocka_unit_test(prepared_is_read_back),
          cmocka_unit_test(key_indexes_stay_within_the_variables),
          cmocka_unit_test(prefixes_are_cut_off), cmocka_unit_test(events_are_read_back),
          cmocka_unit_test(wrong_versions_are_told_in_their_words),
          cmocka_unit_test(small_answers_have_their_shapes))
