/* The API over a real door: who may, what is said, and what the picture holds afterwards. */
#include "routes_world.h"

/* --- tests --- */

static void who_lacks_a_permission_is_told_which(void **state)
{
    const struct uuid id = world_id(0x01, 1);
    (void)state;
    world_role(&world, id, EFFECT_ALLOW, "db-cql", "@:db:*");
    const struct token_new t = token_with(id);
    assert_int_equal(ask(NULL, "GET", "/v2/tokens", NULL), 401);
    assert_int_equal(ask(&t, "GET", "/v2/currentOrg", NULL), 200);
    assert_string_equal(text_of("id"), id_text(WORLD_ORG));
    assert_int_equal(ask(&t, "GET", "/v2/tokens", NULL), 403);
    assert_says("missing org-token-read on drn:astra:org:");
    assert_int_equal(ask(&t, "GET", "/v2/organizations/roles", NULL), 403);
    assert_int_equal(ask(&t, "GET", "/v2/databases", NULL), 401);
    assert_says("org-db-view");
    assert_int_equal(ask(&t, "POST", "/v2/databases", "{}"), 401);
    assert_int_equal(ask(&t, "POST", format("/v2/databases/%s/token", id_text(WORLD_DB)), ""), 401);
    assert_int_equal(ask(&t, "GET", "/v2/operator/status", NULL), 404);
}

static void wrong_bodies_make_nothing(void **state)
{
    static const char *const wrong[] = {
        "", "{", "[]", "{\"roles\":[]}", "{\"roles\":[\"Organization Administrator\"]}", "{\"roles\":[7]}",
        "{\"roles\":[\"%s\"],\"tokenExpiry\":\"x\"}", "{\"roles\":[\"%s\"],\"tokenExpiry\":\"2020-01-01T00:00:00Z\"}",
        "{\"roles\":[\"%s\"],\"orgId\":\"x\"}", "{\"roles\":[\"%s\"],\"orgId\":7}",
        "{\"roles\":[\"%s\"],\"description\":\"a\\u0007\"}", "{\"roles\":[\"%s\"],\"roles\":[]}",
        "{\"roles\":[\"00000000-0000-4000-8000-000000000000\"]}",
        "{\"roles\":[\"014ba2cc-2ed1-44b8-8162-dba27ca7ce57\"]}"};
    struct index_numbers before;
    struct index_numbers after;
    (void)state;
    index_count(world.index, &before);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char body[512];
        administrator_roles(wrong[i], body, sizeof body);
        assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 400);
        assert_true(message()[0] != 0);
    }
    index_count(world.index, &after);
    assert_int_equal(before.tokens, after.tokens);
}

static void a_token_lives_and_dies(void **state)
{
    char body[512];
    char path[64];
    (void)state;
    administrator_roles("{\"roles\":[\"%1$s\",\"%1$s\"],\"description\":\"d\",\"tokenExpiry\":\"2126-01-01T02:00:00.5+02:00\"}",
                        body, sizeof body);
    assert_int_equal(ask(&administrator, "POST", "/v2/clientIdSecrets", body), 200);
    assert_non_null(strstr(answer, "Cache-Control: no-store"));
    assert_string_equal(text_of("tokenExpiry"), "2126-01-01T00:00:00.500Z");
    assert_int_equal(json_array_size(json_object_get(json, "roles")), 1);
    const struct token_new t = made_token();
    assert_int_equal(ask(&t, "GET", "/v2/tokens", NULL), 200);
    assert_null(strstr(answer, "secret"));
    assert_non_null(strstr(answer, "\"description\":\"d\""));
    snprintf(path, sizeof path, "/v2/tokens/%.24s", t.client_id);
    assert_int_equal(ask(&administrator, "GET", path, NULL), 200);
    assert_int_equal(ask(&administrator, "DELETE", path, NULL), 204);
    assert_int_equal(ask(&t, "GET", "/v2/currentOrg", NULL), 401);
    assert_non_null(strstr(answer, "340018"));
    assert_int_equal(ask(&administrator, "DELETE", path, NULL), 204);
    now_ms += INT64_C(86400000) * (API_TOMBSTONE_DAYS + 1);
    assert_int_equal(ask(&administrator, "DELETE", path, NULL), 404);
    assert_int_equal(ask(&administrator, "GET", path, NULL), 404);
    assert_int_equal(ask(&administrator, "DELETE", "/v2/tokens/short", NULL), 404);
}

