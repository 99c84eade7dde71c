/* UTF-8, hexadecimal digits and comparisons. */
#include "unit.h"

#include "base/err.h"
#include "base/hex.h"
#include "base/mask.h"
#include "base/secret.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static void refuses_overlong_surrogates_and_cut_sequences(void **state)
{
    (void)state;
    for (size_t at = 0; at < 20; at++) {
        uint8_t text[20];
        memset(text, 'a', sizeof text);
        text[at] = 0xff;
        assert_int_equal(utf8_valid_part(bytes_of(text, sizeof text)), at);
        text[at] = 'a';
        assert_int_equal(utf8_valid_part(bytes_of(text, at)), at);
    }
    assert_false(utf8_is_valid(BYTES("\xc0\x80")));
    assert_false(utf8_is_valid(BYTES("\xe0\x80\x80")));
    assert_false(utf8_is_valid(BYTES("\xed\xa0\x80")));
    assert_false(utf8_is_valid(BYTES("\xf4\x90\x80\x80")));
    assert_false(utf8_is_valid(BYTES("a\xe2\x82")));
    assert_false(utf8_is_valid(BYTES("\x80")));
    assert_true(utf8_is_valid(BYTES("a\xe2\x82\xac\xf0\x9f\x98\x80")));
    assert_int_equal(utf8_length(BYTES("a\xe2\x82\xac\xf0\x9f\x98\x80")), 3);
}

static void plain_text_has_no_controls(void **state)
{
    (void)state;
    assert_true(utf8_is_plain(BYTES("caf\xc3\xa9"), 4));
    assert_false(utf8_is_plain(BYTES("caf\xc3\xa9"), 3));
    assert_false(utf8_is_plain(BYTES("a\nb"), 9));
    assert_false(utf8_is_plain(BYTES("a\xe2\x80\xae" "b"), 9));
}

static void what_is_not_plain_is_named(void **state)
{
    uint32_t point = 0;
    bytes text = BYTES("a\xe2\x82\xac");
    (void)state;
    assert_int_equal(utf8_next(&text), 'a');
    assert_int_equal(utf8_next(&text), 0x20ac);
    assert_int_equal(text.n, 0);
    assert_false(utf8_has_control(BYTES(""), &point));
    assert_false(utf8_has_control(BYTES("caf\xc3\xa9"), &point));
    assert_true(utf8_has_control(BYTES("a\xe2\x80\xae" "b\n"), &point));
    assert_int_equal(point, 0x202e);
    assert_true(utf8_has_control(BYTES("a\0"), &point));
    assert_int_equal(point, 0);
}

static void what_was_cut_is_mended_and_the_rest_is_left(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"'\xe1\x9a' tail \xf0\x9f\x98\x80", "'??" "' tail \xf0\x9f\x98\x80"},
        {"end \xf0\x9f\x98", "end ??" "?"},
        {"\x80", "?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "%s", rows[i][0]);
        utf8_mend(text, strlen(text));
        assert_string_equal(text, rows[i][1]);
    }
}

static void a_note_that_is_cut_in_a_character_is_a_text(void **state)
{
    (void)state;
    char long_text[2 * sizeof(struct note)] = "a";
    struct note note;
    while (strlen(long_text) + 4 < sizeof long_text) strcat(long_text, "\xe2\x82\xac");
    (void)note_fail(&note, FAIL(CQL_SYNTAX), "%s", long_text);
    assert_true(utf8_is_valid(bytes_of_text(note.text)));
    (void)note_fail(&note, FAIL(CQL_SYNTAX), "'%.*s'", 3, "a\xe2\x82\xac");
    assert_string_equal(note.text, "'a??" "'");
}

#define TWELVE "a1B2c3D4e5F6"
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void long_words_are_masked_and_names_are_not(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},
        {DIGEST, "0123****"},
        {"/v2/tokens/AstraCS:QwErTyUiOpAsDfGhJkLzXcVb:" DIGEST, "/v2/tokens/AstraCS:QwErTyUiOpAsDfGhJkLzXcVb:0123****"},
        {"\"" TWELVE ".,_+-%2C" TWELVE TWELVE TWELVE "\" is no role", "\"a1B2****\" is no role"},
        {TWELVE TWELVE TWELVE TWELVE, TWELVE TWELVE TWELVE TWELVE},
        {TWELVE TWELVE TWELVE TWELVE "7", "a1B2****"},
        {"drn:astra:org:9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11:db:*", "drn:astra:org:9a1f6c2e-54b7-4f0a-8a57-2f1a6a3d5c11:db:*"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[256];
        mask_words(bytes_of_text(rows[i][0]), out, sizeof out);
        assert_string_equal(out, rows[i][1]);
    }
}

static void a_masked_text_is_cut_where_it_ends(void **state)
{
    (void)state;
    for (size_t size = 1; size < 40; size++) {
        char out[40];
        memset(out, 'x', sizeof out);
        mask_words(BYTES("path: " DIGEST " and more"), out, size);
        assert_true(strlen(out) < size);
        assert_null(strstr(out, "01234"));
    }
}

static void hex_refuses_wrong_digits_and_lengths(void **state)
{
    (void)state;
    uint8_t out[2];
    assert_false(hex_read(BYTES("0g00"), out, 2, true));
    assert_false(hex_read(BYTES("00A0"), out, 2, false));
    assert_false(hex_read(BYTES("000"), out, 2, true));
    assert_true(hex_read(BYTES("0fA0"), out, 2, true));
    assert_memory_equal(out, "\x0f\xa0", 2);
}

static void secrets_differ_in_any_byte(void **state)
{
    (void)state;
    char a[] = "0123456789";
    char b[] = "0123456789";
    for (size_t i = 0; i < 10; i++) {
        b[i] ^= 1;
        assert_false(secret_eq(bytes_of(a, 10), bytes_of(b, 10)));
        b[i] ^= 1;
    }
    assert_true(secret_eq(bytes_of(a, 10), bytes_of(b, 10)));
    assert_false(secret_eq(bytes_of(a, 10), bytes_of(b, 0)));
}

UNIT_MAIN(cmocka_unit_test(refuses_overlong_surrogates_and_cut_sequences),
          cmocka_unit_test(plain_text_has_no_controls),
          cmocka_unit_test(what_is_not_plain_is_named),
          cmocka_unit_test(what_was_cut_is_mended_and_the_rest_is_left),
          cmocka_unit_test(a_note_that_is_cut_in_a_character_is_a_text),
          cmocka_unit_test(long_words_are_masked_and_names_are_not),
          cmocka_unit_test(a_masked_text_is_cut_where_it_ends),
          cmocka_unit_test(hex_refuses_wrong_digits_and_lengths),
          cmocka_unit_test(secrets_differ_in_any_byte))
