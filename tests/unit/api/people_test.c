/* People over a real door, with a clock of the test's own: what ends by itself, what holds for ten
 * minutes, what is written beside the request, and what two at once may not both do. */
#include "api_world.h"

#include "people/delay_network.h"
#include "people/link.h"
#include "people/people.h"

#define ORIGIN "http://localhost:1"
#define FROM_ORIGIN "Origin: " ORIGIN "\r\n"
#define PASSWORD "fifteen letters"
#define RO "d2cfcd63-055c-4a58-b957-8916d4a007a5"
#define ADMIN "ad0566b5-2a67-49de-89e8-92258c2f2c98"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static struct people people;

static void pass(int64_t ms)
{
    now_ms += ms;
    later_ms += (uint64_t)ms;
}

/* --- asking --- */

struct browser {
    char cookie[160];
    char csrf[65];
};

static unsigned ask(const struct browser *b, const char *method, const char *path, const char *body)
{
    char fields[1024] = FROM_ORIGIN;
    if (b) {
        snprintf(fields, sizeof fields, FROM_ORIGIN "Cookie: %s\r\nX-Latchkey-Csrf: %s\r\n", b->cookie, b->csrf);
    }
    return hear(start_asking(fields, method, path, body));
}

static int id_of_error(void)
{
    return (int)json_integer_value(json_object_get(first_error(), "ID"));
}

/* --- a house with people --- */

/* By invitation; the link is in the answer. */
static void invite(const char *email, const char *role, char secret[LINK_SECRET + 1])
{
    char body[512];
    snprintf(body, sizeof body, "{\"email\":\"%s\",\"roles\":[\"%s\"]}", email, role);
    assert_int_equal(ask_by_token(&administrator, "PUT", "/v2/organizations/users", body), 200);
    const char *hash = strchr(text_of("invitationLink"), '#');
    assert_non_null(hash);
    snprintf(secret, LINK_SECRET + 1, "%s", hash + 1);
}

static unsigned accept_it(const char *secret)
{
    char body[512];
    snprintf(body, sizeof body, "{\"secret\":\"%s\",\"password\":\"" PASSWORD "\"}", secret);
    return ask(NULL, "POST", "/v2/invitations/accept", body);
}

static struct uuid add_person(const char *email, const char *role)
{
    char secret[LINK_SECRET + 1];
    struct uuid id;
    invite(email, role, secret);
    assert_true(uuid_read(bytes_of_text(text_of("UserID")), &id));
    assert_int_equal(accept_it(secret), 200);
    return id;
}

static unsigned sign_in(const char *email, struct browser *b)
{
    char body[512];
    snprintf(body, sizeof body, "{\"email\":\"%s\",\"password\":\"" PASSWORD "\"}", email);
    const unsigned status = ask(NULL, "POST", "/v2/sessions", body);
    const char *cookie = strstr(answer, "Set-Cookie: ");
    if (status != 200) return status;
    assert_non_null(cookie);
    snprintf(b->cookie, sizeof b->cookie, "%.*s", (int)strcspn(cookie + 12, ";"), cookie + 12);
    snprintf(b->csrf, sizeof b->csrf, "%s", text_of("csrfToken"));
    return status;
}

/* --- tests --- */

static void an_invitation_ends_after_72_hours(void **state)
{
    char secret[LINK_SECRET + 1];
    (void)state;
    invite("late@x.y", RO, secret);
    pass(INT64_C(72) * HOUR);
    assert_int_equal(accept_it(secret), 404);
    invite("late@x.y", RO, secret);
    pass(INT64_C(72) * HOUR - 1);
    assert_int_equal(accept_it(secret), 200);
    assert_int_equal(accept_it(secret), 404);
}

/* Turns until the store has committed once more than `before`. */
static void await_commit(unsigned before)
{
    while (__atomic_load_n(&commits, __ATOMIC_SEQ_CST) == before)
        (void)loop_turn(loop, 1);
    (void)loop_turn(loop, 0);
}

