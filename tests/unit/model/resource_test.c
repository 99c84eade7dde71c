/* Resource names: what is refused, what reads back, and what covers and meets what. */
#include "unit.h"

#include "model/resource.h"

#define O "drn:astra:org:0a010000-0000-4000-8000-000000000a01"
#define P "drn:astra:org:0a020000-0000-4000-8000-000000000a02"
#define D "0d010000-0000-4000-8000-000000000d01"

static void what_is_no_resource_name_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", ":", "drn", "drn:astra", "drn:astra:org", "drn:astra:org:", "drn:astra:org:x", "drn:astra:org:*",
        "DRN:astra:org:0a010000-0000-4000-8000-000000000a01", "drn:other:org:0a010000-0000-4000-8000-000000000a01",
        O ":", O ":db", O ":db:", O ":db:x", O ":db:" D ":", O ":db:**", O ":db:" D ":keyspace",
        O ":db:" D ":keyspace:", O ":db:" D ":keyspace:a:", O ":db:" D ":keyspace:a:table",
        O ":db:" D ":keyspace:a:table:", O ":db:" D ":keyspace:a:table:b:", O ":db:" D ":keyspace:a:table:b:c",
        O ":db:" D ":table:b", O ":keyspace:a", O ":role", O ":role:x", O ":role:*:x", O ":stream", O ":stream:",
        "drn:astra:enterprise:*", "drn:astra:enterprise:__ORG_ID__", "drn:astra:org:__ENTERPRISE_ID__",
        "drn:astra:enterprise:0a010000-0000-4000-8000-000000000a01:db:*", " " O, O " ",
        O ":db:" D ":keyspace::table:b", O ":Db:" D,
    };
    struct resource r;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (err_is_ok(resource_read(bytes_of_text(wrong[i]), &r))) fail_msg("read: %s", wrong[i]);
    }
    static char huge[RESOURCE_TEXT_MAX + 2];
    memset(huge, 'k', sizeof huge);
    memcpy(huge, O ":db:*:keyspace:", sizeof(O ":db:*:keyspace:") - 1);
    assert_err(resource_read(bytes_of(huge, RESOURCE_TEXT_MAX + 1), &r), BAD_INPUT);
    assert_ok(resource_read(bytes_of(huge, RESOURCE_TEXT_MAX), &r));
}

static const struct {
    const char *text;
    enum level level;
} good[] = {
    {O, LEVEL_ORGANIZATION},
    {"drn:astra:org:__ORG_ID__", LEVEL_ORGANIZATION},
    {"drn:astra:org:__ORG_ID__:db:*:keyspace:*:table:*", LEVEL_TABLE},
    {O ":db:" D, LEVEL_DATABASE},
    {O ":db:*", LEVEL_DATABASE},
    {O ":db:" D ":keyspace:Ks", LEVEL_KEYSPACE},
    {O ":db:*:keyspace:*", LEVEL_KEYSPACE},
    {O ":db:" D ":keyspace:a b:table:**", LEVEL_TABLE},
    {O ":db:*:keyspace:a:table:*", LEVEL_TABLE},
    {O ":role:*", LEVEL_ROLE},
    {O ":role:" D, LEVEL_ROLE},
    {O ":stream:*", LEVEL_STREAM},
    {O ":stream:any thing", LEVEL_STREAM},
    {"drn:astra:enterprise:0a010000-0000-4000-8000-000000000a01", LEVEL_ENTERPRISE},
    {"drn:astra:enterprise:__ENTERPRISE_ID__", LEVEL_ENTERPRISE},
    {"drn:astra:org:0A010000-0000-4000-8000-000000000a01", LEVEL_ORGANIZATION},
    {"drn:astra:org:ABCDEFab-cdef-4ABC-8def-FedCBa98765F:db:abcdefAB-CDEF-4abc-8DEF-fEDcbA98765f:keyspace:Ks", LEVEL_KEYSPACE},
    {"drn:astra:org:__ORG_ID__:role:F0000000-0000-4000-8000-00000000000F", LEVEL_ROLE},
    {"drn:astra:enterprise:0A010000-0000-4000-8000-00000000000A", LEVEL_ENTERPRISE},
};

static void what_is_read_is_written_as_it_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct resource r;
        char room[256];
        struct wr w = wr_fixed(room, sizeof room);
        assert_ok(resource_read(bytes_of_text(good[i].text), &r));
        assert_int_equal(r.level, good[i].level);
        resource_write(&r, &w);
        assert_bytes(wr_view(&w), good[i].text);
    }
}

static void no_cut_of_a_name_is_read_as_another_level_by_accident(void **state)
{
    (void)state;
    const bytes whole = BYTES(O ":db:" D ":keyspace:shop:table:orders");
    for (size_t n = 0; n < whole.n; n++) {
        struct resource r;
        if (!err_is_ok(resource_read(bytes_part(whole, 0, n), &r))) continue;
        char room[256];
        struct wr w = wr_fixed(room, sizeof room);
        resource_write(&r, &w);
        assert_true(bytes_eq(wr_view(&w), bytes_part(whole, 0, n)));
    }
}

static struct resource read(const char *text)
{
    struct resource r;
    assert_ok(resource_read(bytes_of_text(text), &r));
    return r;
}

/* c: the first covers the second; m: they meet. */
static const struct {
    const char *a;
    const char *b;
    bool c;
    bool m;
} pairs[] = {
    {O, O, true, true},
    {O, P, false, false},
    {O, O ":db:*", false, false},
    {O ":db:*", O ":db:" D, true, true},
    {O ":db:" D, O ":db:*", false, true},
    {O ":db:*", P ":db:" D, false, false},
    {"drn:astra:org:ABCDEFAB-0000-4000-8000-000000000001:db:ABCDEFAB-0000-4000-8000-000000000002",
     "drn:astra:org:abcdefab-0000-4000-8000-000000000001:db:abcdefab-0000-4000-8000-000000000002", true, true},
    {O ":db:*:keyspace:a", O ":db:" D ":keyspace:a", true, true},
    {O ":db:" D ":keyspace:*", O ":db:*:keyspace:a", false, true},
    {O ":db:*:keyspace:a", O ":db:" D ":keyspace:b", false, false},
    {O ":db:*:keyspace:*:table:*", O ":db:" D ":keyspace:a:table:b", true, true},
    {O ":db:*:keyspace:a:table:*", O ":db:*:keyspace:*:table:b", false, true},
    {O ":db:" D ":keyspace:a:table:b", O ":db:" D ":keyspace:a:table:B", false, false},
    {O ":role:*", O ":role:" D, true, true},
    {O ":role:" D, O ":db:" D, false, false},
    {O ":stream:*", O ":stream:x", true, true},
};

static void covering_and_meeting(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct resource a = read(pairs[i].a);
        const struct resource b = read(pairs[i].b);
        assert_int_equal(resource_covers(&a, &b), pairs[i].c);
        assert_int_equal(resource_meets(&a, &b), pairs[i].m);
        assert_int_equal(resource_meets(&b, &a), pairs[i].m);
        assert_true(resource_covers(&a, &a) && resource_covers(&b, &b));
        assert_true(!pairs[i].c || pairs[i].m);
    }
}

UNIT_MAIN(cmocka_unit_test(what_is_no_resource_name_is_refused),
          cmocka_unit_test(what_is_read_is_written_as_it_was),
          cmocka_unit_test(no_cut_of_a_name_is_read_as_another_level_by_accident),
          cmocka_unit_test(covering_and_meeting))
