/* Request targets: what is refused, then what segments and arguments come out. */
#include "unit.h"

#include "http/target.h"

static struct arena arena;
static struct target t;

static err read(const char *text)
{
    return target_read(bytes_of_text(text), &arena, &t);
}

static void refuses_broken_targets(void **state)
{
    static const char *const wrong[] = {"",       "x",     "/%",       "/%4",      "/%zz",  "/%00",
                                        "/a%0ab", "/\x01", "/%ff",     "/a?b=%",   "/%c0%af", "/a?%7f",
                                        "http",   "**",    "/a\x7f"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_err(read(wrong[i]), BAD_INPUT);
    assert_err(read("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"), BAD_INPUT);
    char many[1024] = "/?";
    for (int i = 0; i < 65; i++) strcat(many, "a&");
    assert_err(read(many), BAD_INPUT);
    static char longest[TARGET_MAX + 2];
    memset(longest, 'a', sizeof longest - 1);
    longest[0] = '/';
    assert_err(read(longest), TARGET_TOO_LONG);
}

static void an_escaped_slash_stays_in_its_segment(void **state)
{
    (void)state;
    assert_ok(read("/v2/a%2Fb/c+d%20e?x=1%262&y+z=%3D&flag&=none&e="));
    assert_int_equal(t.segments_n, 3);
    assert_bytes(t.segments[1], "a/b");
    assert_bytes(t.segments[2], "c+d e");
    assert_int_equal(t.arguments_n, 4);
    assert_bytes(target_argument(&t, "x")->value, "1&2");
    assert_bytes(target_argument(&t, "y z")->value, "=");
    assert_bytes(target_argument(&t, "flag")->value, "");
    assert_bytes(target_argument(&t, "e")->value, "");
    assert_null(target_argument(&t, "none"));
    assert_bytes(t.raw, "/v2/a%2Fb/c+d%20e");
}

static void forms(void **state)
{
    (void)state;
    assert_ok(read("/"));
    assert_int_equal(t.segments_n, 0);
    assert_ok(read("/a/"));
    assert_int_equal(t.segments_n, 2);
    assert_int_equal(t.segments[1].n, 0);
    assert_ok(read("//a"));
    assert_int_equal(t.segments_n, 2);
    assert_ok(read("*"));
    assert_true(t.any);
    assert_ok(read("http://host:80/v2/x?y=1"));
    assert_int_equal(t.segments_n, 2);
    assert_int_equal(t.arguments_n, 1);
    assert_ok(read("HTTPS://host"));
    assert_int_equal(t.segments_n, 0);
    assert_ok(read("/a#b"));
    assert_int_equal(t.segments_n, 1);
}

static void a_small_arena_is_no_memory(void **state)
{
    struct arena small;
    (void)state;
    arena_init(&small, 4);
    assert_err(target_read(BYTES("/aaaaaaaaaaaaaaa%61"), &small, &t), NO_MEMORY);
    arena_drop(&small);
}

static void a_form_is_read_as_a_query(void **state)
{
    static const char *const bad[] = {"a=%", "a=%zz", "a=%00", "a=\x01", "a=\xff"};
    (void)state;
    assert_ok(target_read_form(BYTES("token=a%3Ab+c&x&token=d"), &arena, &t));
    assert_int_equal(t.arguments_n, 3);
    assert_bytes(t.arguments[0].value, "a:b c");
    assert_bytes(t.arguments[2].value, "d");
    assert_ok(target_read_form((bytes){0}, &arena, &t));
    assert_int_equal(t.arguments_n, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(target_read_form(bytes_of_text(bad[i]), &arena, &t), BAD_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_broken_targets),
        cmocka_unit_test(an_escaped_slash_stays_in_its_segment),
        cmocka_unit_test(forms),
        cmocka_unit_test(a_form_is_read_as_a_query),
        cmocka_unit_test(a_small_arena_is_no_memory),
    };
    arena_init(&arena, 1 << 20);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_drop(&arena);
    return failed;
}
