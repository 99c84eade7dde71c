/* Tables of permissions over a real door: which rows there are for whom, and that they say what is decided. */
#include "routes_world.h"

#define HIDDEN world_id(0x0d, 7)

static size_t schema_asked;

/* Every database has the same two tables, a view and a keyspace of the system. */
static bool schema(void *owner, const struct uuid *database, bool system, size_t tables,
                   struct arena *a, struct api_schema *out)
{
    static const struct api_table shop[] = {
        {BYTES("customers"), false}, {BYTES("by_name"), true}, {BYTES("orders"), false}};
    static const struct api_table local[] = {{BYTES("local"), false}};
    static const struct api_keyspace all[] = {
        {.name = BYTES("shop"), .tables = shop, .tables_n = 3},
        {.name = BYTES("system"), .system = true, .tables = local, .tables_n = 1}};
    (void)owner;
    (void)database;
    (void)tables;
    (void)a;
    schema_asked++;
    *out = (struct api_schema){.keyspaces = all, .keyspaces_n = system ? 2 : 1};
    return true;
}

static int begin(void **state)
{
    if (open_all(state)) return -1;
    api.ports.schema = schema;
    world_database(&world, HIDDEN, WORLD_ORG, "hidden");
    return 0;
}

static const json_t *row(size_t i)
{
    return json_array_get(json_object_get(json, "rows"), i);
}

static const char *in(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "";
}

static bool lists(const json_t *o, const char *key, const char *word)
{
    const json_t *list = json_object_get(o, key);
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), word) == 0) return true;
    }
    return false;
}

static const json_t *row_of(const char *table)
{
    for (size_t i = 0; row(i); i++) {
        if (strcmp(in(row(i), "table"), table) == 0) return row(i);
    }
    return NULL;
}

static void anybody_sees_what_they_may_themselves(void **state)
{
    const struct uuid id = world_id(0x01, 40);
    (void)state;
    world_role(&world, id, EFFECT_ALLOW, "db-cql db-table-select", "@:db:* @:db:*:keyspace:shop:table:orders");
    const struct token_new t = token_with(id);
    assert_int_equal(ask(&t, "POST", "/v2/policies/preview", NULL), 200);
    assert_int_equal(json_array_size(json_object_get(json, "rows")), 2);   /* it may see no database */
    assert_string_equal(in(row(0), "level"), "organization");
    assert_string_equal(in(row(1), "level"), "database");
    assert_null(json_object_get(row(1), "databaseId"));
    assert_true(lists(row(1), "allowed", "db-cql"));
    assert_null(strstr(answer, "shop"));
    assert_null(strstr(answer, "hidden"));
    assert_int_equal(ask(&t, "POST", "/v2/policies/preview", "{\"policies\":[]}"), 200);
    assert_int_equal(ask(&t, "POST", "/v2/policies/preview",
                         "{\"policies\":[{\"effect\":\"allow\",\"actions\":[],\"resources\":[]}]}"), 403);
    assert_int_equal(ask(&t, "POST", "/v2/policies/preview", format("{\"roles\":[\"%s\"]}", id_text(id))), 403);
    assert_int_equal(ask(&enterprise, "POST", "/v2/policies/preview", NULL), 200);
    assert_int_equal(json_array_size(json_object_get(json, "rows")), 1);
    assert_string_equal(text_of("summary"), "It holds all 10 permissions of the enterprise.");
}

