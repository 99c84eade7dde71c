/* Passwords, codes, links: what is wrong first. Codes are compared with those of RFC 6238. */
#include "unit.h"

#include "base/clock.h"
#include "people/email.h"
#include "people/link.h"
#include "people/password.h"
#include "people/proof.h"
#include "people/recovery.h"
#include "people/totp.h"

#include <stdio.h>
#include <stdlib.h>

#define LONG_ENOUGH "fifteen letters"
#define ADA BYTES("ada.lovelace@acme.example")

static struct server_keys keys = {.n = 1, .list = {{.id = 1, .key = {7}}}};

static void passwords_are_judged_by_length_and_not_by_kinds_of_characters(void **state)
{
    struct note note;
    char many[PASSWORD_MOST + 2];
    (void)state;
    for (size_t i = 0; i + 1 < sizeof many; i++) many[i] = "dig a well"[i % 10];
    many[sizeof many - 1] = 0;
    assert_err(password_check(BYTES(""), ADA, true, &note), BAD_INPUT);
    assert_err(password_check(BYTES("fourteen chars"), ADA, false, &note), BAD_INPUT);
    assert_non_null(strstr(note.text, "at least 15"));
    assert_err(password_check(BYTES("seven 7"), ADA, true, &note), BAD_INPUT);
    assert_err(password_check(bytes_of_text(many), ADA, false, &note), BAD_INPUT);
    assert_err(password_check(BYTES("control \x07 characters"), ADA, false, &note), BAD_INPUT);
    assert_err(password_check(BYTES("no \xff utf-8, but long enough"), ADA, false, &note), BAD_INPUT);
    assert_ok(password_check(BYTES(LONG_ENOUGH), ADA, false, &note));
    assert_ok(password_check(BYTES("eight ch"), ADA, true, &note));
    assert_ok(password_check(bytes_of(many, PASSWORD_MOST), ADA, false, &note));
    /* Code points count, not bytes: fourteen of two bytes are too few, fifteen are enough. */
    assert_err(password_check(BYTES("öäüöß öäü ßöäü"), ADA, false, &note), BAD_INPUT);
    assert_ok(password_check(BYTES("öäüöß öäü ßöäüö"), ADA, false, &note));
    assert_true(password_is_short(BYTES("eight ch")) && !password_is_short(BYTES(LONG_ENOUGH)));
}

/* However long: few characters, sequences, the account's own address. */
static void what_is_guessed_first_is_no_password(void **state)
{
    static const struct {
        const char *password;
        const char *why;
    } rows[] = {
        {"aaaaaaaaaaaaaaaa", "too few different"},
        {"abababababababab", "too few different"},
        {"1212121212121212", "too few different"},
        {"aAaAbBbBaAaAbBbBcCdD", "too few different"},
        {"öööööööööööööööööö", "too few different"},
        {"1234567890123456", "a sequence"},
        {"0987654321098765", "a sequence"},
        {"abcdefghijklmnop", "a sequence"},
        {"aaaabbbbccccddddeeee", "a sequence"},
        {"QwertyuiopAsdfghjkl", "a sequence"},
        {"abcdefgh12345678", "a sequence"},
        {"ada.lovelace@acme.example", "e-mail address"},
        {"Ada.Lovelace1234", "e-mail address"},
        {"lovelacelovelace", "e-mail address"},
        {"LovelaceLovelace2026", "e-mail address"},
    };
    static const char *const good[] = {"fifteen letters", "correct horse battery staple", "lovelace wrote notes",
                                       "1234567890 is not enough", "wwwwwwwwwwww, ada!", "öäü öäü öäü ßßß"};
    struct note note;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_err(password_check(bytes_of_text(rows[i].password), ADA, false, &note), BAD_INPUT);
        assert_non_null(strstr(note.text, rows[i].why));
        assert_null(strstr(note.text, rows[i].password));
    }
    assert_err(password_check(BYTES("abcd1234"), ADA, true, &note), BAD_INPUT);
    assert_err(password_check(BYTES("Lovelace"), ADA, true, &note), BAD_INPUT);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_ok(password_check(bytes_of_text(good[i]), ADA, false, &note));
    /* Of somebody else it is a word like others; who has no address yet has none that is guessed. */
    assert_ok(password_check(BYTES("lovelace@acme.ex"), BYTES("bob@acme.example"), false, &note));
    assert_ok(password_check(BYTES("lovelace@acme.ex"), (bytes){0}, false, &note));
}

