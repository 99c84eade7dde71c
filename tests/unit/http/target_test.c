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

/* The form of a refusal depends on the path, also where the rest of it cannot be read. */
static void a_broken_target_has_all_of_its_path_but_the_fault(void **state)
{
    (void)state;
    assert_err(read("/v2/organizations/roles/%0c"), BAD_INPUT);
    assert_int_equal(t.segments_n, 4);
    assert_bytes(t.segments[2], "roles");
    assert_bytes(t.segments[3], "");
    assert_err(read("/v2/databases/%1a/access-list"), BAD_INPUT);
    assert_int_equal(t.segments_n, 4);
    assert_bytes(t.segments[2], "");
    assert_bytes(t.segments[3], "access-list");
    assert_err(read("/v2/databases?a=%"), BAD_INPUT);
    assert_bytes(t.segments[1], "databases");
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

static void a_field_of_a_form_is_found_by_its_name(void **state)
{
    static const char *const bad[] = {"a=%", "a=%zz", "a=%00", "a=\x01", "a=\xff", "%61=%7f"};
    bytes value = {0};
    size_t times;
    (void)state;
    assert_ok(target_form_field(BYTES("token=a%3Ab+c&x&token=d"), "token", &arena, &value, &times));
    assert_int_equal(times, 2);
    assert_bytes(value, "d");
    assert_ok(target_form_field(BYTES("x=1&%74oke%6E=a%3Ab+c=d&"), "token", &arena, &value, &times));
    assert_int_equal(times, 1);
    assert_bytes(value, "a:b c=d");
    assert_ok(target_form_field(BYTES("tokens=1&toke=2&=token&"), "token", &arena, &value, &times));
    assert_int_equal(times, 0);
    assert_ok(target_form_field((bytes){0}, "token", &arena, &value, &times));
    assert_int_equal(times, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(target_form_field(bytes_of_text(bad[i]), "a", &arena, &value, &times), BAD_INPUT);
    }
}

static void other_fields_of_a_form_are_not_judged(void **state)
{
    bytes value = {0};
    size_t times;
    (void)state;
    assert_ok(target_form_field(BYTES("x=%1D&%zz=%&\xff=\x01&%00&token=d&y=%c2"), "token", &arena, &value, &times));
    assert_int_equal(times, 1);
    assert_bytes(value, "d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_broken_targets),
        cmocka_unit_test(a_broken_target_has_all_of_its_path_but_the_fault),
        cmocka_unit_test(an_escaped_slash_stays_in_its_segment),
        cmocka_unit_test(forms),
        cmocka_unit_test(a_field_of_a_form_is_found_by_its_name),
        cmocka_unit_test(other_fields_of_a_form_are_not_judged),
        cmocka_unit_test(a_small_arena_is_no_memory),
    };
    arena_init(&arena, 1 << 20);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_drop(&arena);
    return failed;
}