/* A request whose use is written beside it; waits for that. */
static void use(const struct browser *b)
{
    const unsigned before = __atomic_load_n(&commits, __ATOMIC_SEQ_CST);
    assert_int_equal(ask(b, "GET", "/v2/currentOrg", NULL), 200);
    await_commit(before);
}

static void a_session_ends_idle_after_half_an_hour_and_in_any_case_after_twelve(void **state)
{
    struct browser b;
    (void)state;
    (void)add_person("idle@x.y", RO);
    assert_int_equal(sign_in("idle@x.y", &b), 200);
    pass(30 * MINUTE - 1);
    use(&b);
    for (int i = 0; i < 45; i++) {
        pass(15 * MINUTE);
        use(&b);
    }
    pass(15 * MINUTE);
    assert_int_equal(ask(&b, "GET", "/v2/currentOrg", NULL), 200);
    pass(15 * MINUTE);
    assert_int_equal(ask(&b, "GET", "/v2/currentOrg", NULL), 401);
    assert_int_equal(sign_in("idle@x.y", &b), 200);
    pass(30 * MINUTE);
    assert_int_equal(ask(&b, "GET", "/v2/currentOrg", NULL), 401);
}

static void use_is_written_when_it_is_minutes_old_and_once(void **state)
{
    struct browser b;
    (void)state;
    (void)add_person("seen@x.y", RO);
    assert_int_equal(sign_in("seen@x.y", &b), 200);
    const unsigned before = __atomic_load_n(&commits, __ATOMIC_SEQ_CST);
    pass(5 * MINUTE - 1);
    assert_int_equal(ask(&b, "GET", "/v2/currentOrg", NULL), 200);
    assert_int_equal(__atomic_load_n(&commits, __ATOMIC_SEQ_CST), before);
    pass(1);
    assert_int_equal(ask(&b, "GET", "/v2/currentOrg", NULL), 200);
    assert_int_equal(ask(&b, "GET", "/v2/currentOrg", NULL), 200);
    await_commit(before);
    assert_int_equal(ask(&b, "GET", "/v2/sessions", NULL), 200);
    const json_t *one = json_array_get(json_object_get(json, "sessions"), 0);
    assert_string_not_equal(json_string_value(json_object_get(one, "seenOn")),
                            json_string_value(json_object_get(one, "createdOn")));
    assert_int_equal(__atomic_load_n(&commits, __ATOMIC_SEQ_CST), before + 1);
}

#define TOKEN "{\"roles\":[\"" RO "\"]}"
#define ROLE(actions)                                                                              \
    "{\"name\":\"proven\",\"policy\":{\"effect\":\"allow\",\"actions\":[" actions                    \
    "],\"resources\":[\"drn:astra:org:__ORG_ID__\"],\"description\":\"\"}}"

