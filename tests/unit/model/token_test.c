/* Token text: the published vector, the checksum, and every cut and flip refused. */
#include "unit.h"

#include "base/random.h"
#include "model/server_key.h"
#include "model/token.h"

static const char vector_id[] = "QwErTyUiOpAsDfGhJkLzXcVb";
static const char vector_secret[] =
    "lWs3z.GcNjUq1x8EaLhSoZv6C+JfQmXt4A_HdOkVr2y9FbMiTp0w7D,KgRnYu5B-IePlWs3z.GcNjUq1x8EaLhSoZv6C+"
    "JfQmXt4A_HdOkVr2y9FbMiTp0w7D,KgRnYu";
static const char vector_token[] = "AstraCS:QwErTyUiOpAsDfGhJkLzXcVb:"
                                   "204ccadf2bd0f2015446fc9e31521a138b4f3ede30d8a12d569da389c02441e5";

static void what_is_no_token_is_refused(void **state)
{
    (void)state;
    struct token_parts parts;
    const bytes prefix = BYTES(TOKEN_PREFIX);
    char text[sizeof vector_token];
    memcpy(text, vector_token, sizeof text);
    const size_t n = sizeof vector_token - 1;
    for (size_t i = 0; i < n; i++) {
        assert_err(token_read(bytes_of(text, i), prefix, &parts), TOKEN_MALFORMED);
    }
    text[n] = '5';
    assert_err(token_read(bytes_of(text, n + 1), prefix, &parts), TOKEN_MALFORMED);
    const char *const wrong[] = {
        "astraCS:QwErTyUiOpAsDfGhJkLzXcVb:204ccadf2bd0f2015446fc9e31521a138b4f3ede30d8a12d569da389c02441e5",
        "AstraCS:QwErTyUiOpAsDfGhJkLzXcV1:204ccadf2bd0f2015446fc9e31521a138b4f3ede30d8a12d569da389c02441e5",
        "AstraCS:QwErTyUiOpAsDfGhJkLzXcVb:204CCADF2BD0F2015446FC9E31521A138B4F3EDE30D8A12D569DA389C02441E5",
        "AstraCS:QwErTyUiOpAsDfGhJkLzXcVb:204ccadf2bd0f2015446fc9e31521a138b4f3ede30d8a12d569da389c02441eg",
        "AstraCS:QwErTyUiOpAsDfGhJkLzXcVb 204ccadf2bd0f2015446fc9e31521a138b4f3ede30d8a12d569da389c02441e5",
        " AstraCS:QwErTyUiOpAsDfGhJkLzXcVb:204ccadf2bd0f2015446fc9e31521a138b4f3ede30d8a12d569da389c02441e",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_err(token_read(bytes_of_text(wrong[i]), prefix, &parts), TOKEN_MALFORMED);
    }
}

static void the_vector_is_read_and_written(void **state)
{
    (void)state;
    struct token_parts parts;
    assert_ok(token_read(bytes_of_text(vector_token), BYTES(TOKEN_PREFIX), &parts));
    assert_bytes(parts.client_id, vector_id);
    uint8_t digest[TOKEN_DIGEST];
    token_digest(bytes_of_text(vector_secret), digest);
    assert_memory_equal(digest, parts.digest, sizeof digest);
    struct token_new t;
    memcpy(t.client_id, vector_id, TOKEN_CLIENT_ID);
    memcpy(t.secret, vector_secret, TOKEN_SECRET);
    memcpy(t.digest, digest, TOKEN_DIGEST);
    char text[128];
    const size_t n = token_write(&t, BYTES(TOKEN_PREFIX), text);
    assert_bytes(bytes_of(text, n), vector_token);
    assert_int_equal(n, 97);
}

/* Every character of the third part that is no digit is refused, wherever it stands. */
static void the_third_part_is_lower_case_hexadecimal_throughout(void **state)
{
    (void)state;
    struct token_parts parts;
    char text[sizeof vector_token];
    const size_t n = sizeof vector_token - 1;
    for (size_t i = n - TOKEN_DIGEST_TEXT; i < n; i++) {
        for (unsigned c = 0; c < 256; c++) {
            const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            memcpy(text, vector_token, sizeof text);
            text[i] = (char)c;
            assert_int_equal(token_read(bytes_of(text, n), BYTES(TOKEN_PREFIX), &parts).code,
                             digit ? ERR_OK : ERR_TOKEN_MALFORMED);
        }
    }
}

