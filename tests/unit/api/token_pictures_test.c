/* The pictures that there are: as current as anybody was told, and never more memory than was said. */
#include "store/fixture.h"

#include "api/token_pictures.h"
#include "loop/thread.h"

enum { MANY = TOKEN_PICTURES_TURN + 100, A_COMMIT = 500 };

static struct fixture f;
static struct store *store;
static struct token_pictures *pictures;
static atomic_size_t made; /* of scope 1, and told */

static void on_committed(void *owner, struct store_batch *batch)
{
    const struct change *changes = NULL;
    const size_t n = store_batch_changes(batch, &changes);
    (void)owner;
    token_pictures_changed(pictures, changes, n);
    for (size_t i = 0; i < n; i++) {
        const struct uuid one = fixture_uuid(1);
        made += changes[i].verb == CHANGE_PUT && uuid_eq(&changes[i].record.of.token.scope, &one);
    }
    store_batch_finish(batch, DONE);
}

static int set_up(void **state)
{
    const struct store_ports ports = {.committed = on_committed};
    (void)state;
    fixture_init(&f);
    made = 0;
    assert_ok(token_pictures_new(64 << 20, &pictures));
    assert_ok(store_memory_open(&ports, &store));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store_close(store);
    token_pictures_free(pictures);
    fixture_drop(&f);
    return 0;
}

static void with_memory(size_t most)
{
    token_pictures_free(pictures);
    assert_ok(token_pictures_new(most, &pictures));
}

static void change_tokens(unsigned from, unsigned to, unsigned scope, enum change_verb verb, uint64_t expect)
{
    struct change changes[A_COMMIT];
    while (from < to) {
        size_t n = 0;
        for (; n < A_COMMIT && from < to; from++) {
            changes[n++] = fixture_change(verb, expect, fixture_token(from, scope, "A token"));
        }
        assert_ok(fixture_commit(&f, store, changes, n, "test.change").result);
    }
}

static void put_tokens(unsigned from, unsigned to, unsigned scope)
{
    change_tokens(from, to, scope, CHANGE_PUT, CHANGE_ABSENT);
}

static void remove_tokens(unsigned from, unsigned to, unsigned scope)
{
    change_tokens(from, to, scope, CHANGE_REMOVE, CHANGE_ANY_VERSION);
}

static enum token_pictures_answer turn(unsigned scope, size_t tokens, struct token_picture **out)
{
    const struct uuid id = fixture_uuid(scope);
    return token_pictures_turn(pictures, store, &id, tokens, out);
}

/* NULL: there is none to be had. */
static struct token_picture *take(unsigned scope, size_t tokens)
{
    struct token_picture *p = NULL;
    enum token_pictures_answer a;
    do {
        a = turn(scope, tokens, &p);
    } while (a == TOKEN_PICTURES_MORE);
    assert_int_equal(a == TOKEN_PICTURES_READY, p != NULL);
    return p;
}

static size_t shown(unsigned scope)
{
    struct token_picture *p = take(scope, 1);
    assert_non_null(p);
    const size_t n = p->tokens;
    token_picture_let_go(p);
    return n;
}

static void what_is_committed_is_shown(void **state)
{
    (void)state;
    put_tokens(0, 3, 1);
    put_tokens(3, 4, 2);
    assert_int_equal(shown(1), 3);
    put_tokens(10, 12, 1);
    assert_int_equal(shown(1), 5);
    assert_ok(fixture_remove(&f, store, CHANGE_ANY_VERSION, fixture_token(1, 1, "")));
    struct record edited = fixture_token(2, 1, "another text");
    assert_ok(fixture_put(&f, store, CHANGE_ANY_VERSION, edited));
    struct token_picture *p = take(1, 4);
    struct record_token t;
    assert_int_equal(p->tokens, 4);
    token_chunk_row(p->chunks[0], 1, &t);
    assert_bytes(t.description, "another text");
    assert_int_equal(shown(2), 1);
    assert_int_equal(p->tokens, 4);
    token_picture_let_go(p);
}

static void what_changes_while_it_is_made_is_shown(void **state)
{
    struct token_picture *p = NULL;
    (void)state;
    put_tokens(0, MANY, 1);
    assert_int_equal(turn(1, MANY, &p), TOKEN_PICTURES_MORE);
    assert_ok(fixture_remove(&f, store, CHANGE_ANY_VERSION, fixture_token(5, 1, "")));
    assert_ok(fixture_remove(&f, store, CHANGE_ANY_VERSION, fixture_token(MANY - 1, 1, "")));
    put_tokens(MANY, MANY + 3, 1);
    p = take(1, MANY);
    assert_int_equal(p->tokens, MANY + 1);
    token_picture_let_go(p);
}