static void lists_have_pages_only_when_asked(void **state)
{
    char body[256];
    (void)state;
    administrator_roles("{\"roles\":[\"%s\"]}", body, sizeof body);
    for (int i = 0; i < 3; i++) assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 200);
    assert_int_equal(ask(&administrator, "GET", "/v2/tokens", NULL), 200);
    const size_t all = json_array_size(json_object_get(json, "clients"));
    assert_null(strstr(answer, "Link:"));
    size_t seen = 0;
    char path[128] = "/v2/tokens?limit=2";
    for (;;) {
        assert_int_equal(ask(&administrator, "GET", path, NULL), 200);
        seen += json_array_size(json_object_get(json, "clients"));
        const char *link = strstr(answer, "Link: <");
        if (!link) break;
        snprintf(path, sizeof path, "%.*s", (int)strcspn(link + 7, ">"), link + 7);
    }
    assert_int_equal(seen, all);
    assert_int_equal(ask(&administrator, "GET", "/v2/tokens?limit=x&y=%20", NULL), 200);
}

static void nobody_hands_out_more_than_they_hold(void **state)
{
    const struct uuid id = world_id(0x01, 2);
    char body[512];
    (void)state;
    world_role(&world, id, EFFECT_ALLOW, "org-token-write org-role-write", "@");
    const struct token_new t = token_with(id);
    administrator_roles("{\"roles\":[\"%s\"]}", body, sizeof body);
    assert_int_equal(ask(&t, "POST", "/v2/tokens", body), 403);
    assert_says("hand out only what it holds");
    assert_int_equal(ask(&t, "POST", "/v2/tokens", format("{\"roles\":[\"%s\"]}", id_text(id))), 200);
    assert_int_equal(ask(&t, "POST", "/v2/organizations/roles",
                         "{\"name\":\"wide\",\"policy\":{\"effect\":\"allow\",\"actions\":[\"org-write\"],\"resources\":"
                         "[\"drn:astra:org:__ORG_ID__\"],\"description\":\"\"}}"), 403);
    assert_non_null(strstr(answer, "text/plain"));
}

#define ROLE(name, effect, actions, resources)                                                     \
    "{\"name\":\"" name "\",\"policy\":{\"effect\":\"" effect "\",\"actions\":[" actions             \
    "],\"resources\":[" resources "],\"description\":\"\"}}"