static void rows_are_those_of_visible_databases(void **state)
{
    const struct uuid id = world_id(0x01, 41);
    char lines[256];
    (void)state;
    (void)snprintf(lines, sizeof lines, "@ @:db:%s", id_text(WORLD_DB));
    world_role(&world, id, EFFECT_ALLOW, "org-db-view org-role-read", lines);
    const struct token_new t = token_with(id);
    assert_int_equal(ask(&t, "POST", "/v2/policies/preview", NULL), 200);
    assert_int_equal(json_array_size(json_object_get(json, "rows")), 6);
    assert_string_equal(in(row(2), "databaseName"), "shop");
    assert_string_equal(in(row(3), "level"), "keyspace");
    assert_string_equal(in(row(4), "table"), "customers");
    assert_string_equal(in(row(5), "table"), "orders");
    assert_null(strstr(answer, "hidden"));
    assert_null(strstr(answer, "by_name"));
    assert_null(strstr(answer, "local"));
    assert_int_equal(ask(&t, "POST", "/v2/policies/preview", "{\"systemKeyspaces\":true}"), 200);
    assert_int_equal(json_array_size(json_object_get(json, "rows")), 8);
    const size_t before = schema_asked;
    char body[256];
    const struct uuid others[] = {HIDDEN, WORLD_OTHER_DB, world_id(0x0d, 99)};
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(body, sizeof body, "{\"databaseId\":\"%s\"}", id_text(others[i]));
        assert_int_equal(ask(&t, "POST", "/v2/policies/preview", body), 404);
        assert_says("databaseId: there is no such database");
    }
    assert_int_equal(schema_asked, before);
    (void)snprintf(body, sizeof body, "{\"databaseId\":\"%s\"}", id_text(HIDDEN));
    assert_int_equal(ask(&administrator, "POST", "/v2/policies/preview", body), 200);
    assert_int_equal(json_array_size(json_object_get(json, "rows")), 6);
    assert_string_equal(in(row(2), "databaseName"), "hidden");
}

static void drafts_and_roles_count_together(void **state)
{
    const struct uuid id = world_id(0x01, 42);
    const struct uuid gone = world_id(0x01, 98);
    char body[1024];
    char role[UUID_TEXT + 1];
    (void)state;
    world_role(&world, id, EFFECT_ALLOW, "db-table-select db-table-drop", "@:db:*:keyspace:*:table:*");
    (void)snprintf(role, sizeof role, "%s", id_text(id));
    (void)snprintf(body, sizeof body,
                   "{\"roles\":[\"%s\",\"%s\"],\"policies\":[{\"effect\":\"deny\",\"actions\":[\"db-table-drop\"],"
                   "\"resources\":[\"drn:astra:org:__ORG_ID__:db:*:keyspace:shop:table:orders\"]},"
                   "{\"effect\":\"allow\",\"actions\":[\"db-cql\"],\"resources\":[\"drn:astra:org:__ORG_ID__\"]}]}",
                   role, id_text(gone));
    assert_int_equal(ask(&administrator, "POST", "/v2/policies/preview", body), 200);
    const json_t *orders = row_of("orders");
    const json_t *customers = row_of("customers");
    assert_true(lists(orders, "allowed", "db-table-select") && !lists(orders, "allowed", "db-table-drop"));
    assert_true(lists(orders, "denied", "db-table-drop"));
    assert_true(lists(customers, "allowed", "db-table-drop") && !lists(customers, "denied", "db-table-drop"));
    assert_true(lists(json, "dangling", id_text(gone)));
    const json_t *none = json_object_get(json, "noEffect");
    assert_int_equal(json_array_size(none), 2);
    assert_string_equal(in(json_array_get(none, 0), "roleName"), "draft 2");
    assert_string_equal(in(json_array_get(none, 0), "action"), "db-cql");
    assert_non_null(strstr(in(json_array_get(none, 0), "text"), "no effect here"));
    assert_string_equal(in(json_array_get(none, 1), "resource"), "drn:astra:org:__ORG_ID__");
    assert_non_null(strstr(text_of("summary"), "reads all 4 tables"));
    assert_non_null(strstr(text_of("summary"), "drivers do not reach 4 of these tables"));
    static const char *const wrong[] = {"{\"policies\":{}}", "{\"policies\":[7]}", "{\"policies\":[{}]}",
                                        "{\"policies\":[{\"effect\":\"allow\",\"actions\":[\"x\"],\"resources\":[]}]}",
                                        "{\"roles\":[\"x\"]}", "{\"systemKeyspaces\":1}", "[]", "null", "{\"databaseId\":\"x\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(ask(&administrator, "POST", "/v2/policies/preview", wrong[i]), 400);
    }
}

