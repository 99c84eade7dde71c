/* Cells as JSON, as a node spells them. */
#include "unit.h"

#include "cluster/table_json.h"

#define TEXT "\0\x0d"

static const struct {
    bytes type;
    bytes cell;
    const char *json;
} known[] = {
    {BYTES(TEXT), BYTES("plain"), "\"plain\""},
    {BYTES(TEXT), BYTES(""), "\"\""},
    {BYTES(TEXT), BYTES("a\"b\\c\n"), "\"a\\\"b\\\\c\\u000a\""},
    {BYTES(TEXT), {0}, "null"},
    {BYTES("\0\4"), BYTES("\1"), "true"},
    {BYTES("\0\4"), BYTES("\0"), "false"},
    {BYTES("\0\x09"), BYTES("\xff\xff\xff\xfe"), "-2"},
    {BYTES("\0\x0c"), BYTES("0123456789abcdef"), "\"30313233-3435-3637-3839-616263646566\""},
    {BYTES("\0\x0c"), BYTES(""), "null"},
    {BYTES("\0\x21" TEXT TEXT), BYTES("\0\0\0\0"), "{}"},
    {BYTES("\0\x21" TEXT TEXT), BYTES("\0\0\0\2\0\0\0\5class\0\0\0\1N\0\0\0\3dc1\0\0\0\1\x33"),
     "{\"class\": \"N\", \"dc1\": \"3\"}"},
    {BYTES("\0\x22" TEXT), BYTES("\0\0\0\2\0\0\0\1a\0\0\0\1b"), "[\"a\", \"b\"]"},
};

static void cells_are_spelled_as_by_a_node(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct wr w = wr_growing(1000);
        assert_true(table_json_knows(known[i].type));
        table_json_write(&w, known[i].type, known[i].cell);
        assert_bytes(wr_view(&w), known[i].json);
        wr_drop(&w);
    }
}

/* A collection that says it has more than there is ends where the bytes do. */
static void a_collection_that_is_cut_short_ends(void **state)
{
    (void)state;
    struct wr w = wr_growing(1000);
    table_json_write(&w, BYTES("\0\x22" TEXT), BYTES("\x7f\xff\xff\xff\0\0\0\1a"));
    assert_true(w.n < 20);
    wr_drop(&w);
}

static void other_types_are_not_known(void **state)
{
    (void)state;
    static const bytes others[] = {BYTES(""), BYTES("\0"), BYTES("\0\3"), BYTES("\0\x10"),
                                   BYTES("\0\x21" TEXT), BYTES("\0\x21" TEXT "\0\4"),
                                   BYTES("\0\x22\0\x22" TEXT), BYTES("\0\0\0\1x")};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(table_json_knows(others[i]));
}

UNIT_MAIN(cmocka_unit_test(cells_are_spelled_as_by_a_node),
          cmocka_unit_test(a_collection_that_is_cut_short_ends),
          cmocka_unit_test(other_types_are_not_known))
