/* Bodies: what is no body, and what is said about a field that is wrong. */
#include "unit.h"

#include "http/body.h"

#include <stdio.h>

static struct http_request rq;

static void set(const char *text)
{
    arena_reset(&rq.call.arena);
    rq.json = NULL;
    rq.body = bytes_of_text(text);
    rq.call.note.text[0] = 0;
}

#define row(key, needed, from, to) \
    ((const struct field){.name = key, .need = needed, .least = from, .most = to})

#define assert_note(part) assert_non_null(strstr(rq.call.note.text, part))

static void refuses_what_is_no_object(void **state)
{
    const struct json_in *o = NULL;
    static const char *const wrong[] = {"", "{", "[]", "x", "7", "\"\"", "null", "{}{}", "\xff",
                                        "{\"a\":\"\xff\"}", "{\"a\":\"\\u0000\"}", "{'a':1}", "{\"a\":1,}"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        set(wrong[i]);
        assert_err(body_object(&rq, &o), BAD_JSON);
        assert_true(rq.call.note.text[0] != 0);
    }
    set("{\"roles\":1,\"roles\":2}");
    assert_err(body_object(&rq, &o), BAD_JSON);
    assert_note("twice");
    set("{\"nobody reads this\":11161103754368468910080}");
    assert_err(body_object(&rq, &o), BAD_JSON);
    assert_note("64 bits");
    set("[1]");
    assert_err(body_object_or_nothing(&rq, &o), BAD_JSON);
    assert_null(o);
}

static void nothing_and_null_may_stand_for_an_object(void **state)
{
    const struct json_in *o = NULL;
    static const char *const fine[] = {"", "null", "{}"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        set(fine[i]);
        assert_ok(body_object_or_nothing(&rq, &o));
        assert_true(json_in_is(o, JSON_IN_OBJECT));
    }
}

static void deep_nesting_is_no_crash(void **state)
{
    static char deep[100001];
    const struct json_in *o = NULL;
    (void)state;
    memset(deep, '[', 100000);
    set(deep);
    assert_err(body_object(&rq, &o), BAD_JSON);
}

static void fields_say_what_is_wrong(void **state)
{
    const struct json_in *o = NULL;
    const struct json_in *v = NULL;
    bytes text;
    struct uuid id;
    bool given = true;
    (void)state;
    set("{\"a\":1,\"b\":\"x\\ny\",\"c\":\"long\",\"d\":[1,2],\"f\":\"\",\"e\":null,\"u\":\"014BA2CC-2ed1-44b8-8162-dba27ca7ce57\"}");
    assert_ok(body_object(&rq, &o));
    assert_err(body_text(&rq, o, &row("a", FIELD_NEEDED, 0, 9), &text), BAD_INPUT);
    assert_note("\"a\" must be a string");
    assert_err(body_text(&rq, o, &row("b", FIELD_NEEDED, 0, 9), &text), BAD_INPUT);
    assert_err(body_text(&rq, o, &row("c", FIELD_NEEDED, 0, 3), &text), BAD_INPUT);
    assert_note("at most 3 characters");
    assert_err(body_text(&rq, o, &row("e", FIELD_NEEDED, 0, 3), &text), BAD_INPUT);
    assert_note("\"e\" is missing");
    assert_ok(body_text(&rq, o, &row("e", FIELD_OPTIONAL, 0, 3), &text));
    assert_int_equal(text.n, 0);
    assert_err(body_array(&rq, o, &row("d", FIELD_NEEDED, 0, 1), &v), BAD_INPUT);
    assert_err(body_array(&rq, o, &row("c", FIELD_NEEDED, 0, 1), &v), BAD_INPUT);
    assert_err(body_uuid(&rq, o, &row("c", FIELD_NEEDED, 0, 0), &id, NULL), BAD_INPUT);
    assert_ok(body_uuid(&rq, o, &row("zz", FIELD_OPTIONAL, 0, 0), &id, &given));
    assert_false(given);
    assert_err(body_text(&rq, o, &row("f", FIELD_NEEDED, 1, 9), &text), BAD_INPUT);
    assert_note("not empty");
    assert_err(body_array(&rq, o, &row("d", FIELD_NEEDED, 3, 9), &v), BAD_INPUT);
    assert_note("at least 3 elements");
    assert_ok(body_uuid(&rq, o, &row("u", FIELD_OPTIONAL, 0, 0), &id, &given));
    assert_true(given);
}

static void numbers_stay_in_their_range(void **state)
{
    const struct json_in *o = NULL;
    int64_t n = 5;
    bool given = true;
    static const char *const wrong[] = {"0", "11", "-1", "1.0", "\"2\"", "true", "1e400"};
    const struct field f = {.name = "n", .need = FIELD_OPTIONAL, .least = 1, .most = 10};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "{\"n\":%s}", wrong[i]);
        set(text);
        const err e = body_object(&rq, &o);
        if (err_is_ok(e)) assert_err(body_number(&rq, o, &f, &n, &given), BAD_INPUT);
        assert_int_equal(n, 5);
    }
    set("{\"n\":null}");
    assert_ok(body_object(&rq, &o));
    assert_ok(body_number(&rq, o, &f, &n, &given));
    assert_false(given);
    set("{\"n\":10}");
    assert_ok(body_object(&rq, &o));
    assert_ok(body_number(&rq, o, &f, &n, &given));
    assert_true(given && n == 10);
}

static void lists_of_ids_hold_each_once(void **state)
{
    const struct json_in *o = NULL;
    struct uuid ids[3];
    size_t n = 9;
    const struct field f = {.name = "r", .need = FIELD_NEEDED, .least = 1, .most = 3};
    static const char *const wrong[] = {"[]", "[1]", "[\"x\"]", "{}", "null"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "{\"r\":%s}", wrong[i]);
        set(text);
        assert_ok(body_object(&rq, &o));
        assert_err(body_uuids(&rq, o, &f, ids, &n), BAD_INPUT);
    }
    set("{\"r\":[\"014BA2CC-2ed1-44b8-8162-dba27ca7ce57\",\"014ba2cc-2ed1-44b8-8162-dba27ca7ce57\"]}");
    assert_ok(body_object(&rq, &o));
    assert_ok(body_uuids(&rq, o, &f, ids, &n));
    assert_int_equal(n, 1);
}

static void two_spellings_must_agree(void **state)
{
    const struct json_in *o = NULL;
    const struct json_in *v = NULL;
    (void)state;
    set("{\"orgId\":\"a\",\"OrgID\":\"b\"}");
    assert_ok(body_object(&rq, &o));
    assert_err(body_any_case(&rq, o, &row("orgId", FIELD_OPTIONAL, 0, 0), &v), BAD_INPUT);
    set("{\"orgId\":\"a\",\"OrgID\":\"a\",\"orgID\":null}");
    assert_ok(body_object(&rq, &o));
    assert_ok(body_any_case(&rq, o, &row("orgId", FIELD_OPTIONAL, 0, 0), &v));
    assert_bytes(json_in_text(v), "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_object),
        cmocka_unit_test(nothing_and_null_may_stand_for_an_object),
        cmocka_unit_test(deep_nesting_is_no_crash),
        cmocka_unit_test(fields_say_what_is_wrong),
        cmocka_unit_test(numbers_stay_in_their_range),
        cmocka_unit_test(lists_of_ids_hold_each_once),
        cmocka_unit_test(two_spellings_must_agree),
    };
    arena_init(&rq.call.arena, CALL_ARENA_MAX);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_drop(&rq.call.arena);
    return failed;
}