static void a_token_of_elsewhere_is_absent(void **state)
{
    const struct token_new theirs =
        world_token(&world, WORLD_OTHER_ORG, false, &builtin_organization_administrator, 1, CLOCK_NEVER_MS);
    char body[128];
    (void)state;
    (void)snprintf(body, sizeof body, "{\"clientId\":\"%.24s\"}", theirs.client_id);
    assert_int_equal(ask(&administrator, "POST", "/v2/policies/preview", body), 404);
    (void)snprintf(body, sizeof body, "{\"clientId\":\"%.24s\"}", administrator.client_id);
    assert_int_equal(ask(&administrator, "POST", "/v2/policies/preview", body), 200);
    assert_true(lists(row(0), "allowed", "org-token-write"));
}

/* --- review --- */

static const char *policy(const char *effect, const char *actions, const char *resources)
{
    static char text[2048];
    (void)snprintf(text, sizeof text, "{\"effect\":\"%s\",\"actions\":[%s],\"resources\":[%s]}", effect, actions,
                   resources);
    return text;
}

static unsigned review(const struct token_new *who, const struct uuid *role, const char *after)
{
    char body[4096];
    (void)snprintf(body, sizeof body, "{%s%s%s%s%s%s}", role ? "\"roleId\":\"" : "", role ? id_text(*role) : "",
                   role ? "\"" : "", role && after ? "," : "", after ? "\"policy\":" : "", after ? after : "");
    return ask(who, "POST", "/v2/policies/review", body);
}

/* "table or resource: actions" of each, in order. */
static const char *side(const char *key)
{
    static char text[4096];
    const json_t *list = json_object_get(json, key);
    text[0] = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        const json_t *actions = json_object_get(one, "actions");
        const char *name = in(one, "databaseName");
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s.%s.%s:", i ? " " : "",
                       *name ? name : in(one, "level"), in(one, "keyspace"), in(one, "table"));
        for (size_t k = 0; k < json_array_size(actions); k++) {
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", k ? "," : "",
                           json_string_value(json_array_get(actions, k)));
        }
    }
    return text;
}

static void a_review_names_what_comes_and_goes(void **state)
{
    const struct uuid id = world_id(0x01, 50);
    const struct token_new t = administrator;
    (void)state;
    assert_int_equal(review(&t, NULL, policy("allow", "\"db-table-select\"", "\"drn:astra:org:__ORG_ID__:db:*:keyspace:shop:table:orders\"")), 200);
    assert_string_equal(side("gained"), "hidden.shop.orders:db-table-select shop.shop.orders:db-table-select");
    assert_string_equal(side("lost"), "");
    assert_true(json_is_null(json_object_get(json, "refused")));
    world_role(&world, id, EFFECT_ALLOW, "db-table-select db-table-modify", "@:db:*:keyspace:shop:table:orders @:role:*");
    assert_int_equal(review(&t, &id, policy("allow", "\"db-table-select\",\"db-cql\"",
                     "\"drn:astra:org:__ORG_ID__:db:*:keyspace:shop:table:*\",\"drn:astra:org:__ORG_ID__:db:*:keyspace:new:table:x\","
                     "\"drn:astra:org:__ORG_ID__:db:0d990000-0000-4000-8000-000000000d99\",\"drn:astra:org:__ORG_ID__:stream:x\","
                     "\"drn:astra:org:__ORG_ID__:db:*:keyspace:new:table:x\"")), 200);
    assert_string_equal(side("gained"),
                        "hidden.shop.customers:db-table-select shop.shop.customers:db-table-select "
                        "table.new.x:db-table-select database..:db-cql");
    assert_string_equal(side("lost"), "hidden.shop.orders:db-table-modify shop.shop.orders:db-table-modify role..:");
    assert_int_equal(review(&t, &id, NULL), 200);
    assert_string_equal(side("gained"), "");
    assert_non_null(strstr(side("lost"), "shop.shop.orders:db-table-modify,db-table-select"));
    assert_int_equal(review(&t, NULL, NULL), 400);
    const struct uuid nobody = world_id(0x01, 97);
    assert_int_equal(review(&t, &nobody, NULL), 404);
    assert_int_equal(review(&t, &builtin_organization_administrator, NULL), 200);
    assert_non_null(strstr(text_of("refused"), "built-in"));
}