static void a_hash_names_its_parameters_and_opens_for_its_password_alone(void **state)
{
    char hash[PASSWORD_ENCODED];
    char again[PASSWORD_ENCODED];
    (void)state;
    assert_ok(password_hash(BYTES(LONG_ENOUGH), hash));
    assert_ok(password_hash(BYTES(LONG_ENOUGH), again));
    assert_memory_equal(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    assert_string_not_equal(hash, again);
    assert_null(strstr(hash, "fifteen"));
    assert_false(password_is(bytes_of_text(hash), BYTES("fifteen Letters")));
    assert_false(password_is((bytes){0}, BYTES(LONG_ENOUGH)));
    assert_false(password_is(BYTES("$argon2id$v=19$m=19456,t=2,p=1$"), BYTES(LONG_ENOUGH)));
    assert_true(password_is(bytes_of_text(hash), BYTES(LONG_ENOUGH)));
}

/* RFC 6238 appendix B, SHA-1, last six digits. */
static void codes_are_those_of_the_rfc_and_good_once(void **state)
{
    static const struct {
        int64_t s;
        const char *code;
    } vectors[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}};
    struct secret seed;
    int64_t step = 0;
    (void)state;
    assert_true(secret_set(&seed, BYTES("12345678901234567890")));
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const bytes code = bytes_of_text(vectors[i].code);
        const int64_t ms = vectors[i].s * 1000;
        assert_true(totp_find(&seed, code, ms, 0, &step));
        assert_int_equal(step, vectors[i].s / TOTP_STEP_S);
        assert_false(totp_find(&seed, code, ms, step, &step));
        assert_true(totp_find(&seed, code, ms + 30000, step - 1, &step));
        assert_true(totp_find(&seed, code, ms - 30000, step - 1, &step));
        assert_false(totp_find(&seed, code, ms + 60000, 0, &step));
        if (ms >= 60000) assert_false(totp_find(&seed, code, ms - 60000, 0, &step));
    }
    assert_false(totp_find(&seed, BYTES("28708"), 59000, 0, &step));
    assert_false(totp_find(&seed, BYTES("2870822"), 59000, 0, &step));
    assert_false(totp_find(&seed, (bytes){0}, 59000, 0, &step));
}

static void an_authenticator_is_told_all_it_needs(void **state)
{
    struct secret seed;
    char room[256];
    struct wr w = wr_fixed(room, sizeof room);
    (void)state;
    assert_true(secret_set(&seed, BYTES("12345678901234567890")));
    totp_uri(&seed, BYTES("ada+x@acme.example"), &w);
    assert_bytes(wr_view(&w), "otpauth://totp/Latchkey:ada%2Bx%40acme.example"
                              "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Latchkey");
}

static void ten_recovery_codes_are_found_however_typed(void **state)
{
    struct recovery_codes codes;
    struct record_hash hashes[RECOVERY_CODES];
    size_t at = 99;
    char typed[RECOVERY_TEXT + 1] = {0};
    (void)state;
    recovery_new(&codes, hashes);
    assert_false(recovery_find(BYTES("abcd-efgh-ijkm-npqr"), hashes, RECOVERY_CODES, &at));
    assert_false(recovery_find((bytes){0}, hashes, RECOVERY_CODES, &at));
    assert_false(recovery_find(bytes_of(codes.text[0], RECOVERY_TEXT - 1), hashes, RECOVERY_CODES, &at));
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        assert_true(recovery_find(bytes_of(codes.text[i], RECOVERY_TEXT), hashes, RECOVERY_CODES, &at));
        assert_int_equal(at, i);
    }
    for (size_t i = 0; i < RECOVERY_TEXT; i++) {
        const char c = codes.text[3][i];
        typed[i] = c == '-' ? ' ' : c >= 'a' ? (char)(c - 32) : c;
    }
    assert_true(recovery_find(bytes_of_text(typed), hashes, RECOVERY_CODES, &at));
    assert_int_equal(at, 3);
}

static void a_link_opens_in_its_time_for_its_secret(void **state)
{
    struct link l;
    struct link other;
    const struct record_hash none = {{0}};
    char room[256];
    struct wr w = wr_fixed(room, sizeof room);
    (void)state;
    link_new(&l);
    link_new(&other);
    const bytes secret = bytes_of(l.secret, LINK_SECRET);
    assert_false(link_is(secret, &other.hash, 1000, 999));
    assert_false(link_is(secret, &none, 1000, 999));
    assert_false(link_is(bytes_part(secret, 1, LINK_SECRET), &l.hash, 1000, 999));
    assert_false(link_is(secret, &l.hash, 1000, 1000));
    assert_true(link_is(secret, &l.hash, 1000, 999));
    link_write(&l, BYTES("https://keys.example"), "/set-up", &w);
    assert_memory_equal(room, "https://keys.example/set-up#", 28);
    assert_int_equal(w.n, 28 + LINK_SECRET);
}

