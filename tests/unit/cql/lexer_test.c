/* Text cut into tokens as Cassandra 5.0's own lexer cuts it; every row was compared with it. */
#include "unit.h"

#include "base/wr.h"
#include "cql/lexer.h"

#include <stdio.h>
#include <stdlib.h>

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_drop(&arena);
    return 0;
}

static char letter(const struct token *t)
{
    if (t->class != KEYWORD_NONE) return t->type == TOKEN_BOOLEAN ? 'b' : 'k';
    switch ((int)t->type) {
    case TOKEN_IDENT: return 'i';
    case TOKEN_QUOTED_NAME: return 'q';
    case TOKEN_EMPTY_NAME: return 'e';
    case TOKEN_STRING: return 's';
    case TOKEN_INTEGER: return 'n';
    case TOKEN_FLOAT: return 'f';
    case TOKEN_DURATION: return 'd';
    case TOKEN_UUID: return 'u';
    case TOKEN_HEX: return 'x';
    case TOKEN_NEGATIVE_NAN: case TOKEN_NEGATIVE_INFINITY: return 'w';
    case TOKEN_EXPR: return 'E';
    default: return '.';
    }
}

/* "i:a n:1 …", or "error". */
static void cut(bytes text, struct wr *w)
{
    struct lexer_tokens tokens;
    struct note note;
    if (!err_is_ok(lexer_read(text, &arena, &tokens, &note))) {
        wr_text(w, "error");
        return;
    }
    for (size_t i = 0; i < tokens.n; i++) {
        const struct token *t = &tokens.list[i];
        wr_format(w, "%s%c:%.*s", i ? " " : "", letter(t), BYTES_FMT(lexer_text(text, t)));
    }
    assert_int_equal(tokens.list[tokens.n].type, TOKEN_END);
}

struct row {
    const char *text;
    const char *tokens;
};

static void check(const struct row *rows, size_t n)
{
    char room[512];
    for (size_t i = 0; i < n; i++) {
        struct wr w = wr_fixed(room, sizeof room);
        cut(bytes_of_text(rows[i].text), &w);
        assert_bytes(wr_view(&w), rows[i].tokens);
    }
}

#define CHECK_ROWS(rows) check(rows, sizeof rows / sizeof rows[0])

static void refuses_what_is_no_token(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"@", "error"}, {"!", "error"}, {"$a", "error"}, {"_a", "error"}, {"a\fb", "error"},
        {"a\vb", "error"}, {"\xc3\xa9", "error"}, {"a\xc2\xa0", "error"},
        {"\xef\xbb\xbf" "a", "error"},
        {"'a", "error"}, {"\"a", "error"}, {"\"\"\"", "error"}, {"$$a", "error"}, {"$$a$", "error"},
        {"$$a$$$", "error"}, {"$$$", "error"}, {"$$$$$", "error"}, {"--x", "error"},
        {"1--2", "error"},
        {"//a", "error"}, {"/* a", "error"}, {"/*/", "error"}, {"-nope", "error"},
        {"-inf", "error"},
        {"#", "error"}, {"\\", "error"}, {"`a`", "error"}, {"&", "error"}, {"|", "error"},
        {"^", "error"}};
    CHECK_ROWS(rows);
    struct wr w = wr_fixed((char[16]){0}, 16);
    cut(bytes_of("a\0b", 3), &w);
    assert_bytes(wr_view(&w), "error");
}