static void a_deny_that_goes_is_a_gain(void **state)
{
    const struct uuid id = world_id(0x01, 51);
    (void)state;
    world_role(&world, id, EFFECT_DENY, "db-table-select", "@:db:*:keyspace:shop:table:orders");
    const struct token_new t = token_with(id);
    (void)t;
    assert_int_equal(review(&administrator, &id, NULL), 200);
    assert_string_equal(side("gained"), "hidden.shop.orders:db-table-select shop.shop.orders:db-table-select");
    assert_string_equal(side("lost"), "");
    assert_non_null(strstr(text_of("refused"), "1 tokens hold it"));
    assert_int_equal(review(&administrator, &id, policy("deny", "\"db-table-select\"", "\"drn:astra:org:__ORG_ID__\"")), 200);
    assert_non_null(strstr(text_of("refused"), "has no effect"));
}

static void what_the_ceiling_refuses_is_foretold(void **state)
{
    const struct uuid id = world_id(0x01, 52);
    (void)state;
    world_role(&world, id, EFFECT_ALLOW, "org-role-read org-role-write", "@");
    const struct token_new t = token_with(id);
    const char *draft = policy("allow", "\"db-cql\"", "\"drn:astra:org:__ORG_ID__:db:*\"");
    assert_int_equal(review(&t, NULL, draft), 200);
    assert_non_null(strstr(text_of("refused"), "missing db-cql on drn:astra:org:"));
    char body[4096];
    char foretold[512];
    (void)snprintf(foretold, sizeof foretold, "%s", text_of("refused"));
    (void)snprintf(body, sizeof body, "{\"name\":\"n\",\"policy\":%s}", draft);
    assert_int_equal(ask(&t, "POST", "/v2/organizations/roles", body), 403);
    assert_says(foretold);
    world_role(&world, id, EFFECT_ALLOW, "org-role-read", "@");
    assert_int_equal(review(&t, NULL, draft), 200);
    assert_non_null(strstr(text_of("refused"), "missing org-role-write on"));
    world_role(&world, id, EFFECT_ALLOW, "org-read", "@");
    assert_int_equal(review(&t, NULL, draft), 403);
}

static void holders_are_counted_and_named_to_who_may_read_them(void **state)
{
    const struct uuid id = world_id(0x01, 53);
    const struct uuid reader = world_id(0x01, 54);
    char body[512];
    (void)state;
    world_role(&world, id, EFFECT_ALLOW, "org-read", "@");
    world_role(&world, reader, EFFECT_ALLOW, "org-role-read", "@");
    const struct token_new poor = token_with(reader);
    (void)snprintf(body, sizeof body, "{\"roles\":[\"%s\"],\"description\":\"the orders service\"}", id_text(id));
    assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 200);
    const struct token_new t = made_token();
    (void)snprintf(body, sizeof body,
                   "{\"roles\":[\"%s\"],\"tokenExpiry\":\"2126-01-01T00:00:00Z\"}", id_text(id));
    assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 200);
    const struct uuid ann = world_person(&world, 30, "ann30@example.org");
    world_member(&world, ann, WORLD_ORG, false, &id, 1, false);
    assert_int_equal(review(&administrator, &id, NULL), 200);
    assert_int_equal(json_integer_value(json_object_get(json, "tokens")), 2);
    assert_int_equal(json_integer_value(json_object_get(json, "members")), 1);
    assert_non_null(strstr(answer, "the orders service"));
    (void)snprintf(body, sizeof body, "%.24s", t.client_id);
    assert_non_null(strstr(answer, body));
    assert_int_equal(review(&poor, &id, NULL), 200);
    assert_int_equal(json_integer_value(json_object_get(json, "tokens")), 2);
    assert_int_equal(json_array_size(json_object_get(json, "clientIds")), 0);
    assert_null(strstr(answer, "the orders service"));
    assert_string_equal(side("lost"), "organization..:org-read");
    const int64_t was = now_ms;
    now_ms = INT64_C(4922899200000); /* in 2126, after the second one's end */
    assert_int_equal(review(&administrator, &id, NULL), 200);
    now_ms = was;
    assert_int_equal(json_integer_value(json_object_get(json, "tokens")), 1);
}

