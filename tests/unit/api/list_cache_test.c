/* Rendered lists: what is taken is what was put, for as long as nothing has changed; and never too much. */
#include "unit.h"

#include "api/list_cache.h"

static const struct uuid ours = {{1}};
static const struct uuid theirs = {{2}};

static struct list_cache *cache;

static int set_up(void **state)
{
    (void)state;
    return err_is_ok(list_cache_new(&cache)) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    list_cache_free(cache);
    return 0;
}

static void put(const struct uuid *scope, uint64_t changes, int64_t until_ms, size_t n)
{
    struct wr w = wr_growing(LIST_CACHE_BODY_MAX);
    assert_true(list_cache_begin(cache));
    assert_non_null(wr_room(&w, n));
    memset(w.p, scope->b[0], n);
    list_cache_put(cache, scope, changes, until_ms, &w);
}

static bool is_there(const struct uuid *scope, uint64_t changes, int64_t now_ms)
{
    struct list_body *b = list_cache_take(cache, scope, changes, now_ms);
    if (!b) return false;
    assert_int_equal(list_body_view(b).p[0], scope->b[0]);
    list_body_give(cache, b);
    return true;
}

static void a_body_is_good_for_its_scope_its_changes_and_its_time(void **state)
{
    (void)state;
    put(&ours, 7, 1000, 10);
    assert_false(is_there(&theirs, 7, 0));
    assert_false(is_there(&ours, 6, 0));
    assert_false(is_there(&ours, 8, 0));
    assert_false(is_there(&ours, 7, 1000));
    assert_true(is_there(&ours, 7, 999));
}

static void a_newer_body_replaces_one_that_is_still_being_sent(void **state)
{
    (void)state;
    put(&ours, 1, 1000, 10);
    struct list_body *sent = list_cache_take(cache, &ours, 1, 0);
    assert_non_null(sent);
    put(&ours, 2, 1000, 20);
    assert_int_equal(list_body_view(sent).n, 10);
    assert_int_equal(list_body_view(sent).p[9], 1);
    assert_false(is_there(&ours, 1, 0));
    assert_true(is_there(&ours, 2, 0));
    list_body_give(cache, sent);
    assert_true(is_there(&ours, 2, 0));
}

static void the_one_used_longest_ago_makes_room(void **state)
{
    (void)state;
    struct uuid id = {{0}};
    for (uint8_t i = 0; i < LIST_CACHE_SCOPES; i++) {
        id.b[0] = (uint8_t)(10 + i);
        put(&id, 1, 1000, 10);
    }
    id.b[0] = 10;
    assert_true(is_there(&id, 1, 0));
    put(&ours, 1, 1000, 10);
    assert_true(is_there(&ours, 1, 0));
    assert_true(is_there(&id, 1, 0));
    id.b[0] = 11;
    assert_false(is_there(&id, 1, 0));
}

static void all_together_stay_below_the_limit(void **state)
{
    (void)state;
    struct uuid id = {{0}};
    struct list_body *sent = NULL;
    put(&ours, 1, 1000, LIST_CACHE_BODY_MAX);
    sent = list_cache_take(cache, &ours, 1, 0);
    for (uint8_t i = 0; i < 2 * LIST_CACHE_MAX / LIST_CACHE_BODY_MAX; i++) {
        id.b[0] = (uint8_t)(10 + i);
        put(&id, 1, 1000, LIST_CACHE_BODY_MAX);
    }
    size_t kept = 0;
    for (uint8_t i = 0; i < 2 * LIST_CACHE_MAX / LIST_CACHE_BODY_MAX; i++) {
        id.b[0] = (uint8_t)(10 + i);
        kept += is_there(&id, 1, 0);
    }
    assert_int_equal(kept, LIST_CACHE_MAX / LIST_CACHE_BODY_MAX - 1); /* one is still being sent */
    list_body_give(cache, sent);
}

static void few_are_gathered_at_once(void **state)
{
    (void)state;
    struct wr none = wr_growing(0);
    for (int i = 0; i < LIST_CACHE_DRAFTS; i++) assert_true(list_cache_begin(cache));
    assert_false(list_cache_begin(cache));
    list_cache_abandon(cache, &none);
    assert_true(list_cache_begin(cache));
    for (int i = 0; i < LIST_CACHE_DRAFTS; i++) list_cache_abandon(cache, &none);
}

static void processes_have_different_epochs(void **state)
{
    struct list_cache *other = NULL;
    (void)state;
    assert_ok(list_cache_new(&other));
    assert_int_not_equal(list_cache_epoch(cache), list_cache_epoch(other));
    list_cache_free(other);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_body_is_good_for_its_scope_its_changes_and_its_time),
        T(a_newer_body_replaces_one_that_is_still_being_sent),
        T(the_one_used_longest_ago_makes_room),
        T(all_together_stay_below_the_limit),
        T(few_are_gathered_at_once),
        T(processes_have_different_epochs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
