/* Credentials: every way of being wrong, alike; and both ways of being right. */
#include "unit.h"
#include "world.h"

#include "identity/identity.h"

static struct identity_rekey rekey;
static struct world world;
static struct identity_keys keys;
static const bytes prefixes[] = {{(const uint8_t *)"AstraCS:", 8}, {(const uint8_t *)"Old:", 4}};

static const int64_t now_ms = INT64_C(1000000000000);
static const struct uuid role_a = {{0x01, 1}};

enum { TEXT = 97 };

static int set_up(void **state)
{
    (void)state;
    urcu_memb_register_thread();
    world_init(&world);
    world_role(&world, role_a, EFFECT_ALLOW, "db-cql", "@:db:*");
    identity_keys_init(&keys, &world.keys);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    identity_keys_drop(&keys);
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}

static enum identity_reason ask(const struct credential *cred, int64_t at_ms, struct principal *who)
{
    memset(who, 0, sizeof *who);
    return identity_find(world.index, &keys, prefixes, 2, cred, at_ms, who, &rekey);
}

static enum identity_reason present(const char *text, size_t n, struct principal *who)
{
    const struct credential cred = {.kind = CREDENTIAL_TOKEN, .token = bytes_of(text, n)};
    return ask(&cred, now_ms, who);
}

static struct token_new token(char text[128])
{
    const struct token_new t = world_token(&world, WORLD_ORG, false, &role_a, 1, now_ms + 5000);
    assert_int_equal(token_write(&t, prefixes[0], text), TEXT);
    return t;
}

/* T32: wrong in any single byte, by any change of it. */
static void a_token_wrong_in_one_byte_is_refused(void **state)
{
    (void)state;
    char text[128];
    struct principal who;
    (void)token(text);
    assert_int_equal(present(text, TEXT, &who), IDENTITY_OK);
    for (size_t i = 0; i < TEXT; i++) {
        const char good = text[i];
        for (int c = 0; c < 256; c++) {
            if ((char)c == good) continue;
            text[i] = (char)c;
            assert_int_not_equal(present(text, TEXT, &who), IDENTITY_OK);
            assert_int_equal(who.kind, PRINCIPAL_NONE);
        }
        text[i] = good;
    }
    for (size_t n = 0; n < TEXT; n++) assert_int_equal(present(text, n, &who), IDENTITY_MALFORMED);
    text[TEXT] = '0';
    assert_int_equal(present(text, TEXT + 1, &who), IDENTITY_MALFORMED);
    assert_int_equal(present(text, TEXT, &who), IDENTITY_OK);
}

static void a_secret_wrong_in_one_byte_is_refused(void **state)
{
    (void)state;
    char text[128];
    struct principal who;
    struct token_new t = token(text);
    struct credential cred = {.kind = CREDENTIAL_PAIR,
                              .client_id = bytes_of(t.client_id, TOKEN_CLIENT_ID),
                              .secret = bytes_of(t.secret, TOKEN_SECRET)};
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_OK);
    for (size_t i = 0; i < TOKEN_SECRET; i++) {
        t.secret[i] = (char)(t.secret[i] ^ 1);
        assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_WRONG_SECRET);
        t.secret[i] = (char)(t.secret[i] ^ 1);
    }
    cred.secret.n--;
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_WRONG_SECRET);
    cred.secret.n = 0;
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_WRONG_SECRET);
    static const uint8_t long_secret[IDENTITY_SECRET_MAX + 1];
    cred.secret = bytes_of(long_secret, sizeof long_secret);
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_MALFORMED);
    /* The digest is what a token presents, not what a pair does. */
    cred.secret = bytes_of(text + TEXT - TOKEN_DIGEST_TEXT, TOKEN_DIGEST_TEXT);
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_WRONG_SECRET);
    cred.secret = bytes_of(t.digest, TOKEN_DIGEST);
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_WRONG_SECRET);
}

static void one_tokens_secret_does_not_open_another(void **state)
{
    (void)state;
    char text[128];
    struct principal who;
    struct token_new a = token(text);
    const struct token_new b = token(text);
    memcpy(a.digest, b.digest, sizeof a.digest);
    (void)token_write(&a, prefixes[0], text);
    assert_int_equal(present(text, TEXT, &who), IDENTITY_WRONG_SECRET);
}