static void what_hands_out_rights_needs_a_fresh_proof(void **state)
{
    static const struct {
        const char *method, *path, *body;
    } guarded[] = {{"POST", "/v2/tokens", TOKEN},
                   {"POST", "/v2/clientIdSecrets", TOKEN},
                   {"POST", "/v2/tokens/revoke", "{\"createdBy\":\"x\",\"preview\":false}"},
                   {"PUT", "/v2/organizations/users", "{\"email\":\"new@x.y\",\"roles\":[\"" RO "\"]}"},
                   {"PUT", "/v2/person", "{\"password\":\"" PASSWORD "\"}"},
                   {"POST", "/v2/person/totp", NULL},
                   {"PUT", "/v2/person/totp", "{\"enrolment\":\"00\",\"code\":\"1\"}"},
                   {"DELETE", "/v2/person/totp", NULL},
                   {"POST", "/v2/person/recovery-codes", NULL}};
    struct browser b;
    char path[128];
    char user[UUID_TEXT + 1];
    (void)state;
    const struct uuid id = add_person("proof@x.y", ADMIN);
    uuid_text(&id, user);
    assert_int_equal(sign_in("proof@x.y", &b), 200);
    assert_int_equal(ask(&b, "POST", "/v2/organizations/roles", ROLE("\"org-read\"")), 201);
    snprintf(path, sizeof path, "/v2/organizations/roles/%s", text_of("id"));
    pass(10 * MINUTE - 1);
    assert_int_equal(ask(&b, "POST", "/v2/tokens", TOKEN), 200);
    pass(1);
    for (size_t i = 0; i < sizeof guarded / sizeof *guarded; i++) {
        assert_int_equal(ask(&b, guarded[i].method, guarded[i].path, guarded[i].body), 403);
        assert_int_equal(id_of_error(), 351001);
    }
    assert_int_equal(ask(&b, "PUT", path, ROLE("\"org-read\",\"org-write\"")), 403);
    assert_int_equal(id_of_error(), 351001);
    assert_int_equal(ask(&b, "PUT", path, ROLE("")), 200);
    assert_int_equal(ask(&b, "PUT", path, ROLE("\"org-read\"")), 403);
    snprintf(path, sizeof path, "/v2/organizations/users/%s/roles", user);
    assert_int_equal(ask(&b, "PUT", path, TOKEN), 403);
    assert_int_equal(id_of_error(), 351001);
    assert_int_equal(ask(&b, "GET", "/v2/tokens", NULL), 200);
    assert_int_equal(ask(&b, "POST", "/v2/sessions/current/proof", "{\"password\":\"" PASSWORD "\"}"), 200);
    assert_int_equal(ask(&b, "POST", "/v2/tokens", TOKEN), 200);
    pass(10 * MINUTE);
    assert_int_equal(ask(&b, "POST", "/v2/tokens", TOKEN), 403);
    assert_int_equal(ask_by_token(&administrator, "POST", "/v2/tokens", TOKEN), 200);
}

/* Each of two administrators removes the other at the same moment: one of them stays. */
static void two_administrators_cannot_remove_each_other_at_once(void **state)
{
    char paths[2][128];
    char user[UUID_TEXT + 1];
    int fds[2];
    struct index_numbers none;
    (void)state;
    index_count(world.index, &none);
    assert_int_equal(ask_by_token(&administrator, "GET", "/v2/organizations/users", NULL), 200);
    size_t i;
    json_t *u;
    json_t *all = json_incref(json_object_get(json, "Users"));
    json_array_foreach(all, i, u) {
        char path[128];
        snprintf(path, sizeof path, "/v2/organizations/users/%s/roles",
                 json_string_value(json_object_get(u, "UserID")));
        if (i + 1 < json_array_size(all))
            assert_int_not_equal(ask_by_token(&administrator, "PUT", path, TOKEN), 500);
    }
    json_decref(all);
    const struct uuid ids[2] = {add_person("one@x.y", ADMIN), add_person("two@x.y", ADMIN)};
    assert_int_equal(ask_by_token(&administrator, "GET", "/v2/organizations/users", NULL), 200);
    all = json_incref(json_object_get(json, "Users"));
    json_array_foreach(all, i, u) {
        struct uuid id;
        char path[128];
        const char *text = json_string_value(json_object_get(u, "UserID"));
        assert_true(uuid_read(bytes_of_text(text), &id));
        if (uuid_eq(&id, &ids[0]) || uuid_eq(&id, &ids[1])) continue;
        snprintf(path, sizeof path, "/v2/organizations/users/%s", text);
        assert_int_equal(ask_by_token(&administrator, "DELETE", path, NULL), 204);
    }
    json_decref(all);
    char fields[256];
    char token[128] = "";
    (void)token_write(&administrator, BYTES(TOKEN_PREFIX), token);
    snprintf(fields, sizeof fields, "Authorization: Bearer %s\r\n", token);
    for (i = 0; i < 2; i++) {
        uuid_text(&ids[i], user);
        snprintf(paths[i], sizeof paths[i], "/v2/organizations/users/%s", user);
        fds[i] = start_asking(fields, "DELETE", paths[i], NULL);
    }
    const unsigned first = hear(fds[0]);
    const unsigned second = hear(fds[1]);
    assert_true((first == 204) != (second == 204));
    assert_true(first == 409 || second == 409);
}

