/* Held answers: what a second request hears, for how long, and how many of them there are. */
#include "unit.h"

#include "http/once.h"

#include <stdio.h>

static struct arena arena;
static struct note note;
static struct once *once;
static struct once_answer held;
static bool found;

static struct once_key key_of(const char *caller, const char *key, const char *body)
{
    struct once_key k;
    const struct once_request r = {bytes_of_text(caller), BYTES("POST"), BYTES("/v2/tokens"),
                                   bytes_of_text(key), bytes_of_text(body)};
    once_hash(&r, &k);
    return k;
}

static err begin(const struct once_key *k, uint64_t now_ms)
{
    found = false;
    return once_begin(once, k, now_ms, &arena, &held, &found, &note);
}

static void answer(const struct once_key *k, const char *body, uint64_t now_ms)
{
    const struct once_answer a = {200, "application/json", bytes_of_text(body), BYTES("made")};
    once_end(once, k, &a, now_ms);
}

static int start(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 24);
    assert_ok(once_new(NULL, &once));
    return 0;
}

static int stop(void **state)
{
    (void)state;
    once_free(once);
    arena_drop(&arena);
    return 0;
}

static void a_second_request_hears_what_the_first_did(void **state)
{
    const struct once_key k = key_of("a", "1", "{}");
    (void)state;
    assert_ok(begin(&k, 0));
    assert_false(found);
    answer(&k, "secret", 0);
    assert_ok(begin(&k, 1000));
    assert_true(found);
    assert_int_equal(held.status, 200);
    assert_bytes(held.body, "secret");
    assert_bytes(held.subject, "made");
}

static void under_way_is_a_conflict_and_another_body_is_422(void **state)
{
    const struct once_key k = key_of("a", "1", "{}");
    const struct once_key other = key_of("a", "1", "{ }");
    (void)state;
    assert_ok(begin(&k, 0));
    assert_err(begin(&k, 0), CONFLICT);
    assert_err(begin(&other, 0), UNPROCESSABLE);
    answer(&k, "x", 0);
    assert_err(begin(&other, 0), UNPROCESSABLE);
}

static void keys_are_a_caller_s_own(void **state)
{
    const struct once_key a = key_of("a", "1", "{}");
    const struct once_key b = key_of("b", "1", "{}");
    const struct once_key moved = key_of("a1", "", "{}");
    (void)state;
    assert_ok(begin(&a, 0));
    assert_ok(begin(&b, 0));
    assert_false(found);
    assert_ok(begin(&moved, 0));
    assert_false(found);
}

static void what_failed_may_be_tried_again(void **state)
{
    const struct once_key k = key_of("a", "1", "{}");
    (void)state;
    assert_ok(begin(&k, 0));
    once_end(once, &k, NULL, 0);
    assert_ok(begin(&k, 0));
    assert_false(found);
}

static void an_answer_is_held_for_ten_minutes(void **state)
{
    const struct once_key k = key_of("a", "1", "{}");
    (void)state;
    assert_ok(begin(&k, 0));
    answer(&k, "x", 5000);
    assert_ok(begin(&k, 5000 + ONCE_HELD_MS - 1));
    assert_true(found);
    assert_ok(begin(&k, 5000 + ONCE_HELD_MS));
    assert_false(found);
}

/* Under way it is no answer: however long it takes. */
/* Nobody needs to ask for a secret to be wiped. */
static void an_answer_is_swept_when_its_time_is_over(void **state)
{
    const struct once_key k = key_of("a", "1", "{}");
    const struct once_key waits = key_of("a", "2", "{}");
    assert_ok(begin(&k, 0));
    answer(&k, "secret", 1000);
    assert_ok(begin(&waits, 1000));
    assert_int_equal(once_sweep(once, 1000 + ONCE_HELD_MS - 1), 1);
    assert_int_equal(once_sweep(once, 1000 + ONCE_HELD_MS), 0);
    assert_err(begin(&waits, 1000 + ONCE_HELD_MS), CONFLICT);
    answer(&waits, "", 1000 + ONCE_HELD_MS);
    (void)state;
}

/* Two loops, one of which read the clock before the other. */
static void a_clock_that_is_behind_forgets_nothing(void **state)
{
    const struct once_key k = key_of("a", "1", "{}");
    assert_ok(begin(&k, 1000));
    answer(&k, "secret", 1005);
    assert_ok(begin(&k, 1003));
    assert_true(found);
    (void)state;
}

static void what_is_under_way_is_not_forgotten(void **state)
{
    const struct once_key k = key_of("a", "1", "{}");
    (void)state;
    assert_ok(begin(&k, 0));
    assert_err(begin(&k, 10 * ONCE_HELD_MS), CONFLICT);
}

static void fill(const char *caller, unsigned from, unsigned n, bool ended)
{
    for (unsigned i = from; i < from + n; i++) {
        char name[20];
        snprintf(name, sizeof name, "%u", i);
        const struct once_key k = key_of(caller, name, "{}");
        assert_ok(begin(&k, i));
        assert_false(found);
        if (ended) answer(&k, "x", i);
    }
}

static void a_caller_s_newest_takes_the_place_of_its_own_oldest(void **state)
{
    const struct once_key victim = key_of("victim", "1", "{}");
    const struct once_key first = key_of("many", "0", "{}");
    const struct once_key last = key_of("many", "4999", "{}");
    (void)state;
    assert_ok(begin(&victim, 0));
    answer(&victim, "x", 0);
    fill("many", 0, 5000, true);
    assert_ok(begin(&victim, 5000));
    assert_true(found);
    assert_ok(begin(&last, 5000));
    assert_true(found);
    assert_ok(begin(&first, 5000));
    assert_false(found);
}

