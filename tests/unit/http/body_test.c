/* Bodies: what is no body, and what is said about a field that is wrong. */
#include "unit.h"

#include "http/body.h"

static struct http_request rq;

static void set(const char *text)
{
    json_decref(rq.json);
    rq.json = NULL;
    rq.body = bytes_of_text(text);
    rq.call.note.text[0] = 0;
}

#define assert_note(part) assert_non_null(strstr(rq.call.note.text, part))

static void refuses_what_is_no_object(void **state)
{
    const json_t *o = NULL;
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
    set("[1]");
    assert_err(body_object_or_nothing(&rq, &o), BAD_JSON);
    assert_null(o);
}

static void nothing_and_null_may_stand_for_an_object(void **state)
{
    const json_t *o = NULL;
    static const char *const fine[] = {"", "null", "{}"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        set(fine[i]);
        assert_ok(body_object_or_nothing(&rq, &o));
        assert_true(json_is_object(o));
    }
}

static void deep_nesting_is_no_crash(void **state)
{
    static char deep[100001];
    const json_t *o = NULL;
    (void)state;
    memset(deep, '[', 100000);
    set(deep);
    assert_err(body_object(&rq, &o), BAD_JSON);
}

static void fields_say_what_is_wrong(void **state)
{
    const json_t *o = NULL;
    const json_t *v = NULL;
    bytes text;
    struct uuid id;
    bool given = true;
    (void)state;
    set("{\"a\":1,\"b\":\"x\\ny\",\"c\":\"long\",\"d\":[1,2],\"e\":null,\"u\":\"014BA2CC-2ed1-44b8-8162-dba27ca7ce57\"}");
    assert_ok(body_object(&rq, &o));
    assert_err(body_text(&rq, o, "a", BODY_NEEDED, 9, &text), BAD_INPUT);
    assert_note("\"a\" must be a string");
    assert_err(body_text(&rq, o, "b", BODY_NEEDED, 9, &text), BAD_INPUT);
    assert_err(body_text(&rq, o, "c", BODY_NEEDED, 3, &text), BAD_INPUT);
    assert_note("at most 3 characters");
    assert_err(body_text(&rq, o, "e", BODY_NEEDED, 3, &text), BAD_INPUT);
    assert_note("\"e\" is missing");
    assert_ok(body_text(&rq, o, "e", BODY_OPTIONAL, 3, &text));
    assert_int_equal(text.n, 0);
    assert_err(body_array(&rq, o, "d", BODY_NEEDED, 1, &v), BAD_INPUT);
    assert_err(body_array(&rq, o, "c", BODY_NEEDED, 1, &v), BAD_INPUT);
    assert_err(body_uuid(&rq, o, "c", BODY_NEEDED, &id, NULL), BAD_INPUT);
    assert_ok(body_uuid(&rq, o, "zz", BODY_OPTIONAL, &id, &given));
    assert_false(given);
    assert_ok(body_uuid(&rq, o, "u", BODY_OPTIONAL, &id, &given));
    assert_true(given);
}

static void two_spellings_must_agree(void **state)
{
    const json_t *o = NULL;
    const json_t *v = NULL;
    (void)state;
    set("{\"orgId\":\"a\",\"OrgID\":\"b\"}");
    assert_ok(body_object(&rq, &o));
    assert_err(body_any_case(&rq, o, "orgId", &v), BAD_INPUT);
    set("{\"orgId\":\"a\",\"OrgID\":\"a\",\"orgID\":null}");
    assert_ok(body_object(&rq, &o));
    assert_ok(body_any_case(&rq, o, "orgId", &v));
    assert_string_equal(json_string_value(v), "a");
}

UNIT_MAIN(cmocka_unit_test(refuses_what_is_no_object),
          cmocka_unit_test(nothing_and_null_may_stand_for_an_object),
          cmocka_unit_test(deep_nesting_is_no_crash), cmocka_unit_test(fields_say_what_is_wrong),
          cmocka_unit_test(two_spellings_must_agree))