static void strangers_fill_neither_the_threads_nor_their_queue_for_others(void **state)
{
    int fds[PEOPLE_QUEUE + PEOPLE_HASHES + 20]; /* fewer than a network may fail */
    const size_t n = sizeof fds / sizeof *fds;
    size_t refused = 0;
    (void)state;
    for (size_t i = 0; i < n; i++) {
        char body[128];
        snprintf(body, sizeof body, "{\"email\":\"s%zu@x.y\",\"password\":\"" PASSWORD "\"}", i);
        fds[i] = start_asking(FROM_ORIGIN, "POST", "/v2/sessions", body);
    }
    for (size_t i = 0; i < n; i++) {
        const unsigned status = hear(fds[i]);
        assert_true(status == 401 || status == 429);
        if (status == 429) {
            assert_non_null(strstr(answer, "Retry-After:"));
            refused++;
        }
    }
    assert_true(refused > 0 && refused < n);
}

/* As often as a network may. */
static void fail_from_here(unsigned *name)
{
    static const struct address here = {.ip = {127, 0, 0, 1}};
    const bytes loopback = bytes_of(here.ip, sizeof here.ip); /* as http_network says it */
    uint64_t wait_ms = 0;
    (void)loop_turn(loop, 0); /* it learns what time it is */
    for (unsigned i = 0; i < DELAY_NETWORK_FREE; i++, ++*name) {
        assert_true(delay_take(people.delays, bytes_of(name, sizeof *name), loopback, false, loop_now_ms(loop),
                               &wait_ms));
    }
}

static void a_network_that_failed_with_many_names_waits_but_who_was_right_there(void **state)
{
    struct browser b;
    unsigned name = 0x10000;
    (void)state;
    pass(DELAY_NETWORK_FREE * (int64_t)DELAY_NETWORK_EACH_MS);
    add_person("known@x.y", RO);
    assert_int_equal(sign_in("known@x.y", &b), 200);
    fail_from_here(&name);
    assert_int_equal(sign_in("unknown@x.y", &b), 429);
    assert_non_null(strstr(answer, "Retry-After: 36\r\n"));
    assert_int_equal(sign_in("known@x.y", &b), 200);
    pass(DELAY_NETWORK_EACH_MS);
    assert_int_equal(sign_in("unknown@x.y", &b), 401);
}

/* Everything that memory knew of waits is gone; the store is the same. */
static void after_a_restart_too_who_was_right_there_does_not_wait(void **state)
{
    struct browser b;
    unsigned name = 1;
    (void)state;
    pass(DELAY_NETWORK_FREE * (int64_t)DELAY_NETWORK_EACH_MS);
    add_person("before@x.y", RO);
    add_person("new@x.y", RO);
    assert_int_equal(sign_in("before@x.y", &b), 200);
    people_close(&people);
    assert_ok(people_open(&people));
    fail_from_here(&name);
    assert_int_equal(sign_in("new@x.y", &b), 429);
    assert_int_equal(sign_in("before@x.y", &b), 200);
    pass(8 * 24 * HOUR);
    fail_from_here(&name);
    assert_int_equal(sign_in("before@x.y", &b), 429);
}

static int open_all(void **state)
{
    (void)state;
    api_world_begin();
    assert_ok(people_open(&people));
    api.people = &people;
    api_world_open_door((struct http_door_options){
        .connections_max = 1000, .person_seen = api_person_seen,
        .site = {.origins = {BYTES(ORIGIN)}, .origins_n = 1, .base = BYTES(ORIGIN)}});
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    json_decref(json);
    http_door_free(door);
    people_close(&people);
    api_world_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invitation_ends_after_72_hours),
        cmocka_unit_test(a_session_ends_idle_after_half_an_hour_and_in_any_case_after_twelve),
        cmocka_unit_test(use_is_written_when_it_is_minutes_old_and_once),
        cmocka_unit_test(what_hands_out_rights_needs_a_fresh_proof),
        cmocka_unit_test(two_administrators_cannot_remove_each_other_at_once),
        cmocka_unit_test(strangers_fill_neither_the_threads_nor_their_queue_for_others),
        cmocka_unit_test(a_network_that_failed_with_many_names_waits_but_who_was_right_there),
        cmocka_unit_test(after_a_restart_too_who_was_right_there_does_not_wait),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
