/* JSON that is read: values, places of faults, caps; and jansson as the judge of texts that were bent. */
#include "unit.h"

#include "base/wr.h"
#include "http/json_in.h"

#include <jansson.h>
#include <stdlib.h>

enum { ROUNDS = 200000, TEXT_MAX = 400 };

static struct arena arena;
static struct json_in_error why;

static const struct json_in *read_text(const char *text)
{
    const struct json_in *v = NULL;
    arena_reset(&arena);
    assert_ok(json_in_read(bytes_of_text(text), &arena, &v, &why));
    return v;
}

static void refuse(bytes text, enum json_in_fault fault)
{
    const struct json_in *v = NULL;
    arena_reset(&arena);
    assert_err(json_in_read(text, &arena, &v, &why), BAD_JSON);
    assert_int_equal(why.fault, fault);
    assert_null(v);
}

static void reads_every_kind(void **state)
{
    (void)state;
    const struct json_in *o = read_text(" {\"a\" : [1, -2.5e+3 ,\"x\",true,false,null,{}],\"b\\n\":\"\\u00e9\\ud83d\\ude00\\/\\\"\", \"\":-9223372036854775808}\r\n\t");
    const struct json_in *a = json_in_get(o, "a");
    assert_int_equal(json_in_n(a), 7);
    assert_int_equal(json_in_at(a, 0)->number, 1);
    assert_int_equal(json_in_at(a, 1)->kind, JSON_IN_REAL);
    assert_bytes(json_in_text(json_in_at(a, 2)), "x");
    assert_true(json_in_at(a, 3)->truth);
    assert_false(json_in_at(a, 4)->truth);
    assert_true(json_in_is(json_in_at(a, 5), JSON_IN_NULL));
    assert_true(json_in_is(json_in_at(a, 6), JSON_IN_OBJECT));
    assert_bytes(json_in_text(json_in_get(o, "b\n")), "\xc3\xa9\xf0\x9f\x98\x80/\"");
    assert_int_equal(json_in_get(o, "")->number, INT64_MIN);
    assert_null(json_in_get(o, "c"));
    assert_int_equal(json_in_n(NULL) + json_in_text(NULL).n + json_in_n(o), 0);
}

static void says_what_is_wrong_and_where(void **state)
{
    static const char *const broken[] = {"", "{", "[1", "[1,]", "{\"a\":1,}", "{a:1}", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\u0000\"",
                                         "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\n\"", "01", "-", "1.", ".5", "1e", "+1",
                                         "tru", "nul", "[1 2]", "{\"a\" 1}", "1 1", "\xff", "\"\xed\xa0\x80\"", "\"\\", "NaN", "'a'"};
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) refuse(bytes_of_text(broken[i]), JSON_IN_MALFORMED);
    refuse(BYTES("{\n \"a\": x}"), JSON_IN_MALFORMED);
    assert_int_equal(why.line, 2);
    assert_int_equal(why.column, 7);
    refuse(BYTES("{\n\"a\": \"\xff\"}"), JSON_IN_MALFORMED);
    assert_int_equal(why.line, 2);
    assert_int_equal(why.column, 7);
    refuse(BYTES("{\"a\":{\"b\":1,\"\\u0062\":2}}"), JSON_IN_KEY_TWICE);
    refuse(BYTES("9223372036854775808"), JSON_IN_OUT_OF_RANGE);
    refuse(BYTES("1\0"), JSON_IN_MALFORMED);
}

