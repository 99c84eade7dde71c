/* Records: found by text and by id, capped by token, never two texts for one id. */
#include "unit.h"

#include "gateway/statement_record.h"
#include "gateway/statement_share.h"

#include <stdio.h>
#include <stdlib.h>
#include <urcu/urcu-memb.h>

enum { PER_TOKEN = 10 };

static struct plan *plan_of(const char *text)
{
    static const struct picture picture = {.version = 1};
    const struct statement what = {.kind = STATEMENT_SELECT, .text = bytes_of_text(text)};
    struct plan *plan;
    assert_ok(plan_new(&picture, (bytes){0}, what.text, &what, &plan));
    return plan;
}

/* A token, by the number and the word of its life. */
static struct principal token(uint32_t live)
{
    return (struct principal){.live = live, .live_word = 1};
}

static struct statement_record *add(struct statement_records *t, uint32_t live, const char *text)
{
    const struct principal who = token(live);
    struct statement_record *r;
    assert_ok(statement_record_add(t, &who, plan_of(text), &r));
    assert_true(statement_record_is_held(t, &who, r));
    return r;
}

static bool holds(struct statement_records *t, uint32_t live, const struct statement_record *r)
{
    const struct principal who = token(live);
    return statement_record_is_held(t, &who, r);
}

static bool claim(struct statement_records *t, uint32_t live, struct statement_record *r)
{
    const struct principal who = token(live);
    return statement_record_claim(t, &who, r);
}

static enum statement_record_news learn(struct statement_records *t, struct statement_record *r,
                                        const char *id, const char *metadata)
{
    enum statement_record_news news;
    const bytes body = bytes_of_text(metadata);
    assert_ok(statement_record_learn(t, r, 4, 1, bytes_of_text(id), body, body, &news));
    return news;
}

static struct statement_records *table(void)
{
    struct statement_records *t;
    assert_ok(statement_record_table_new(PER_TOKEN, STATEMENT_RECORD_ALL_BYTES, &t));
    return t;
}

static void an_id_is_never_given_to_a_second_text(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *a = add(t, 1, "a");
    struct statement_record *b = add(t, 1, "b");
    assert_int_equal(learn(t, a, "0123456789abcdef", "m"), STATEMENT_RECORD_SAME);
    assert_int_equal(learn(t, b, "0123456789abcdef", "m"), STATEMENT_RECORD_CONFLICT);
    assert_int_equal(learn(t, a, "another id", "m"), STATEMENT_RECORD_CONFLICT);
    assert_ptr_equal(statement_record_by_id(t, BYTES("0123456789abcdef")), a);
    assert_null(statement_record_by_id(t, BYTES("another id")));
    assert_null(statement_record_by_id(t, (bytes){0}));
    statement_record_table_free(t);
}

static void one_text_has_one_record(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *a = add(t, 1, "a");
    assert_ptr_equal(add(t, 2, "a"), a);
    assert_int_equal(statement_record_count(t), 1);
    assert_ptr_equal(statement_record_by_text(t, BYTES("a")), a);
    assert_null(statement_record_by_text(t, BYTES("b")));
    statement_record_table_free(t);
}

static void changed_metadata_is_noticed_and_remembered(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *a = add(t, 1, "a");
    assert_int_equal(learn(t, a, "id", "old"), STATEMENT_RECORD_SAME);
    assert_false(atomic_load(&a->changed));
    assert_int_equal(learn(t, a, "id", "new"), STATEMENT_RECORD_CHANGED);
    assert_int_equal(learn(t, a, "id", "new"), STATEMENT_RECORD_SAME);
    assert_true(atomic_load(&a->changed));
    assert_bytes(statement_record_prepared(a, 4, 1)->metadata, "new");
    assert_null(statement_record_prepared(a, 3, 1));
    assert_null(statement_record_prepared(a, 4, 2));    /* it died with the schema's version */
    statement_record_table_free(t);
}

static void a_token_over_its_cap_loses_its_own_oldest(void **state)
{
    (void)state;
    struct statement_records *t = table();
    char text[32];
    (void)add(t, 7, "of another token");
    for (int i = 0; i < PER_TOKEN * 100; i++) {
        (void)snprintf(text, sizeof text, "text %d", i);
        struct statement_record *r = add(t, 1, text);
        assert_int_equal(learn(t, r, text, "m"), STATEMENT_RECORD_SAME);
    }
    assert_int_equal(statement_record_count(t), PER_TOKEN + 1);
    assert_non_null(statement_record_by_text(t, BYTES("of another token")));
    assert_null(statement_record_by_id(t, BYTES("text 989")));
    assert_null(statement_record_by_text(t, BYTES("text 989")));
    assert_non_null(statement_record_by_id(t, BYTES("text 990")));
    assert_non_null(statement_record_by_text(t, BYTES("text 999")));
    statement_record_table_free(t);
}

