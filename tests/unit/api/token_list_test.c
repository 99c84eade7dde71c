/* The version of a list of tokens: it moves with everything that is shown, the passing of time included. */
#include "routes_world.h"

#include "base/check.h"
#include "model/permit_issue.h"

static const struct uuid organization = {{0x0a, 1, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0x0a, 1}}; /* WORLD_ORG */
static const int64_t begin_ms = INT64_C(4000000000600); /* behind every clock that this runs by */

static struct token_new asker;
static char about[TOKEN_CLIENT_ID + 1]; /* the token whose status is looked at */

static int set_up(void **state)
{
    const int result = open_all(state);
    now_ms = begin_ms;
    asker = administrator;
    return result;
}

/* The version of the answer that is there, with its quotes. */
static const char *version(void)
{
    static char text[128];
    const char *at = strstr(answer, "\r\nETag: ");
    if (!at || sscanf(at, "\r\nETag: %127[^\r]", text) != 1) return NULL;
    return text;
}

static unsigned list_unless(const char *known)
{
    char token[128] = "";
    char fields[512];
    (void)token_write(&asker, BYTES(TOKEN_PREFIX), token);
    (void)snprintf(fields, sizeof fields, "Authorization: Bearer %s\r\nIf-None-Match: %s\r\n", token, known);
    return hear(start_asking(fields, "GET", "/v2/tokens", NULL));
}

static const char *status(void)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(json, "clients"), i, one) {
        if (strcmp(json_string_value(json_object_get(one, "clientId")), about) != 0) continue;
        return json_string_value(json_object_get(one, "status"));
    }
    return "";
}

/* Ends in so many milliseconds; -1: not by itself. */
static void make_token(int64_t life_ms)
{
    char end[CLOCK_TEXT_SIZE] = "";
    char body[256];
    if (life_ms >= 0) clock_write_utc((now_ms + life_ms) * 1000000, 3, end);
    (void)snprintf(body, sizeof body, "{\"roles\":[\"%s\"],\"tokenExpiry\":\"%s\"}",
                   id_text(builtin_organization_administrator), end);
    assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 200);
    (void)snprintf(about, sizeof about, "%s", text_of("clientId"));
}

/* A copy that says "active", and its version. */
static void keep_a_copy(char known[128])
{
    assert_int_equal(ask(&asker, "GET", "/v2/tokens", NULL), 200);
    assert_string_equal(status(), "active");
    assert_non_null(version());
    (void)snprintf(known, 128, "%s", version());
    assert_int_equal(list_unless(known), 304);
}

static void a_copy_is_old_at_the_moment_in_which_a_token_ends(void **state)
{
    char known[128];
    (void)state;
    make_token(400);
    keep_a_copy(known);
    now_ms += 399;
    assert_int_equal(list_unless(known), 304);
    now_ms += 1;
    assert_int_equal(list_unless(known), 200);
    assert_string_equal(status(), "expired");
}

static void what_control_has_not_counted_yet_has_no_version(void **state)
{
    char known[128];
    (void)state;
    make_token(400);
    keep_a_copy(known);
    now_ms += 400;
    assert_int_equal(ask(&asker, "GET", "/v2/tokens", NULL), 200);
    assert_null(version());
    index_expire(world.index, now_ms, NULL);
    assert_int_equal(list_unless(known), 200);
    assert_string_equal(status(), "expired");
    (void)snprintf(known, sizeof known, "%s", version());
    assert_int_equal(list_unless(known), 304);
}

static void on_put(struct store_commit *c)
{
    CHECK(err_is_ok(c->result));
    c->loop = NULL;
}

/* A token as if it had been made then, in store and index. */
static struct token_new put_token(int64_t created_ms)
{
    struct arena a;
    struct token_new t;
    const struct principal operator = {.kind = PRINCIPAL_OPERATOR, .name = "operator uid=0"};
    struct store_commit c = {.loop = loop, .done = on_put};
    arena_init(&a, 1 << 20);
    token_make(&t, world_below);
    struct change change = {
        .verb = CHANGE_PUT,
        .expect = CHANGE_ABSENT,
        .by = {ACTION_ORG_TOKEN_WRITE, resource_organization(&organization)},
        .record = world_token_record(&world, &t, organization, &builtin_organization_administrator, 1)};
    change.record.of.token.created_ns = created_ms * 1000000;
    store_commit(store, permit_issue(&a, &operator, NULL, 0), &change, 1, NULL, &c);
    while (c.loop) (void)loop_turn(loop, 1000);
    arena_drop(&a);
    memcpy(about, t.client_id, TOKEN_CLIENT_ID);
    return t;
}

/* Made at 600 ms past a second. What is shown must not go on after the table of tokens, which keeps whole
 * seconds, has said that it is over: nothing would be counted at that later end. */
static void what_is_shown_ends_when_it_is_counted_as_ended(void **state)
{
    char known[128];
    (void)state;
    asker = put_token(begin_ms + 10000);
    (void)put_token(begin_ms);
    now_ms += 20000;
    world_organization(&world, WORLD_ORG, WORLD_ENTERPRISE, 0, 60000);
    index_expire(world.index, now_ms, NULL); /* of the world, which are old */
    keep_a_copy(known);
    now_ms = begin_ms + 59399;
    index_expire(world.index, now_ms, NULL);
    assert_int_equal(list_unless(known), 304);
    now_ms++;
    index_expire(world.index, now_ms, NULL);
    assert_int_equal(list_unless(known), 200);
    assert_string_equal(status(), "expired");
}

/* One that ends earlier than all others is known as the next before it is counted. */
static void a_token_that_is_made_brings_the_next_end_forward(void **state)
{
    char known[128];
    (void)state;
    make_token(1000);
    make_token(300);
    assert_int_equal(ask(&asker, "GET", "/v2/tokens", NULL), 200);
    (void)snprintf(known, sizeof known, "%s", version());
    now_ms += 300;
    assert_int_equal(list_unless(known), 200);
    index_expire(world.index, now_ms, NULL);
    assert_int_equal(list_unless(known), 200);
    (void)snprintf(known, sizeof known, "%s", version());
    now_ms += 699;
    assert_int_equal(list_unless(known), 304);
    now_ms += 1;
    assert_int_equal(list_unless(known), 200);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, close_all)
    const struct CMUnitTest tests[] = {
        T(a_copy_is_old_at_the_moment_in_which_a_token_ends),
        T(what_control_has_not_counted_yet_has_no_version),
        T(what_is_shown_ends_when_it_is_counted_as_ended),
        T(a_token_that_is_made_brings_the_next_end_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