static void knows_what_is_the_same(void **state)
{
    static const char *const pairs[][2] = {{"[[1,\"a\",null,{\"x\":1,\"y\":2}],[1,\"a\",null,{\"y\":2,\"x\":1}]]", "same"},
                                           {"[[1],[1,2]]", NULL}, {"[[1,2],[1]]", NULL}, {"[{\"x\":1},{\"x\":1,\"y\":1}]", NULL},
                                           {"[{\"x\":1,\"y\":1},{\"x\":1}]", NULL}, {"[{\"x\":1},{\"y\":1}]", NULL}, {"[1,1.0]", NULL},
                                           {"[true,false]", NULL}, {"[\"a\",\"b\"]", NULL}, {"[null,false]", NULL}, {"[[],{}]", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct json_in *v = read_text(pairs[i][0]);
        assert_int_equal(json_in_eq(json_in_at(v, 0), json_in_at(v, 1)), pairs[i][1] != NULL);
    }
}

static void has_room_for_so_much_and_no_more(void **state)
{
    static char text[1 << 20];
    struct wr w = wr_fixed(text, sizeof text);
    (void)state;
    memset(text, '[', JSON_IN_DEPTH_MAX);
    memset(text + JSON_IN_DEPTH_MAX, ']', JSON_IN_DEPTH_MAX);
    (void)read_text(text);
    memset(text, '[', JSON_IN_DEPTH_MAX + 1);
    refuse(bytes_of(text, JSON_IN_DEPTH_MAX + 1), JSON_IN_TOO_MUCH);
    for (unsigned i = 0; i <= JSON_IN_KEYS_MAX; i++) wr_format(&w, "%c\"%u\":0", i ? ',' : '{', i);
    wr_text(&w, "}");
    refuse(wr_view(&w), JSON_IN_TOO_MUCH);
    w.n = 0;
    for (unsigned i = 1; i < JSON_IN_VALUES_MAX; i++) wr_text(&w, i > 1 ? ",0" : "[0");
    wr_bytes(&w, bytes_of("]", 2));
    assert_int_equal(json_in_n(read_text(text)), JSON_IN_VALUES_MAX - 1);
    w.n -= 2;
    wr_text(&w, ",0]");
    refuse(wr_view(&w), JSON_IN_TOO_MUCH);
}

/* --- the judge --- */

static bool same(const struct json_in *v, const json_t *j);

static bool same_array(const struct json_in *v, const json_t *j)
{
    if (!json_is_array(j) || json_array_size(j) != json_in_n(v)) return false;
    for (size_t i = 0; i < v->n; i++) {
        if (!same(json_in_at(v, i), json_array_get(j, i))) return false;
    }
    return true;
}

static bool same_object(const struct json_in *v, const json_t *j)
{
    if (!json_is_object(j) || json_object_size(j) != v->n) return false;
    for (size_t i = 0; i < v->n; i++) {
        char key[TEXT_MAX + 1] = "";
        memcpy(key, v->items[i].key.p, v->items[i].key.n);
        if (!same(&v->items[i], json_object_get(j, key))) return false;
    }
    return true;
}

static bool same(const struct json_in *v, const json_t *j)
{
    if (!j) return false;
    switch (v->kind) {
    case JSON_IN_NULL:
        return json_is_null(j);
    case JSON_IN_TRUTH:
        return json_is_boolean(j) && json_is_true(j) == v->truth;
    case JSON_IN_NUMBER:
        return json_is_integer(j) && json_integer_value(j) == v->number;
    case JSON_IN_REAL:
        return json_is_real(j);
    case JSON_IN_TEXT:
        return json_is_string(j) && bytes_eq(v->text, bytes_of(json_string_value(j), json_string_length(j)));
    case JSON_IN_ARRAY:
        return same_array(v, j);
    case JSON_IN_OBJECT:
        return same_object(v, j);
    }
    return false;
}

static uint32_t seed = 7;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static size_t bend(char *text, size_t n)
{
    static const char *const parts[] = {"{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\\n", "0", "-1", "1.5e3", "1e400",
                                        "true", "null", " ", "\n", "\"a\"", "\"a\":", "\x01", "\xc3\xa9", "\xff", "\\u0000", "9223372036854775807", "[]", "{}", "\"\""};
    const char *part = parts[any(sizeof parts / sizeof *parts)];
    const size_t part_n = strlen(part);
    const size_t at = any((uint32_t)n + 1);
    if (any(3) == 0 && at < n) {
        memmove(text + at, text + at + 1, n - at - 1);
        return n - 1;
    }
    if (n + part_n > TEXT_MAX) return n;
    memmove(text + at + part_n, text + at, n - at);
    memcpy(text + at, part, part_n);
    return n + part_n;
}

/* Reals beyond a double are its fault, and ours only where somebody would read them. */
static void agree(bytes text)
{
    json_error_t judge_why;
    const struct json_in *v = NULL;
    arena_reset(&arena);
    const err e = json_in_read(text, &arena, &v, &why);
    json_t *j = json_loadb((const char *)text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &judge_why);
    const bool overflow = !j && json_error_code(&judge_why) == json_error_numeric_overflow;
    const bool agreed = err_is_ok(e) ? overflow || same(v, j) : !j;
    if (!agreed) print_error("%.*s\n", BYTES_FMT(text));
    assert_true(agreed);
    json_decref(j);
}

static void agrees_with_another_reader_on_bent_texts(void **state)
{
    static const char *const good[] = {"{\"name\":\"a\",\"roles\":[\"014BA2CC-2ed1-44b8-8162-dba27ca7ce57\"],\"orgId\":null,\"n\":12}",
                                       "[[],{},\"\\u00e9\",-0,1.25,true,[{\"a\":[1,2,{\"b\":\"\\\\\"}]}]]", "\"\\ud83d\\ude00 x\"", "{\"a\":1,\"b\":{\"a\":2}}"};
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        char text[TEXT_MAX + 1];
        const char *from = good[any(sizeof good / sizeof *good)];
        size_t n = strlen(from);
        memcpy(text, from, n);
        for (uint32_t times = any(4) + 1; times; times--) n = bend(text, n);
        char *exact = malloc(n ? n : 1); /* so that a byte too many is seen */
        memcpy(exact, text, n);
        agree(bytes_of(exact, n));
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(knows_what_is_the_same),
        cmocka_unit_test(has_room_for_so_much_and_no_more),
        cmocka_unit_test(agrees_with_another_reader_on_bent_texts),
    };
    arena_init(&arena, 8 << 20);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_drop(&arena);
    return failed;
}