static void a_thousand_are_held_and_no_more(void **state)
{
    const struct once_key first = key_of("caller 0", "0", "{}");
    (void)state;
    for (unsigned i = 0; i <= ONCE_HELD_MAX / ONCE_EACH_MAX; i++) {
        char caller[20];
        snprintf(caller, sizeof caller, "caller %u", i);
        fill(caller, i * 1000, ONCE_EACH_MAX, true);
    }
    assert_ok(begin(&first, 20000));
    assert_false(found);
}

static void when_all_places_are_under_way_it_is_too_many(void **state)
{
    const struct once_key one_more = key_of("x", "1", "{}");
    (void)state;
    for (unsigned i = 0; i < ONCE_HELD_MAX / ONCE_EACH_MAX; i++) {
        char caller[20];
        snprintf(caller, sizeof caller, "caller %u", i);
        fill(caller, 0, ONCE_EACH_MAX, false);
    }
    assert_err(begin(&one_more, 0), TOO_MANY);
}

static void an_answer_that_is_too_long_is_not_held(void **state)
{
    static char longest[ONCE_BODY_MAX + 2];
    const struct once_key k = key_of("a", "1", "{}");
    (void)state;
    memset(longest, 'x', sizeof longest - 1);
    assert_ok(begin(&k, 0));
    answer(&k, longest, 0);
    assert_ok(begin(&k, 0));
    assert_false(found);
}

static bool recall(void *owner, const uint8_t request[ONCE_HASH], struct arena *a,
                   struct once_past *past)
{
    const struct once_key *known = owner;
    (void)a;
    past->subject = BYTES("abcd");
    memcpy(past->body, known->body, sizeof past->body);
    return memcmp(known->request, request, ONCE_HASH) == 0;
}

static void what_only_the_store_remembers_is_409_with_what_it_made(void **state)
{
    struct once_key k = key_of("a", "1", "{}");
    const struct once_key other = key_of("a", "2", "{}");
    const struct once_key bent = key_of("a", "1", "{ }");
    const struct once_memory memory = {&k, recall};
    (void)state;
    once_free(once);
    assert_ok(once_new(&memory, &once));
    assert_err(begin(&k, 0), CONFLICT);
    assert_non_null(strstr(note.text, "it made abcd"));
    assert_err(begin(&bent, 0), UNPROCESSABLE);
    assert_ok(begin(&other, 0));
    assert_false(found);
}

/* The store keeps the hashes: they are the same on every machine, in every version. */
static void hashes_are_what_the_formats_say(void **state)
{
    static const uint8_t body[] = {
        0x7c, 0xf4, 0xb3, 0xea, 0x3b, 0x7f, 0xb8, 0x29, 0x16, 0x9a, 0xf1, 0x9d,
        0x64, 0x19, 0x05, 0xeb, 0x04, 0xc1, 0xa2, 0x3d, 0x60, 0x57, 0xcb, 0xe1,
        0x0a, 0x97, 0x5b, 0xa5, 0xbc, 0xfa, 0xa2, 0x1e};
    static const uint8_t request[] = {
        0x5c, 0xc7, 0xbf, 0x39, 0xd5, 0x33, 0x51, 0xfd, 0x37, 0x23, 0xf9, 0x3f,
        0x6f, 0xad, 0x9d, 0xcb, 0x9e, 0xe2, 0x2a, 0x48, 0x90, 0x6e, 0x60, 0x03,
        0x1e, 0x64, 0xbb, 0x0e, 0xcc, 0xfb, 0xa8, 0xd7};
    const struct once_key k = key_of("a", "1", "{}");
    (void)state;
    assert_memory_equal(k.body, body, sizeof k.body);
    assert_memory_equal(k.request, request, sizeof k.request);
}

static void keys_are_visible_characters(void **state)
{
    char longest[ONCE_KEY_MAX + 2];
    (void)state;
    memset(longest, 'k', sizeof longest);
    assert_true(once_is_key(bytes_of(longest, ONCE_KEY_MAX)));
    assert_false(once_is_key(bytes_of(longest, ONCE_KEY_MAX + 1)));
    assert_false(once_is_key((bytes){0}));
    assert_false(once_is_key(BYTES("a b")));
    assert_false(once_is_key(BYTES("a\x7f")));
    assert_true(once_is_key(BYTES("8e03978e-40d5-43dd-bc93-6894a57f9324")));
}

#define IN_ORDER(test) cmocka_unit_test_setup_teardown(test, start, stop)
UNIT_MAIN(IN_ORDER(a_second_request_hears_what_the_first_did),
          IN_ORDER(under_way_is_a_conflict_and_another_body_is_422), IN_ORDER(keys_are_a_caller_s_own),
          IN_ORDER(what_failed_may_be_tried_again), IN_ORDER(an_answer_is_held_for_ten_minutes),
          IN_ORDER(an_answer_is_swept_when_its_time_is_over),
          IN_ORDER(a_clock_that_is_behind_forgets_nothing),
          IN_ORDER(what_is_under_way_is_not_forgotten),
          IN_ORDER(a_caller_s_newest_takes_the_place_of_its_own_oldest),
          IN_ORDER(a_thousand_are_held_and_no_more),
          IN_ORDER(when_all_places_are_under_way_it_is_too_many),
          IN_ORDER(an_answer_that_is_too_long_is_not_held),
          IN_ORDER(what_only_the_store_remembers_is_409_with_what_it_made),
          IN_ORDER(hashes_are_what_the_formats_say), IN_ORDER(keys_are_visible_characters))