/* Computed apart: hmac.new(bytes(range(32)), bytes.fromhex(third part), "sha256"), 24 bytes of it. */
static void the_verifier_is_over_the_bytes_of_the_third_part(void **state)
{
    (void)state;
    static const uint8_t want[SERVER_KEY_VERIFIER] = {0x3f, 0xc1, 0x56, 0x68, 0x6b, 0x4f,
                                                       0x0d, 0x15, 0xae, 0x1c, 0x7f, 0xfb,
                                                       0xdd, 0xd7, 0x42, 0x3a, 0xb0, 0x2b,
                                                       0xa2, 0x18, 0x77, 0x28, 0x76, 0x4f};
    struct token_parts parts;
    struct server_key key = {.id = 1};
    uint8_t got[SERVER_KEY_VERIFIER];
    for (size_t i = 0; i < sizeof key.key; i++) key.key[i] = (uint8_t)i;
    assert_ok(token_read(bytes_of_text(vector_token), BYTES(TOKEN_PREFIX), &parts));
    server_key_verifier(&key, parts.digest, got);
    assert_memory_equal(got, want, sizeof want);
}

/* Computed apart: binascii.crc32 of the first twenty letters, modulo 52 to the fourth, in base 52. */
static void the_checksum_is_a_crc_in_letters(void **state)
{
    (void)state;
    assert_true(token_has_checksum(BYTES("QwErTyUiOpAsDfGhJkLznBrD")));
    assert_true(token_has_checksum(BYTES("AAAAAAAAAAAAAAAAAAAArLEF")));
    assert_false(token_has_checksum(bytes_of_text(vector_id)));
    assert_false(token_has_checksum(BYTES("")));
}

static void a_typo_in_an_id_is_noticed(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        struct token_new t;
        token_make(&t, random_below);
        assert_true(token_is_client_id(bytes_of(t.client_id, TOKEN_CLIENT_ID)));
        assert_true(token_has_checksum(bytes_of(t.client_id, TOKEN_CLIENT_ID)));
        const size_t i = (size_t)round % TOKEN_CLIENT_ID;
        t.client_id[i] = t.client_id[i] == 'x' ? 'y' : 'x';
        assert_false(token_has_checksum(bytes_of(t.client_id, TOKEN_CLIENT_ID)));
    }
}

static void new_tokens_read_back(void **state)
{
    (void)state;
    struct token_new t;
    struct token_parts parts;
    char text[128];
    token_make(&t, random_below);
    const size_t n = token_write(&t, BYTES("Own:"), text);
    assert_ok(token_read(bytes_of(text, n), BYTES("Own:"), &parts));
    assert_err(token_read(bytes_of(text, n), BYTES(TOKEN_PREFIX), &parts), TOKEN_MALFORMED);
    for (size_t i = 0; i < TOKEN_SECRET; i++) {
        assert_non_null(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,_+-",
                               t.secret[i]));
    }
}

static uint32_t last_of(uint32_t n)
{
    return n - 1;
}

static void a_secret_begins_with_a_letter_or_a_digit(void **state)
{
    (void)state;
    struct token_new t;
    token_make(&t, last_of);
    assert_int_equal(t.secret[0], '9');
    assert_int_equal(t.secret[1], '-');
    assert_int_equal(t.secret[TOKEN_SECRET - 1], '-');
}

UNIT_MAIN(cmocka_unit_test(a_secret_begins_with_a_letter_or_a_digit),
          cmocka_unit_test(what_is_no_token_is_refused), cmocka_unit_test(the_vector_is_read_and_written),
          cmocka_unit_test(the_third_part_is_lower_case_hexadecimal_throughout),
          cmocka_unit_test(the_verifier_is_over_the_bytes_of_the_third_part),
          cmocka_unit_test(the_checksum_is_a_crc_in_letters),
          cmocka_unit_test(a_typo_in_an_id_is_noticed), cmocka_unit_test(new_tokens_read_back))