static void unknown_expired_revoked_and_keyless_are_told_apart_for_the_log_only(void **state)
{
    (void)state;
    char text[128];
    struct principal who;
    struct token_new stranger;
    token_make(&stranger, world_below);
    (void)token_write(&stranger, prefixes[0], text);
    assert_int_equal(present(text, TEXT, &who), IDENTITY_UNKNOWN);
    const struct token_new t = token(text);
    const struct credential cred = {.kind = CREDENTIAL_TOKEN, .token = bytes_of(text, TEXT)};
    assert_int_equal(ask(&cred, now_ms + 4999, &who), IDENTITY_OK);
    assert_int_equal(ask(&cred, now_ms + 5000, &who), IDENTITY_EXPIRED);
    index_expire(world.index, now_ms + 5000, NULL);
    /* The clock went back: what had ended stays so. */
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_REVOKED);
    keys.list[0].id = 2;
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_KEY_MISSING);
    keys.list[0].id = 1;
    world_remove_token(&world, &t, NULL);
    assert_int_equal(ask(&cred, now_ms, &who), IDENTITY_UNKNOWN);
}

static void older_keys_go_on_verifying_until_they_are_gone(void **state)
{
    (void)state;
    char text[128];
    struct principal who;
    const struct token_new t = token(text);
    world.keys.n = 2;
    world.keys.list[1] = world.keys.list[0];
    world.keys.list[1].id = 2;
    world.keys.list[1].key[0] ^= 1;
    identity_keys_init(&keys, &world.keys);
    char newer[128];
    (void)token(newer);
    assert_int_equal(present(text, TEXT, &who), IDENTITY_OK);
    assert_int_equal(present(newer, TEXT, &who), IDENTITY_OK);
    memcpy(text + TEXT - TOKEN_DIGEST_TEXT, newer + TEXT - TOKEN_DIGEST_TEXT, TOKEN_DIGEST_TEXT);
    assert_int_equal(present(text, TEXT, &who), IDENTITY_WRONG_SECRET);
    (void)token_write(&t, prefixes[0], text);
    world.keys.n = 1;
    world.keys.list[0] = world.keys.list[1];
    identity_keys_init(&keys, &world.keys);
    assert_int_equal(present(text, TEXT, &who), IDENTITY_KEY_MISSING);
    assert_int_equal(present(newer, TEXT, &who), IDENTITY_OK);
}

static void both_ways_give_the_same_principal(void **state)
{
    (void)state;
    char text[128];
    struct principal by_token;
    struct principal by_pair;
    const struct token_new t = token(text);
    const struct credential cred = {.kind = CREDENTIAL_PAIR,
                                    .client_id = bytes_of(t.client_id, TOKEN_CLIENT_ID),
                                    .secret = bytes_of(t.secret, TOKEN_SECRET)};
    assert_int_equal(present(text, TEXT, &by_token), IDENTITY_OK);
    assert_int_equal(ask(&cred, now_ms, &by_pair), IDENTITY_OK);
    const struct uuid org = WORLD_ORG;
    const struct principal *both[] = {&by_token, &by_pair};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(both[i]->kind, PRINCIPAL_TOKEN);
        assert_memory_equal(both[i]->name, t.client_id, TOKEN_CLIENT_ID);
        assert_true(uuid_eq(&both[i]->scope, &org));
        assert_int_equal(both[i]->valid_until_ms, now_ms + 5000);
        assert_int_equal(both[i]->index_version, index_version(world.index));
        assert_true(index_is_live(world.index, both[i]->live, both[i]->live_word));
    }
    assert_int_equal(by_token.live_word, by_pair.live_word);
}

static void prefixes_are_those_that_were_given(void **state)
{
    (void)state;
    char text[128];
    struct principal who;
    const struct token_new t = token(text);
    size_t n = token_write(&t, BYTES("Old:"), text);
    assert_int_equal(present(text, n, &who), IDENTITY_OK);
    n = token_write(&t, BYTES("New:"), text);
    assert_int_equal(present(text, n, &who), IDENTITY_MALFORMED);
    n = token_write(&t, BYTES("astracs:"), text);
    assert_int_equal(present(text, n, &who), IDENTITY_MALFORMED);
}