static void a_role_is_written_read_and_kept_in_order(void **state)
{
    char path[128];
    (void)state;
    assert_int_equal(ask(&administrator, "POST", "/v2/organizations/roles",
                         ROLE(" Ordered ", "allow", "\"org-user-read\",\"org-read\"",
                              "\"drn:astra:org:__ORG_ID__:db:*\",\"drn:astra:org:__ORG_ID__\"")), 201);
    assert_string_equal(text_of("name"), "Ordered");
    snprintf(path, sizeof path, "/v2/organizations/roles/%s", text_of("id"));
    assert_int_equal(ask(&administrator, "GET", path, NULL), 200);
    assert_non_null(strstr(answer, "[\"org-user-read\",\"org-read\"]"));
    assert_non_null(strstr(answer, "[\"drn:astra:org:__ORG_ID__:db:*\",\"drn:astra:org:__ORG_ID__\"]"));
    assert_int_equal(ask(&administrator, "POST", "/v2/organizations/roles", ROLE("ORDERED", "allow", "", "")), 409);
    assert_int_equal(ask(&administrator, "POST", "/v2/organizations/roles", ROLE("ro user", "allow", "", "")), 409);
    assert_int_equal(ask(&administrator, "PUT", path, ROLE("Renamed", "allow", "", "")), 200);
    assert_null(strstr(answer, "\nContent-Type"));
    assert_int_equal(ask(&administrator, "PUT", path, ROLE("Renamed", "maybe", "", "")), 400);
    assert_int_equal(ask(&administrator, "PUT", path, ROLE("R", "allow", "\"no-such\",\"org-read\",\"nor-this\"", "")), 400);
    assert_says("no-such, nor-this");
    assert_int_equal(ask(&administrator, "PUT", path, ROLE("R", "allow", "\"\"", "")), 400);
    assert_int_equal(ask(&administrator, "PUT", path, ROLE("R", "allow", "", "\"\",\"\"")), 400);
    assert_int_equal(ask(&administrator, "DELETE", path, NULL), 204);
    assert_int_equal(ask(&administrator, "DELETE", path, NULL), 404);
    assert_non_null(strstr(answer, "text/plain"));
}

static void built_in_and_denying_roles_are_guarded(void **state)
{
    char path[128];
    char body[256];
    (void)state;
    administrator_roles("/v2/organizations/roles/%s", path, sizeof path);
    assert_int_equal(ask(&administrator, "DELETE", path, NULL), 403);
    assert_int_equal(ask(&administrator, "PUT", path, ROLE("Mine", "allow", "", "")), 403);
    assert_int_equal(ask(&administrator, "POST", "/v2/organizations/roles",
                         ROLE("No", "deny", "\"db-cql\"", "\"drn:astra:org:__ORG_ID__:db:*\"")), 201);
    char id[UUID_TEXT + 1];
    snprintf(id, sizeof id, "%s", text_of("id"));
    snprintf(body, sizeof body, "{\"roles\":[\"%s\"]}", id);
    assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 200);
    const struct token_new t = made_token();
    snprintf(path, sizeof path, "/v2/organizations/roles/%s", id);
    assert_int_equal(ask(&administrator, "DELETE", path, NULL), 409);
    snprintf(body, sizeof body, "/v2/tokens/%.24s", t.client_id);
    assert_int_equal(ask(&administrator, "DELETE", body, NULL), 204);
    assert_int_equal(ask(&administrator, "DELETE", path, NULL), 204);
}

static void a_database_that_may_not_be_seen_is_absent(void **state)
{
    const struct uuid id = world_id(0x01, 3);
    char line[128];
    char path[128];
    (void)state;
    snprintf(line, sizeof line, "@:db:%s", id_text(WORLD_OTHER_DB));
    world_role(&world, id, EFFECT_ALLOW, "org-db-view", line);
    const struct token_new t = token_with(id);
    snprintf(path, sizeof path, "/v2/databases/%s", id_text(WORLD_DB));
    assert_int_equal(ask(&t, "GET", path, NULL), 404);
    assert_int_equal(ask(&t, "GET", format("/v2/databases/%s", id_text(WORLD_OTHER_DB)), NULL), 404);
    assert_int_equal(ask(&t, "GET", "/v2/databases", NULL), 200);
    assert_int_equal(json_array_size(json), 0);
    assert_int_equal(ask(&administrator, "GET", "/v2/databases?include=non_terminated&limit=1000", NULL), 200);
    assert_int_equal(json_array_size(json), 1);
    assert_int_equal(ask(&administrator, "GET", path, NULL), 200);
    const json_t *info = json_object_get(json, "info");
    assert_int_equal(json_array_size(json_object_get(info, "keyspaces")), 2);
    assert_int_equal(json_array_size(json_object_get(info, "additionalKeyspaces")), 2);
    assert_string_equal(json_string_value(json_object_get(info, "keyspace")), "");
    assert_non_null(json_object_get(json_array_get(json_object_get(info, "datacenters"), 0), "id"));
}