static void follows_a_number_until_one_kind_is_left(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"1AND", "error"}, {"1LIMIT", "n:1 k:LIMIT"}, {"1else", "error"}, {"1b", "error"},
        {"1_", "error"},
        {"1g", "n:1 i:g"}, {"1h2", "error"}, {"1h2h", "d:1h2h"}, {"1d", "d:1d"}, {"1DAY", "error"},
        {"1hour", "d:1h i:our"}, {"1..3", "n:1 .:.. n:3"}, {"1...3", "f:1. .:.. n:3"},
        {"1.", "f:1."},
        {"1.5.6", "f:1.5 .:. n:6"}, {"1.e5", "f:1.e5"}, {"1.e", "error"}, {"1e", "error"},
        {"1E+", "error"},
        {"1e5e5", "error"}, {"12e4-", "f:12e4 .:-"}, {"1-1", "n:1 n:-1"}, {"-1-1", "n:-1 n:-1"},
        {"2001-01-01", "n:2001 n:-01 n:-01"}, {"12345678-1", "error"},
        {"123456789-1", "n:123456789 n:-1"},
        {"0x", "x:0x"}, {"0xabg", "x:0xab i:g"}, {"-0x1", "n:-0 i:x1"}, {"00x1", "n:00 i:x1"},
        {"1mo2ms3m", "d:1mo2ms3m"}, {"1msx", "d:1ms i:x"}, {"1\xc2\xb5s", "d:1\xc2\xb5s"},
        {"1\xc2\xb5", "error"},
        {"1n", "error"}, {"1us5", "error"}, {"5s.3", "d:5s .:. n:3"}, {"1d5x", "error"},
        {"1e5d", "error"},
        {"1234567e-1", "f:1234567e-1"}, {"1234567e-1x", "f:1234567e-1 i:x"},
        {"1234567e-1234-1234-1234-123456789012", "u:1234567e-1234-1234-1234-123456789012"},
        {"1D1D1D1D-1", "error"},
        {"1f1f1f1f-1f1f-1f1f-1f1f-1f1f1f1f1f1f0", "u:1f1f1f1f-1f1f-1f1f-1f1f-1f1f1f1f1f1f n:0"}};
    CHECK_ROWS(rows);
}

static void tells_words_durations_and_uuids_apart(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"deadbeef", "i:deadbeef"}, {"deadbeef-1", "error"}, {"deadbee-1", "i:deadbee n:-1"},
        {"abcdefab-1234-1234-1234-123456789012", "u:abcdefab-1234-1234-1234-123456789012"},
        {"abcdefgh-1", "i:abcdefgh n:-1"}, {"abcdefab1-1", "i:abcdefab1 n:-1"},
        {"P1Y", "d:P1Y"}, {"P1Y2M3DT4H5M6S", "d:P1Y2M3DT4H5M6S"}, {"PT1H1S", "d:PT1H1S"},
        {"P3W", "d:P3W"},
        {"P1", "i:P1"}, {"PT", "i:PT"}, {"P1Y1", "i:P1Y1"}, {"P1M1Y", "i:P1M1Y"}, {"p1y", "i:p1y"},
        {"P1Y-", "d:P1Y .:-"}, {"P1234-", "error"}, {"P12345-", "i:P12345 .:-"},
        {"P0001-02-03T04:05:06", "d:P0001-02-03T04:05:06"}, {"-P1Y2M", "d:-P1Y2M"},
        {"-P1Y2", "error"},
        {"-P1YX", "d:-P1Y i:X"}, {"-PX", "error"}, {"-P1D2", "d:-P1D n:2"}, {"-PT1H2", "error"},
        {"NaN", "k:NaN"}, {"-nan", "w:-nan"}, {"- nan", ".:- k:nan"}, {"-nanx", "w:-nan i:x"},
        {"-INFINITY", "w:-INFINITY"}, {"truex", "i:truex"}, {"TRUE", "b:TRUE"},
        {"select_masked", "k:select_masked"}, {"selectx", "i:selectx"}, {"SeLeCt", "k:SeLeCt"},
        {"expr(", "E:expr("}, {"expr (", "i:expr .:("}, {"EXPR(", "i:EXPR .:("},
        {"aexpr(", "i:aexpr .:("},
        {"superusers", "i:superusers"}, {"between", "i:between"},
        {"columnfamilies", "k:columnfamilies"}};
    CHECK_ROWS(rows);
}