/* --- the map --- */

static size_t count_of(const char *key)
{
    return json_array_size(json_object_get(json, key));
}

/* The group with this role alone; its place. */
static const json_t *group_with(struct uuid role, size_t *place)
{
    const json_t *groups = json_object_get(json, "groups");
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *roles = json_object_get(json_array_get(groups, i), "roles");
        if (json_array_size(roles) != 1 || strcmp(in(json_array_get(roles, 0), "id"), id_text(role)) != 0) continue;
        *place = i;
        return json_array_get(groups, i);
    }
    return NULL;
}

static const json_t *reach_of(size_t group, const char *level, const char *name, const char *database)
{
    const json_t *reach = json_object_get(json, "reach");
    for (size_t i = 0; i < json_array_size(reach); i++) {
        const json_t *r = json_array_get(reach, i);
        if (json_integer_value(json_object_get(r, "group")) != (json_int_t)group) continue;
        if (strcmp(in(r, "level"), level) != 0 || strcmp(in(r, "databaseName"), database) != 0) continue;
        if (!*name || strcmp(in(r, level), name) == 0) return r;
    }
    return NULL;
}

static bool says(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

static void the_map_goes_by_roles(void **state)
{
    const struct uuid writer = world_id(0x01, 60);
    const struct uuid reader = world_id(0x01, 61);
    char body[512];
    size_t g = 0;
    (void)state;
    world_role(&world, writer, EFFECT_ALLOW, "db-cql db-table-modify", "@:db:* @:db:*:keyspace:shop:table:orders");
    world_role(&world, reader, EFFECT_ALLOW, "db-table-select", "@:db:0d010000-0000-4000-8000-000000000d01:keyspace:shop:table:*");
    for (int i = 0; i < 2; i++) {
        (void)snprintf(body, sizeof body, "{\"roles\":[\"%s\"],\"description\":\"writer %d\"}", id_text(writer), i);
        assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 200);
    }
    (void)snprintf(body, sizeof body, "{\"roles\":[\"%s\"],\"tokenExpiry\":\"2126-01-01T00:00:00Z\"}", id_text(writer));
    assert_int_equal(ask(&administrator, "POST", "/v2/tokens", body), 200);
    const struct uuid ann = world_person(&world, 31, "ann31@example.org");
    world_member(&world, ann, WORLD_ORG, false, &reader, 1, false);
    const struct uuid bob = world_person(&world, 32, "bob32@example.org");
    world_member(&world, bob, WORLD_ORG, false, &reader, 1, true);
    assert_int_equal(ask(&administrator, "GET", "/v2/access-map", NULL), 200);
    const json_t *one = group_with(writer, &g);
    assert_int_equal(json_integer_value(json_object_get(one, "tokens")), 3);
    assert_int_equal(json_array_size(json_object_get(one, "clients")), 3);
    assert_non_null(strstr(answer, "writer 1"));
    const json_t *orders = reach_of(g, "table", "orders", "shop");
    assert_true(says(orders, "writes") && !says(orders, "reads") && lists(orders, "actions", "db-table-modify"));
    assert_null(reach_of(g, "table", "customers", "shop"));
    const json_t *shop = reach_of(g, "database", "", "shop");
    assert_true(says(shop, "writes") && !says(shop, "reads") && lists(shop, "actions", "db-cql"));
    assert_true(says(reach_of(g, "keyspace", "shop", "shop"), "writes"));
    one = group_with(reader, &g);
    assert_int_equal(json_integer_value(json_object_get(one, "tokens")), 0);
    assert_int_equal(json_integer_value(json_object_get(one, "members")), 1);
    assert_string_equal(in(json_array_get(json_object_get(one, "people"), 0), "email"), "ann31@example.org");
    assert_true(says(reach_of(g, "table", "customers", "shop"), "reads"));
    assert_null(reach_of(g, "table", "customers", "hidden"));
    const int64_t was = now_ms;
    now_ms = INT64_C(4922899200000);
    assert_int_equal(ask(&administrator, "GET", "/v2/access-map", NULL), 200);
    now_ms = was;
    assert_int_equal(json_integer_value(json_object_get(group_with(writer, &g), "tokens")), 2);
}