static void registering_is_the_operator_s(void **state)
{
    (void)state;
    assert_int_equal(ask(&administrator, "POST", "/v2/databases", "{\"name\":\"x\",\"cloudProvider\":\"AWS\"}"), 422);
    assert_says("contactPoints is missing");
    assert_int_equal(ask(&administrator, "POST", "/v2/databases",
                         "{\"name\":\"x\",\"contactPoints\":[\"h:1\"],\"datacenter\":\"d\",\"username\":\"u\","
                         "\"password\":\"p\",\"listen\":\"127.0.0.1:1\"}"), 401);
    assert_says("operator");
}

static void the_database_token_finds_its_role_again(void **state)
{
    char path[128];
    char role[UUID_TEXT + 1];
    (void)state;
    snprintf(path, sizeof path, "/v2/databases/%s/token", id_text(WORLD_DB));
    assert_int_equal(ask(&administrator, "POST", path, "null"), 200);
    snprintf(role, sizeof role, "%s", json_string_value(json_array_get(json_object_get(json, "roles"), 0)));
    const struct token_new t = made_token();
    assert_int_equal(ask(&administrator, "POST", path, "{\"description\":\"two\"}"), 200);
    assert_string_equal(json_string_value(json_array_get(json_object_get(json, "roles"), 0)), role);
    assert_int_equal(ask(&administrator, "GET", format("/v2/organizations/roles/%s", role), NULL), 200);
    assert_string_equal(text_of("name"), "shop Database Administrator");
    assert_int_equal(ask(&t, "GET", "/v2/tokens", NULL), 403);
    assert_int_equal(ask(&t, "GET", "/v2/databases", NULL), 200);
    assert_int_equal(json_array_size(json), 1);
    snprintf(path, sizeof path, "/v2/databases/%s/token", id_text(WORLD_OTHER_DB));
    assert_int_equal(ask(&administrator, "POST", path, NULL), 404);
}

static void enterprises_keep_to_their_own(void **state)
{
    char body[512];
    (void)state;
    administrator_roles("{\"roles\":[\"%s\"]}", body, sizeof body);
    assert_int_equal(ask(&enterprise, "GET", "/v2/currentOrg", NULL), 200);
    assert_string_equal(text_of("id"), id_text(WORLD_ENTERPRISE));
    assert_int_equal(ask(&enterprise, "GET", "/v2/clientIdSecrets", NULL), 200);
    assert_int_equal(json_array_size(json_object_get(json, "clients")), 0);
    assert_int_equal(ask(&enterprise, "POST", "/v2/clientIdSecrets", body), 403);
    assert_int_equal(ask(&enterprise, "POST", "/v2/tokens", body), 400);
    assert_int_equal(ask(&enterprise, "GET", "/v2/databases", NULL), 401);
    char org[UUID_TEXT + 1];
    snprintf(org, sizeof org, "%s", id_text(WORLD_ORG));
    snprintf(body, sizeof body, "{\"roles\":[\"%s\"],\"orgId\":\"%s\"}", id_text(builtin_organization_administrator), org);
    assert_int_equal(ask(&enterprise, "POST", "/v2/tokens", body), 200);
    assert_string_equal(text_of("orgId"), org);
    const struct token_new t = made_token();
    assert_int_equal(ask(&t, "GET", "/v2/tokens", NULL), 200);
    snprintf(org, sizeof org, "%s", id_text(WORLD_OTHER_ORG));
    snprintf(body, sizeof body, "{\"roles\":[\"%s\"],\"orgId\":\"%s\"}", id_text(builtin_organization_administrator), org);
    assert_int_equal(ask(&enterprise, "POST", "/v2/tokens", body), 403);
    assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 403);
    snprintf(body, sizeof body, "/v2/tokens/%.24s", enterprise.client_id);
    assert_int_equal(ask(&administrator, "DELETE", body, NULL), 404);
    snprintf(body, sizeof body, "/v2/tokens/%.24s", administrator.client_id);
    assert_int_equal(ask(&enterprise, "DELETE", body, NULL), 404);
}