static void nothing_is_nobody(void **state)
{
    (void)state;
    struct principal who;
    const struct credential none = {.kind = CREDENTIAL_NONE};
    assert_int_equal(ask(&none, now_ms, &who), IDENTITY_MALFORMED);
    const struct credential empty = {.kind = CREDENTIAL_PAIR};
    assert_int_equal(ask(&empty, now_ms, &who), IDENTITY_MALFORMED);
    const struct credential uid = {.kind = CREDENTIAL_UID, .uid = 4294967295u};
    assert_int_equal(ask(&uid, now_ms, &who), IDENTITY_OK);
    assert_string_equal(who.name, "operator uid=4294967295");
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
static enum identity_reason signed_in(const char *secret, struct uuid scope, int64_t at_ms,
                                      struct principal *who)
{
    const struct credential cred = {
        .kind = CREDENTIAL_SESSION, .session = bytes_of_text(secret), .scope = scope};
    return ask(&cred, at_ms, who);
}

static void a_session_ends_when_idle_and_after_its_day(void **state)
{
    (void)state;
    struct principal who;
    const struct uuid nowhere = {{0}};
    const struct uuid ann = world_person(&world, 1, "ann@example.org");
    assert_int_equal(signed_in("secret", nowhere, now_ms, &who), IDENTITY_NO_SESSION);
    const struct uuid session = world_session(&world, ann, "secret", now_ms, now_ms);
    assert_int_equal(signed_in("Secret", nowhere, now_ms, &who), IDENTITY_NO_SESSION);
    assert_int_equal(who.kind, PRINCIPAL_NONE);
    memset(&rekey, 0xa5, sizeof rekey);
    assert_int_equal(signed_in("secret", nowhere, now_ms, &who), IDENTITY_OK);
    assert_int_equal(rekey.from, 0); /* there is nothing to be keyed anew */
    assert_int_equal(who.kind, PRINCIPAL_PERSON);
    assert_true(uuid_eq(&who.person, &ann) && uuid_eq(&who.session, &session));
    assert_true(uuid_is_zero(&who.scope));
    assert_true(who.role_set == INDEX_NO_ROLE_SET);
    const int64_t idle = now_ms + IDENTITY_SESSION_IDLE_MS;
    assert_int_equal(signed_in("secret", nowhere, idle - 1, &who), IDENTITY_OK);
    assert_int_equal(signed_in("secret", nowhere, idle, &who), IDENTITY_NO_SESSION);
    const int64_t whole = now_ms + IDENTITY_SESSION_MS;
    (void)world_session(&world, ann, "secret", now_ms, whole - 1);
    assert_int_equal(signed_in("secret", nowhere, whole - 1, &who), IDENTITY_OK);
    assert_int_equal(who.valid_until_ms, whole);
    assert_int_equal(signed_in("secret", nowhere, whole, &who), IDENTITY_NO_SESSION);
}

static void a_person_acts_where_they_are_a_member(void **state)
{
    (void)state;
    struct principal who;
    const struct uuid nowhere = {{0}};
    const struct uuid ann = world_person(&world, 1, "ann@example.org");
    (void)world_session(&world, ann, "secret", now_ms, now_ms);
    assert_int_equal(signed_in("secret", WORLD_ORG, now_ms, &who), IDENTITY_NOT_A_MEMBER);
    world_member(&world, ann, WORLD_ENTERPRISE, true, NULL, 0, false);
    assert_int_equal(signed_in("secret", nowhere, now_ms, &who), IDENTITY_OK);
    assert_true(who.enterprise);
    world_member(&world, ann, WORLD_ORG, false, &role_a, 1, true);
    assert_int_equal(signed_in("secret", WORLD_ORG, now_ms, &who), IDENTITY_NOT_A_MEMBER);
    world_member(&world, ann, WORLD_ORG, false, &role_a, 1, false);
    assert_int_equal(signed_in("secret", nowhere, now_ms, &who), IDENTITY_OK);
    const struct uuid org = WORLD_ORG;
    assert_true(!who.enterprise && uuid_eq(&who.scope, &org));
    assert_non_null(index_role_set(world.index, who.role_set));
    assert_int_equal(signed_in("secret", WORLD_OTHER_ORG, now_ms, &who), IDENTITY_NOT_A_MEMBER);
    world_member(&world, ann, WORLD_ORG, false, NULL, 0, false);
    assert_false(index_is_live(world.index, who.live, who.live_word));
}

UNIT_MAIN(T(a_token_wrong_in_one_byte_is_refused), T(a_secret_wrong_in_one_byte_is_refused),
          T(one_tokens_secret_does_not_open_another),
          T(unknown_expired_revoked_and_keyless_are_told_apart_for_the_log_only),
          T(older_keys_go_on_verifying_until_they_are_gone), T(both_ways_give_the_same_principal), T(prefixes_are_those_that_were_given),
          T(nothing_is_nobody), T(a_session_ends_when_idle_and_after_its_day),
          T(a_person_acts_where_they_are_a_member))
