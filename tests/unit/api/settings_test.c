/* Who may change an organization's settings: a person with everything, just proved; never a token. The
 * handler is called as the door would; that it asks for a body says that it was content with the caller. */
#include "unit.h"
#include "world.h"

#include "api/api.h"
#include "api/routes.h"
#include "gate/gate.h"

#include <urcu/urcu-memb.h>

static struct world world;
static struct gate *gate;
static struct api api;
static struct uuid ann;
static const int64_t now_ms = INT64_C(1800000000000);

static int set_up(void **state)
{
    struct gate_options o = {.prefixes = {BYTES(TOKEN_PREFIX)}, .prefixes_n = 1};
    (void)state;
    urcu_memb_register_thread();
    world_init(&world);
    o.index = world.index;
    if (!err_is_ok(gate_new(&o, &gate))) return -1;
    gate_set_keys(gate, &world.keys);
    api = (struct api){.gate = gate, .index = world.index};
    ann = world_person(&world, 1, "ann@example.org");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gate_free(gate);
    world_drop(&world);
    urcu_memb_unregister_thread();
    return 0;
}

/* What the handler says to somebody who presents this, without a body. */
static enum err_code ask(err (*handler)(struct http_request *rq), const struct credential *cred, struct note *note)
{
    struct http_request rq = {.gate = gate, .owner = &api};
    arena_init(&rq.call.arena, CALL_ARENA_MAX);
    rq.call.now_ms = now_ms;
    urcu_memb_read_lock();
    err e = gate_identify(gate, &rq.call, cred);
    if (err_is_ok(e)) e = handler(&rq);
    urcu_memb_read_unlock();
    *note = rq.call.note;
    wr_drop(&rq.answer.body);
    arena_drop(&rq.call.arena);
    return e.code;
}

static enum err_code ask_as_ann(err (*handler)(struct http_request *rq), int64_t proved_ago_ms, struct note *note)
{
    static int number;
    char secret[32];
    (void)snprintf(secret, sizeof secret, "secret %d", number++);
    (void)world_session(&world, ann, secret, now_ms - proved_ago_ms, now_ms);
    const struct credential cred = {.kind = CREDENTIAL_SESSION, .session = bytes_of_text(secret)};
    return ask(handler, &cred, note);
}

static void is_content(err (*handler)(struct http_request *rq), int64_t proved_ago_ms)
{
    struct note note;
    assert_int_equal(ask_as_ann(handler, proved_ago_ms, &note), ERR_BAD_JSON);
}

static void refuses(err (*handler)(struct http_request *rq), int64_t proved_ago_ms, const char *why)
{
    struct note note;
    assert_int_equal(ask_as_ann(handler, proved_ago_ms, &note), ERR_NOT_ALLOWED);
    if (!strstr(note.text, why)) fail_msg("\"%s\" does not say \"%s\"", note.text, why);
}

static void somebody_with_everything_who_has_just_proved_it_may(void **state)
{
    (void)state;
    world_member(&world, ann, WORLD_ORG, false, &builtin_organization_administrator, 1, false);
    is_content(settings_put, 0);
    is_content(settings_preview, 0);
    is_content(settings_put, 599999);
}

static void after_ten_minutes_the_proof_is_asked_for_again(void **state)
{
    struct note note;
    (void)state;
    world_member(&world, ann, WORLD_ORG, false, &builtin_organization_administrator, 1, false);
    assert_int_equal(ask_as_ann(settings_put, 600000, &note), ERR_PROOF_NEEDED);
    assert_int_equal(ask_as_ann(settings_preview, 600000, &note), ERR_PROOF_NEEDED);
}

static void who_lacks_one_organization_permission_may_not(void **state)
{
    const struct uuid roles[] = {builtin_organization_administrator, world_id(0x01, 9)};
    (void)state;
    world_role(&world, roles[1], EFFECT_DENY, "org-audits-read", "@");
    world_member(&world, ann, WORLD_ORG, false, roles, 2, false);
    refuses(settings_put, 0, "org-audits-read");
    refuses(settings_preview, 0, "org-audits-read");
}

static void who_may_not_write_the_organization_hears_that_first(void **state)
{
    (void)state;
    world_member(&world, ann, WORLD_ORG, false, &builtin_database_administrator, 1, false);
    refuses(settings_put, 600001, "org-write");
}

static void no_token_may(void **state)
{
    struct note note;
    char text[128];
    (void)state;
    const struct token_new t =
        world_token(&world, WORLD_ORG, false, &builtin_organization_administrator, 1, CLOCK_NEVER_MS);
    const size_t n = token_write(&t, BYTES(TOKEN_PREFIX), text);
    const struct credential cred = {.kind = CREDENTIAL_TOKEN, .token = bytes_of(text, n)};
    assert_int_equal(ask(settings_put, &cred, &note), ERR_NOT_ALLOWED);
    assert_non_null(strstr(note.text, "no token"));
    assert_int_equal(ask(settings_get, &cred, &note), ERR_OK);
}

static void an_enterprise_s_caller_may_not(void **state)
{
    (void)state;
    world_member(&world, ann, WORLD_ENTERPRISE, true, &builtin_enterprise_administrator, 1, false);
    refuses(settings_put, 0, "enterprise");
    refuses(settings_get, 0, "enterprise");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(somebody_with_everything_who_has_just_proved_it_may),
        T(after_ten_minutes_the_proof_is_asked_for_again),
        T(who_lacks_one_organization_permission_may_not),
        T(who_may_not_write_the_organization_hears_that_first),
        T(no_token_may),
        T(an_enterprise_s_caller_may_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