static void a_held_record_outlives_its_retirement(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *a = add(t, 1, "a");
    assert_int_equal(learn(t, a, "id", "m"), STATEMENT_RECORD_SAME);
    assert_true(statement_record_hold(a));
    statement_record_retire(t, a);
    statement_record_retire(t, a);
    assert_null(statement_record_by_id(t, BYTES("id")));
    struct statement_record *b = add(t, 1, "a");
    assert_int_equal(learn(t, b, "id", "m"), STATEMENT_RECORD_SAME);
    assert_int_not_equal(a->number, b->number);
    assert_int_equal(learn(t, a, "id", "m"), STATEMENT_RECORD_SAME);    /* its own id: no harm */
    assert_ptr_equal(statement_record_by_id(t, BYTES("id")), b);
    statement_record_release(a);
    statement_record_table_free(t);
}

/* Found by one thread, retired by another before the first could hold it. */
static void what_was_let_go_cannot_be_held(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *a = add(t, 1, "a");
    urcu_memb_read_lock();
    assert_ptr_equal(statement_record_by_text(t, BYTES("a")), a);
    statement_record_retire(t, a);
    assert_false(statement_record_hold(a));
    urcu_memb_read_unlock();
    statement_record_table_free(t);
}

/* Long texts count by their bytes, not as one each (T24). */
static void a_token_over_its_bytes_loses_its_own_oldest(void **state)
{
    (void)state;
    enum { LONG = 8 << 20 };
    struct statement_records *t = table();
    char *text = malloc(LONG + 1);
    assert_non_null(text);
    memset(text, 'x', LONG);
    text[LONG] = 0;
    (void)add(t, 7, "of another token");
    for (char i = 0; i < PER_TOKEN; i++) {
        text[0] = (char)('a' + i);
        (void)add(t, 1, text);
        assert_non_null(statement_record_by_text(t, bytes_of_text(text)));
    }
    assert_in_range(statement_record_count(t), 2, 1 + STATEMENT_RECORD_TOKEN_BYTES / LONG);
    assert_non_null(statement_record_by_text(t, BYTES("of another token")));
    free(text);
    statement_record_table_free(t);
}

static void only_who_prepared_it_holds_it(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *a = add(t, 1, "a");
    struct statement_record *b = add(t, 1, "b");
    assert_false(holds(t, 2, a));
    assert_true(claim(t, 2, a));
    assert_true(holds(t, 2, a));
    assert_false(holds(t, 2, b));
    assert_ptr_equal(add(t, 3, "a"), a);
    /* The number of a token that ended is given to another one. */
    const struct principal heir = {.live = 1, .live_word = 2};
    assert_false(statement_record_is_held(t, &heir, a));
    statement_record_table_free(t);
}

/* Whoever holds it pays for it, and nobody loses it because another one lets go. */
static void a_shared_statement_stays_until_its_last_holder_lets_go(void **state)
{
    (void)state;
    struct statement_records *t = table();
    char text[32];
    struct statement_record *shared = add(t, 1, "shared");
    assert_true(claim(t, 2, shared));
    for (int i = 0; i < PER_TOKEN; i++) {
        (void)snprintf(text, sizeof text, "first %d", i);
        (void)add(t, 1, text);
    }
    assert_false(holds(t, 1, shared));
    assert_true(holds(t, 2, shared));
    assert_ptr_equal(statement_record_by_text(t, BYTES("shared")), shared);
    for (int i = 0; i < PER_TOKEN; i++) {
        (void)snprintf(text, sizeof text, "second %d", i);
        (void)add(t, 2, text);
    }
    assert_null(statement_record_by_text(t, BYTES("shared")));
    assert_int_equal(statement_record_count(t), 2 * PER_TOKEN);
    statement_record_table_free(t);
}

/* Preparing what others have prepared counts as well: it is no way around the cap. */
static void the_second_holder_is_charged_like_the_first(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *of_first[PER_TOKEN];
    char text[32];
    for (int i = 0; i < PER_TOKEN; i++) {
        (void)snprintf(text, sizeof text, "text %d", i);
        of_first[i] = add(t, 1, text);
    }
    for (int i = 0; i < PER_TOKEN; i++)
        assert_true(claim(t, 2, of_first[i]));
    (void)add(t, 2, "one more");
    assert_false(holds(t, 2, of_first[0]));
    assert_true(holds(t, 2, of_first[1]));
    assert_true(holds(t, 1, of_first[0]));
    statement_record_table_free(t);
}