static void explanations_name_the_rule(void **state)
{
    const struct uuid id = world_id(0x01, 4);
    char body[512];
    char on[128];
    (void)state;
    world_role(&world, id, EFFECT_ALLOW, "db-table-select", "@:db:*:keyspace:ks:table:t");
    const struct token_new t = token_with(id);
    snprintf(on, sizeof on, "drn:astra:org:__ORG_ID__:db:%s:keyspace:ks:table:t", id_text(WORLD_DB));
    snprintf(body, sizeof body, "{\"action\":\"db-table-select\",\"resource\":\"%s\"}", on);
    assert_int_equal(ask(&t, "POST", "/v2/explain", body), 200);
    assert_true(json_is_true(json_object_get(json, "allow")));
    assert_string_equal(json_string_value(json_object_get(json_object_get(json, "rule"), "roleId")), id_text(id));
    snprintf(body, sizeof body, "{\"tokenId\":\"%.24s\",\"action\":\"db-table-select\",\"resource\":\"%sx\"}", t.client_id, on);
    assert_int_equal(ask(&administrator, "POST", "/v2/explain", body), 200);
    assert_true(json_is_false(json_object_get(json, "allow")));
    assert_true(json_is_null(json_object_get(json, "rule")));
    assert_true(strlen(text_of("text")) > 10);
    snprintf(body, sizeof body, "{\"tokenId\":\"%.24s\",\"action\":\"db-cql\",\"resource\":\"%s\"}", administrator.client_id, on);
    assert_int_equal(ask(&t, "POST", "/v2/explain", body), 403);
    assert_int_equal(ask(&administrator, "POST", "/v2/explain", "{\"action\":\"x\",\"resource\":\"y\"}"), 400);
    assert_int_equal(ask(&administrator, "POST", "/v2/explain",
                         "{\"tokenId\":\"xxxxxxxxxxxxxxxxxxxxxxxx\",\"action\":\"org-read\",\"resource\":\"drn:astra:org:__ORG_ID__\"}"), 404);
}

static void health_needs_no_token_and_metrics_do(void **state)
{
    (void)state;
    assert_int_equal(ask(NULL, "GET", "/livez", NULL), 200);
    assert_int_equal(ask(NULL, "GET", "/readyz", NULL), 200);
    assert_int_equal(ask(NULL, "GET", "/metrics", NULL), 401);
    assert_int_equal(ask(&administrator, "GET", "/metrics", NULL), 200);
    assert_non_null(strstr(answer, "latchkey_http_requests_total"));
    assert_int_equal(ask(NULL, "POST", "/v2/authenticateServiceAccount", "{}"), 404);
    assert_says("not part of Latchkey");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_lacks_a_permission_is_told_which),
        cmocka_unit_test(wrong_bodies_make_nothing),
        cmocka_unit_test(a_token_lives_and_dies),
        cmocka_unit_test(lists_have_pages_only_when_asked),
        cmocka_unit_test(nobody_hands_out_more_than_they_hold),
        cmocka_unit_test(a_role_is_written_read_and_kept_in_order),
        cmocka_unit_test(built_in_and_denying_roles_are_guarded),
        cmocka_unit_test(a_database_that_may_not_be_seen_is_absent),
        cmocka_unit_test(registering_is_the_operator_s),
        cmocka_unit_test(the_database_token_finds_its_role_again),
        cmocka_unit_test(enterprises_keep_to_their_own),
        cmocka_unit_test(explanations_name_the_rule),
        cmocka_unit_test(health_needs_no_token_and_metrics_do),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