static void what_is_too_large_is_not_tried_again(void **state)
{
    struct token_picture *p = NULL;
    (void)state;
    with_memory(300 << 10);
    put_tokens(0, MANY, 1);
    put_tokens(MANY, MANY + 10, 2);
    assert_null(take(1, MANY));
    assert_int_equal(token_pictures_bytes(pictures), 0);
    assert_int_equal(turn(1, MANY, &p), TOKEN_PICTURES_NONE);
    assert_int_equal(shown(2), 10);
    remove_tokens(100, MANY, 1);
    assert_int_equal(shown(1), 100);
    with_memory(0);
    assert_null(take(2, 10));
}

static void the_one_used_longest_ago_makes_room(void **state)
{
    (void)state;
    for (unsigned scope = 1; scope <= 3; scope++) put_tokens(scope * 1000, scope * 1000 + 500, scope);
    assert_int_equal(shown(1), 500);
    const size_t one = token_pictures_bytes(pictures);
    with_memory(2 * one + one / 2);
    assert_int_equal(shown(1) + shown(2) + shown(1) + shown(3), 2000);
    assert_true(token_pictures_bytes(pictures) <= 2 * one + one / 2);
    put_tokens(5000, 5001, 1);
    put_tokens(5001, 5002, 2);
    assert_int_equal(shown(1), 501);
    assert_int_equal(shown(2), 501);
}

static void more_scopes_than_places_take_turns(void **state)
{
    (void)state;
    for (unsigned scope = 1; scope <= TOKEN_PICTURES_SCOPES + 5; scope++) put_tokens(scope, scope + 1, scope);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned scope = 1; scope <= TOKEN_PICTURES_SCOPES + 5; scope++) assert_int_equal(shown(scope), 1);
    }
}

static void changes_that_nobody_asks_about_do_not_pile_up(void **state)
{
    struct record r = fixture_token(1, 1, "again");
    const struct change again = {.verb = CHANGE_PUT, .record = r};
    (void)state;
    put_tokens(0, 3, 1);
    assert_int_equal(shown(1), 3);
    for (size_t i = 0; i < TOKEN_PICTURES_WAITING; i++) token_pictures_changed(pictures, &again, 1);
    assert_true(token_pictures_bytes(pictures) > 0);
    token_pictures_changed(pictures, &again, 1);
    assert_int_equal(token_pictures_bytes(pictures), 0);
    assert_int_equal(shown(1), 3);
}

static void changes_that_wait_are_within_the_memory(void **state)
{
    enum { MOST = 300 << 10 };
    struct record r = fixture_token(1, 1, "again");
    const struct change again = {.verb = CHANGE_PUT, .record = r};
    size_t most = 0;
    (void)state;
    with_memory(MOST);
    put_tokens(0, 3, 1);
    put_tokens(5, 6, 2);
    assert_int_equal(shown(1) + shown(2), 4);
    for (size_t i = 0; i < TOKEN_PICTURES_WAITING; i++) {
        token_pictures_changed(pictures, &again, 1);
        if (token_pictures_bytes(pictures) > most) most = token_pictures_bytes(pictures);
    }
    assert_true(most > MOST / 2 && most <= MOST);
    assert_int_equal(shown(1) + shown(2), 4);
}

/* --- from several threads --- */

struct reader {
    struct thread_plain plain;
    unsigned scope;
    size_t behind; /* times that something that was told was not shown */
};

static void read_all(struct thread_plain *plain)
{
    struct reader *r = LIST_OF(plain, struct reader, plain);
    for (size_t seen = 0; seen < MANY;) {
        const size_t told = made;
        struct token_picture *p = take(r->scope, told);
        if (!p) abort();
        seen = p->tokens;
        r->behind += seen < told;
        token_picture_let_go(p);
    }
}

static void nobody_lacks_what_was_told_before_they_asked(void **state)
{
    struct reader readers[3] = {{.scope = 1}, {.scope = 1}, {.scope = 1}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        readers[i].plain.run = read_all;
        assert_ok(thread_start_plain(&readers[i].plain, "reader"));
    }
    put_tokens(0, MANY, 1);
    for (size_t i = 0; i < 3; i++) {
        thread_join_plain(&readers[i].plain);
        assert_int_equal(readers[i].behind, 0);
    }
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(FRESH(what_is_committed_is_shown), FRESH(what_changes_while_it_is_made_is_shown),
          FRESH(what_is_too_large_is_not_tried_again), FRESH(the_one_used_longest_ago_makes_room),
          FRESH(more_scopes_than_places_take_turns),
          FRESH(changes_that_nobody_asks_about_do_not_pile_up),
          FRESH(changes_that_wait_are_within_the_memory),
          FRESH(nobody_lacks_what_was_told_before_they_asked))