/* --- all of it together --- */

static char password[PASSWORD_ENCODED];
static struct record_hash hashes[RECOVERY_CODES];
static struct recovery_codes codes;
static uint8_t sealed[128];

static struct record_person somebody(bool second)
{
    struct record_person p = {.id = {{1, 2, 3}}, .password = bytes_of_text(password)};
    struct secret seed;
    struct wr w = wr_fixed(sealed, sizeof sealed);
    if (!second) return p;
    assert_true(secret_set(&seed, BYTES("12345678901234567890")));
    proof_seal(&keys.list[0], &p.id, &seed, &w);
    p.sealed_totp = wr_view(&w);
    p.recovery = hashes;
    p.recovery_n = RECOVERY_CODES;
    return p;
}

static bool holds(const struct record_person *p, const char *word, const char *code,
                  const char *recovery, struct proof *out)
{
    const struct proof_given given = {bytes_of_text(word), bytes_of_text(code),
                                      bytes_of_text(recovery)};
    struct secret seed = {0};
    if (p && p->sealed_totp.n) assert_ok(proof_open(&keys, &p->id, p->sealed_totp, &seed));
    proof_check(p, &seed, &given, 59000, out);
    assert_true(out->holds || out->why);
    return out->holds;
}

static void a_proof_needs_all_that_was_set_up(void **state)
{
    struct proof proof;
    struct record_hash room[RECOVERY_CODES];
    char code[RECOVERY_TEXT + 1] = {0};
    (void)state;
    assert_ok(password_hash(BYTES(LONG_ENOUGH), password));
    recovery_new(&codes, hashes);
    memcpy(code, codes.text[4], RECOVERY_TEXT);
    struct record_person p = somebody(false);
    assert_false(holds(NULL, LONG_ENOUGH, "", "", &proof));
    assert_false(holds(&p, "wrong", "287082", "", &proof));
    assert_true(holds(&p, LONG_ENOUGH, "", "", &proof));
    p = somebody(true);
    assert_false(holds(&p, LONG_ENOUGH, "", "", &proof));
    assert_false(holds(&p, LONG_ENOUGH, "287083", "", &proof));
    assert_false(holds(&p, "wrong", "287082", "", &proof));
    assert_false(holds(&p, "wrong", "", code, &proof));
    assert_true(holds(&p, LONG_ENOUGH, "287082", "", &proof));
    proof_spend(&proof, &p, room);
    assert_false(holds(&p, LONG_ENOUGH, "287082", "", &proof));
    assert_true(holds(&p, LONG_ENOUGH, "", code, &proof));
    proof_spend(&proof, &p, room);
    assert_int_equal(p.recovery_n, RECOVERY_CODES - 1);
    assert_false(holds(&p, LONG_ENOUGH, "", code, &proof));
    memcpy(code, codes.text[5], RECOVERY_TEXT);
    assert_true(holds(&p, LONG_ENOUGH, "", code, &proof));
}

static void a_seed_opens_for_its_person_alone(void **state)
{
    struct record_person p = somebody(true);
    struct secret seed;
    (void)state;
    assert_ok(proof_open(&keys, &p.id, p.sealed_totp, &seed));
    p.id.b[0] ^= 1;
    assert_err(proof_open(&keys, &p.id, p.sealed_totp, &seed), STORE_DAMAGED);
}

static void addresses_of_people_are_plausible(void **state)
{
    static const char *const wrong[] = {"", "a", "@b", "a@", "a b@c", "a@b@c", "a@b,c@d", "a@b;", "a\x01@b"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(email_is_plausible(bytes_of_text(wrong[i])));
    assert_true(email_is_plausible(BYTES("ada@acme.example")) && email_is_plausible(BYTES("ä@b")));
}

UNIT_MAIN(cmocka_unit_test(passwords_are_judged_by_length_and_not_by_kinds_of_characters),
        cmocka_unit_test(what_is_guessed_first_is_no_password),
          cmocka_unit_test(a_hash_names_its_parameters_and_opens_for_its_password_alone),
          cmocka_unit_test(codes_are_those_of_the_rfc_and_good_once),
          cmocka_unit_test(an_authenticator_is_told_all_it_needs),
          cmocka_unit_test(ten_recovery_codes_are_found_however_typed),
          cmocka_unit_test(a_link_opens_in_its_time_for_its_secret),
          cmocka_unit_test(a_proof_needs_all_that_was_set_up),
          cmocka_unit_test(a_seed_opens_for_its_person_alone),
          cmocka_unit_test(addresses_of_people_are_plausible))