static void who_can_write_orders(void **state)
{
    const struct uuid writer = world_id(0x01, 60);
    const struct uuid reader = world_id(0x01, 61);
    size_t g = 0;
    (void)state;
    const char *orders = "drn:astra:org:__ORG_ID__:db:0d010000-0000-4000-8000-000000000d01:keyspace:shop:table:orders";
    assert_int_equal(ask(&administrator, "GET", format("/v2/access-map?action=db-table-modify&resource=%s", orders), NULL), 200);
    assert_non_null(group_with(writer, &g));
    assert_null(group_with(reader, &g));
    assert_int_equal(count_of("groups"), count_of("reach"));
    assert_int_equal(ask(&administrator, "GET", format("/v2/access-map?action=db-table-select&resource=%s", orders), NULL), 200);
    assert_non_null(group_with(reader, &g));
    assert_null(group_with(writer, &g));
    assert_int_equal(ask(&administrator, "GET", format("/v2/access-map?databaseId=%s", id_text(HIDDEN)), NULL), 200);
    assert_non_null(group_with(writer, &g));
    assert_null(group_with(reader, &g));
    assert_null(strstr(answer, "\"databaseName\":\"shop\""));
    assert_int_equal(ask(&administrator, "GET", "/v2/access-map?action=db-cql", NULL), 200);
    assert_null(group_with(reader, &g));
    static const char *const wrong[] = {"action=x", "resource=x", "databaseId=x", "action=", "resource=", "databaseId=",
                                        "resource"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(ask(&administrator, "GET", format("/v2/access-map?%s", wrong[i]), NULL), 400);
    }
    assert_int_equal(ask(&administrator, "GET", format("/v2/access-map?databaseId=%s", id_text(WORLD_OTHER_DB)), NULL), 404);
}

static void the_map_shows_what_the_caller_may_see(void **state)
{
    const struct uuid id = world_id(0x01, 62);
    char lines[256];
    (void)state;
    world_role(&world, id, EFFECT_ALLOW, "org-token-read", "@");
    const struct token_new t = token_with(id);
    assert_int_equal(ask(&t, "GET", "/v2/access-map", NULL), 403);
    (void)snprintf(lines, sizeof lines, "@ @:db:%s", id_text(HIDDEN));
    world_role(&world, id, EFFECT_ALLOW, "org-token-read org-role-read org-db-view", lines);
    assert_int_equal(ask(&t, "GET", "/v2/access-map", NULL), 200);
    assert_null(strstr(answer, "\"databaseName\":\"shop\""));
    assert_non_null(strstr(answer, "\"databaseName\":\"hidden\""));
    assert_null(strstr(answer, "@example.org"));
    assert_non_null(strstr(answer, "\"members\":1"));
    assert_int_equal(ask(&t, "GET", format("/v2/access-map?databaseId=%s", id_text(WORLD_DB)), NULL), 404);
    assert_int_equal(ask(&enterprise, "GET", "/v2/access-map", NULL), 200);
    assert_int_equal(count_of("reach"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anybody_sees_what_they_may_themselves),
        cmocka_unit_test(rows_are_those_of_visible_databases),
        cmocka_unit_test(drafts_and_roles_count_together),
        cmocka_unit_test(a_token_of_elsewhere_is_absent),
        cmocka_unit_test(a_review_names_what_comes_and_goes),
        cmocka_unit_test(a_deny_that_goes_is_a_gain),
        cmocka_unit_test(what_the_ceiling_refuses_is_foretold),
        cmocka_unit_test(holders_are_counted_and_named_to_who_may_read_them),
        cmocka_unit_test(the_map_goes_by_roles),
        cmocka_unit_test(who_can_write_orders),
        cmocka_unit_test(the_map_shows_what_the_caller_may_see),
    };
    return cmocka_run_group_tests(tests, begin, close_all);
}