/* Over the cap of all, those who are charged with most lose, not those who came first. */
static void who_has_most_makes_room_for_all(void **state)
{
    (void)state;
    enum { ALL_BYTES = 100 * 1000 };
    struct statement_records *t;
    char text[2000];
    assert_ok(statement_record_table_new(PER_TOKEN, ALL_BYTES, &t));
    struct statement_record *modest = add(t, 1, "of the modest one, who came first");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = 0;
    for (uint32_t greedy = 2; greedy < 52; greedy++) {
        for (int i = 0; i < PER_TOKEN; i++) {
            (void)memcpy(text, &(char[]){(char)greedy, (char)('a' + i)}, 2);
            struct statement_record *newest = add(t, greedy, text);
            assert_true(holds(t, greedy, newest));
        }
    }
    assert_in_range(statement_record_count(t), 2, 1 + ALL_BYTES / sizeof text);
    assert_true(holds(t, 1, modest));
    statement_record_table_free(t);
}

/* What nodes answered is the larger part where tables are wide. */
static void what_was_learned_is_charged_too(void **state)
{
    (void)state;
    enum { ALL_BYTES = 1000 * 1000, LONG = 100 * 1000 };
    struct statement_records *t;
    char text[32];
    char *metadata = malloc(LONG + 1);
    assert_non_null(metadata);
    memset(metadata, 'x', LONG);
    metadata[LONG] = 0;
    assert_ok(statement_record_table_new(100, ALL_BYTES, &t));
    for (int i = 0; i < 50; i++) {
        (void)snprintf(text, sizeof text, "text %d", i);
        struct statement_record *r = add(t, 1 + (uint32_t)i % 2, text);
        assert_int_equal(learn(t, r, text, metadata), STATEMENT_RECORD_SAME);
        assert_int_equal(learn(t, r, text, "short"), STATEMENT_RECORD_CHANGED);
        assert_int_equal(learn(t, r, text, metadata), STATEMENT_RECORD_CHANGED);
    }
    assert_in_range(statement_record_count(t), 2, 1 + ALL_BYTES / LONG);
    free(metadata);
    statement_record_table_free(t);
}

/* Else tokens that ended would fill the table, and those that live would make room for them. */
static void who_has_ended_holds_nothing(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *shared = add(t, 1, "shared");
    assert_true(claim(t, 2, shared));
    (void)add(t, 1, "a");
    (void)add(t, 1 + STATEMENT_SHARE_BUCKETS, "of a neighbour in the bucket");
    statement_record_forget(t, 1);
    statement_record_forget(t, 1);
    assert_null(statement_record_by_text(t, BYTES("a")));
    assert_false(holds(t, 1, shared));
    assert_true(holds(t, 2, shared));
    assert_int_equal(statement_record_count(t), 2);
    statement_record_table_free(t);
}

static void what_was_retired_cannot_be_claimed(void **state)
{
    (void)state;
    struct statement_records *t = table();
    struct statement_record *a = add(t, 1, "a");
    urcu_memb_read_lock();
    statement_record_retire(t, a);
    assert_false(claim(t, 2, a));
    assert_false(holds(t, 1, a));
    urcu_memb_read_unlock();
    statement_record_table_free(t);
}

static int group(void **state)
{
    (void)state;
    urcu_memb_register_thread();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_id_is_never_given_to_a_second_text),
                                       cmocka_unit_test(one_text_has_one_record),
                                       cmocka_unit_test(changed_metadata_is_noticed_and_remembered),
                                       cmocka_unit_test(a_token_over_its_cap_loses_its_own_oldest),
                                       cmocka_unit_test(a_held_record_outlives_its_retirement),
                                       cmocka_unit_test(what_was_let_go_cannot_be_held),
                                       cmocka_unit_test(a_token_over_its_bytes_loses_its_own_oldest),
                                       cmocka_unit_test(only_who_prepared_it_holds_it),
                                       cmocka_unit_test(
                                           a_shared_statement_stays_until_its_last_holder_lets_go),
                                       cmocka_unit_test(the_second_holder_is_charged_like_the_first),
                                       cmocka_unit_test(who_has_most_makes_room_for_all),
                                       cmocka_unit_test(what_was_learned_is_charged_too),
                                       cmocka_unit_test(who_has_ended_holds_nothing),
                                       cmocka_unit_test(what_was_retired_cannot_be_claimed)};
    return cmocka_run_group_tests(tests, group, NULL);
}
