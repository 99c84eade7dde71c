/* What a client is told when an answer is lost: never what makes a driver repeat a write. */
#include "unit.h"

#include "gateway/holder.h"
#include "gateway/reply.h"

static void what_was_never_written_is_overloaded(void **state)
{
    (void)state;
    for (int kind = FORWARD_READ; kind <= FORWARD_SCHEMA; kind++) {
        const struct response_error e = reply_loss((enum forward_kind)kind, 6, false);
        assert_int_equal(e.code, RESPONSE_OVERLOADED);
    }
}

static void a_lost_read_is_a_read_timeout_without_data(void **state)
{
    (void)state;
    const struct response_error e = reply_loss(FORWARD_READ, 6, true);
    assert_int_equal(e.code, RESPONSE_READ_TIMEOUT);
    assert_int_equal(e.consistency, 6);
    assert_int_equal(e.received, 0);
    assert_int_equal(e.block_for, 1);
    assert_false(e.data_present);
}

static void a_lost_write_says_its_type_and_never_batch_log(void **state)
{
    (void)state;
    static const char *const types[] = {[FORWARD_SIMPLE] = "SIMPLE", [FORWARD_BATCH] = "UNLOGGED_BATCH",
                                        [FORWARD_COUNTER] = "COUNTER", [FORWARD_CAS] = "CAS",
                                        [FORWARD_SCHEMA] = "SIMPLE"};
    for (int kind = FORWARD_SIMPLE; kind <= FORWARD_SCHEMA; kind++) {
        const struct response_error e = reply_loss((enum forward_kind)kind, 1, true);
        assert_int_equal(e.code, RESPONSE_WRITE_TIMEOUT);
        assert_bytes(e.write_type, types[kind]);
    }
}

static void sessions_are_found_by_token(void **state)
{
    (void)state;
    enum { TOKENS = 1000 };
    static struct list links[TOKENS * 2];
    static struct holder *holders[TOKENS * 2];
    struct holders t;
    assert_ok(holder_table_init(&t));
    for (uint32_t i = 0; i < TOKENS * 2; i++) {
        list_init(&links[i]);
        assert_ok(holder_enter(&t, i % TOKENS, &links[i], &holders[i]));
    }
    for (uint32_t i = 0; i < TOKENS; i++) {
        assert_ptr_equal(holder_find(&t, i), holders[i]);
        assert_ptr_equal(holders[i], holders[i + TOKENS]);
        assert_int_equal(holders[i]->sessions_n, 2);
    }
    assert_null(holder_find(&t, TOKENS));
    for (uint32_t i = 0; i < TOKENS * 2; i++) holder_leave(&t, holders[i], &links[i]);
    assert_null(holder_find(&t, 0));
    holder_table_drop(&t);
}

UNIT_MAIN(cmocka_unit_test(what_was_never_written_is_overloaded),
          cmocka_unit_test(a_lost_read_is_a_read_timeout_without_data),
          cmocka_unit_test(a_lost_write_says_its_type_and_never_batch_log),
          cmocka_unit_test(sessions_are_found_by_token))
