/* Walking over all tokens of a scope: by the picture and by the store the same are seen, in the same order. */
#include "store/fixture.h"

#include "api/token_pictures.h"
#include "api/token_walk.h"
#include "index/index.h"

#include <urcu/urcu-memb.h>

enum { MANY = 2 * TOKEN_WALK_ROWS + 7, A_COMMIT = 500 };

static struct fixture f;
static struct api api;

static void on_committed(void *owner, struct store_batch *batch)
{
    const struct change *changes = NULL;
    const size_t n = store_batch_changes(batch, &changes);
    (void)owner;
    token_pictures_changed(api.pictures, changes, n);
    store_batch_finish(batch, DONE);
}

static int set_up(void **state)
{
    const struct store_ports ports = {.committed = on_committed};
    (void)state;
    urcu_memb_register_thread();
    fixture_init(&f);
    assert_ok(index_new(&api.index));
    assert_ok(token_pictures_new(64 << 20, &api.pictures));
    assert_ok(store_memory_open(&ports, &api.store));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store_close(api.store);
    token_pictures_free(api.pictures);
    index_free(api.index);
    fixture_drop(&f);
    urcu_memb_unregister_thread();
    return 0;
}

static void without_pictures(void)
{
    token_pictures_free(api.pictures);
    assert_ok(token_pictures_new(0, &api.pictures));
}

static void put_every(unsigned stride, unsigned from, unsigned to, unsigned scope)
{
    struct change changes[A_COMMIT];
    while (from < to) {
        size_t n = 0;
        for (; n < A_COMMIT && from < to; from += stride) {
            changes[n++] = fixture_change(CHANGE_PUT, CHANGE_ABSENT, fixture_token(from, scope, "A token"));
        }
        assert_ok(fixture_commit(&f, api.store, changes, n, "test.change").result);
    }
}

static void put_tokens(unsigned from, unsigned to, unsigned scope)
{
    put_every(1, from, to, scope);
}

/* Of fixture_token's ids. */
static unsigned number_of(const char id[TOKEN_CLIENT_ID])
{
    unsigned n = 0;
    for (size_t i = strlen("token"); i < TOKEN_CLIENT_ID; i++) n = 10 * n + (unsigned)(id[i] - 'A');
    return n;
}

struct seen {
    char last[TOKEN_CLIENT_ID];
    size_t n;
    size_t chunks;
    size_t enough; /* after so many it ends */
    unsigned turns;
};

static bool see_token(void *owner, const struct record_token *t)
{
    struct seen *s = owner;
    assert_true(s->n == 0 || memcmp(s->last, t->client_id, sizeof s->last) < 0);
    memcpy(s->last, t->client_id, sizeof s->last);
    return ++s->n != s->enough;
}

static bool see_chunk(void *owner, const struct token_chunk *c, size_t from)
{
    struct seen *s = owner;
    s->chunks++;
    for (size_t row = from; row < c->n; row++) {
        struct record_token t;
        token_chunk_row(c, row, &t);
        if (!see_token(s, &t)) return false;
    }
    return true;
}

static const struct token_walk_eyes eyes = {see_chunk, see_token};

static struct token_walk begin(unsigned scope, struct seen *s)
{
    const struct uuid id = fixture_uuid(scope);
    urcu_memb_read_lock();
    const struct token_walk w = token_walk_of(&api, &id, false, &eyes, s);
    urcu_memb_read_unlock();
    return w;
}

static struct seen walk(unsigned scope, size_t enough)
{
    struct seen s = {.enough = enough};
    struct token_walk w = begin(scope, &s);
    for (; !w.done; s.turns++) assert_ok(token_walk_turn(&w, &api));
    return s;
}

static void all_are_seen_both_ways(void **state)
{
    (void)state;
    put_tokens(0, MANY, 1);
    put_tokens(MANY, MANY + 3, 2);
    const struct seen picture = walk(1, 0);
    assert_true(picture.chunks > 1);
    assert_int_equal(picture.n, MANY);
    assert_int_equal(walk(1, 0).turns, 1); /* it is there by now */
    assert_int_equal(walk(2, 0).n, 3);
    without_pictures();
    const struct seen store = walk(1, 0);
    assert_int_equal(store.chunks, 0);
    assert_int_equal(store.n, MANY);
    assert_int_equal(store.turns, 3);
    assert_memory_equal(store.last, picture.last, sizeof store.last);
}

static void a_turn_of_the_store_is_as_long_as_was_said(void **state)
{
    (void)state;
    without_pictures();
    put_tokens(0, TOKEN_WALK_ROWS, 1);
    assert_int_equal(walk(1, 0).turns, 2); /* that there are no more is seen by asking */
    put_tokens(TOKEN_WALK_ROWS, TOKEN_WALK_ROWS + 1, 1);
    const struct seen s = walk(1, 0);
    assert_int_equal(s.turns, 2);
    assert_int_equal(s.n, TOKEN_WALK_ROWS + 1);
}

/* Between its turns tokens are made before and behind the place where it stands: none comes twice, and none
 * is left out that was there before and stayed. */
static void a_long_picture_is_walked_through_in_turns(void **state)
{
    struct seen s = {.enough = 0};
    (void)state;
    const unsigned end = 1000 + 2 * (TOKEN_WALK_PICTURE + 5000);
    put_every(2, 1000, end, 1);
    (void)walk(1, 1); /* makes the picture */
    struct token_walk w = begin(1, &s);
    assert_ok(token_walk_turn(&w, &api));
    assert_false(w.done);
    assert_true(s.n >= TOKEN_WALK_PICTURE && s.n < TOKEN_WALK_PICTURE + TOKEN_CHUNK_MAX);
    const unsigned at = number_of(s.last);
    put_tokens(0, 1000, 1);        /* too late, */
    put_tokens(at - 1, at, 1);
    put_tokens(at + 1, at + 2, 1); /* in time, into the chunk that was seen */
    put_tokens(end, end + 1000, 1);
    while (!w.done) assert_ok(token_walk_turn(&w, &api));
    assert_int_equal(s.n, TOKEN_WALK_PICTURE + 5000 + 1 + 1000);
}

static void whoever_has_seen_enough_ends_it(void **state)
{
    (void)state;
    put_tokens(0, 1000, 1);
    assert_int_equal(walk(1, 5).n, 5);
    without_pictures();
    assert_int_equal(walk(1, 5).n, 5);
    assert_int_equal(walk(1, 1000).n, 1000);
}

static void where_nothing_is_it_ends_at_once(void **state)
{
    (void)state;
    assert_int_equal(walk(3, 0).n, 0);
    without_pictures();
    const struct seen s = walk(3, 0);
    assert_int_equal(s.n, 0);
    assert_int_equal(s.turns, 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(all_are_seen_both_ways),
        T(a_turn_of_the_store_is_as_long_as_was_said),
        T(a_long_picture_is_walked_through_in_turns),
        T(whoever_has_seen_enough_ends_it),
        T(where_nothing_is_it_ends_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