static void reads_quotes_comments_and_signs(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""}, {" \t\r\n", ""}, {"'a''b'", "s:'a''b'"}, {"''", "s:''"}, {"'--'", "s:'--'"},
        {"$$a$b$$", "s:$$a$b$$"}, {"$$$$", "s:$$$$"}, {"$$$a$$", "s:$$$a$$"},
        {"$$a$$$$b$$", "s:$$a$$ s:$$b$$"},
        {"\"\"", "e:\"\""}, {"\"\"\"\"", "q:\"\"\"\""}, {"\"a\"\"b\"", "q:\"a\"\"b\""},
        {"a--\nb", "i:a i:b"}, {"a//x\rb", "i:a i:b"}, {"a/**/b", "i:a i:b"}, {"/* /* */ a", "i:a"},
        {"x/*/**/y", "i:x i:y"}, {"a- -b", "i:a .:- .:- i:b"},
        {"!=<=>=+=-=", ".:!= .:<= .:>= .:+= .:-="},
        {"<>", ".:< .:>"}, {"...", ".:.. .:."}, {"a.b", "i:a .:. i:b"}, {"?:a", ".:? .:: i:a"},
        {"()[]{},;%*/=", ".:( .:) .:[ .:] .:{ .:} .:, .:; .:% .:* .:/ .:="},
        {"\"\xc3\xa9\"'\xe2\x82\xac'", "q:\"\xc3\xa9\" s:'\xe2\x82\xac'"}};
    CHECK_ROWS(rows);
}

static void knows_every_keyword_in_any_case(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint8_t type;
        uint8_t class;
    } words[] = {
#define LETTER(initial, small)
#define KEYWORD(id, text, class) {text, K_##id, KEYWORD_##class},
#define SYNONYM(id, text, class, meaning) {text, meaning, KEYWORD_##class},
#include "cql/keyword.def"
#undef LETTER
#undef KEYWORD
#undef SYNONYM
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char word[LEXER_WORD_MAX + 2] = {0};
        struct lexer_tokens tokens;
        struct note note;
        for (size_t k = 0; words[i].text[k]; k++) {
            const char c = words[i].text[k];
            word[k] = (char)(k % 2 == 0 && c != '_' ? c - 'a' + 'A' : c);
        }
        assert_ok(lexer_read(bytes_of_text(word), &arena, &tokens, &note));
        assert_int_equal(tokens.n, 1);
        assert_int_equal(tokens.list[0].type, words[i].type);
        assert_int_equal(tokens.list[0].class, words[i].class);
        word[strlen(word)] = 'x';
        assert_ok(lexer_read(bytes_of_text(word), &arena, &tokens, &note));
        assert_int_equal(tokens.list[0].type, TOKEN_IDENT);
    }
}

static void says_where_it_went_wrong(void **state)
{
    (void)state;
    struct lexer_tokens tokens;
    struct note note;
    assert_err(lexer_read(BYTES("SELECT\n  '\xc3\xa9' @"), &arena, &tokens, &note), CQL_SYNTAX);
    assert_non_null(strstr(note.text, "line 2:6"));
    struct arena small;
    arena_init(&small, 64);
    assert_err(lexer_read(BYTES("a b c"), &small, &tokens, &note), NO_MEMORY);
    arena_drop(&small);
}

static void has_a_cap_of_tokens(void **state)
{
    (void)state;
    enum { SIZE = LEXER_TOKENS_MAX + 1 };
    struct lexer_tokens tokens;
    struct note note;
    struct arena wide;
    char *text = malloc(SIZE);
    assert_non_null(text);
    memset(text, '(', SIZE);
    arena_init(&wide, 1 << 28);
    assert_ok(lexer_read(bytes_of(text, SIZE - 1), &wide, &tokens, &note));
    assert_int_equal(tokens.n, LEXER_TOKENS_MAX);
    arena_reset(&wide);
    assert_err(lexer_read(bytes_of(text, SIZE), &wide, &tokens, &note), CQL_SYNTAX);
    assert_non_null(strstr(note.text, "words and signs"));
    arena_drop(&wide);
    free(text);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

UNIT_MAIN(CASE(refuses_what_is_no_token), CASE(follows_a_number_until_one_kind_is_left),
          CASE(tells_words_durations_and_uuids_apart), CASE(reads_quotes_comments_and_signs),
          CASE(knows_every_keyword_in_any_case), CASE(says_where_it_went_wrong),
          CASE(has_a_cap_of_tokens))
