/* Routes: patterns, placeholders, and the methods that there are. */
#include "unit.h"

#include "http/route.h"

static const struct http_route rows[] = {
    {HTTP_GET, "/livez", HTTP_ANYBODY, "", NULL, ""},
    {HTTP_GET, "/v2/tokens", HTTP_CALLER, "", NULL, ""},
    {HTTP_POST, "/v2/tokens", HTTP_CALLER, "", NULL, ""},
    {HTTP_DELETE, "/v2/tokens/{clientId}", HTTP_CALLER, "", NULL, ""},
    {HTTP_POST, "/v2/databases/{id}/keyspaces/{keyspace}", HTTP_CALLER, "", NULL, ""},
    {HTTP_GET, "/v2/users/self", HTTP_CALLER, "", NULL, ""},
    {HTTP_DELETE, "/v2/users/{id}", HTTP_CALLER, "", NULL, ""},
    {HTTP_GET, "/v2/users/{id}", HTTP_CALLER, "", NULL, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};
static struct arena arena;
static struct route_table *table;
static struct http_request rq;
static char allow[ROUTE_ALLOW_SIZE];

static err find(enum http_method method, const char *path)
{
    rq.method = method;
    rq.route = NULL;
    assert_ok(target_read(bytes_of_text(path), &arena, &rq.target));
    return route_find(table, &rq, allow);
}

static err find_in(const struct http_route *others, size_t n)
{
    struct route_table *t;
    assert_ok(route_table_new(&(const struct http_routes){others, n}, &t));
    rq.route = NULL;
    const err e = route_find(t, &rq, allow);
    route_table_free(t);
    return e;
}

static void what_is_not_there(void **state)
{
    (void)state;
    assert_err(find(HTTP_GET, "/"), NO_ROUTE);
    assert_err(find(HTTP_GET, "/v2"), NO_ROUTE);
    assert_err(find(HTTP_GET, "/v2/tokens/"), NO_ROUTE);
    assert_err(find(HTTP_DELETE, "/v2/tokens/"), NO_ROUTE);
    assert_err(find(HTTP_DELETE, "/v2/tokens/a/b"), NO_ROUTE);
    assert_err(find(HTTP_GET, "/V2/tokens"), NO_ROUTE);
    assert_err(find(HTTP_GET, "/v2%2Ftokens"), NO_ROUTE);
    assert_err(find(HTTP_GET, "*"), NO_ROUTE);
    assert_err(find(HTTP_PUT, "/v2/tokens"), METHOD_NOT_ALLOWED);
    assert_string_equal(allow, "GET, HEAD, POST, OPTIONS");
    assert_null(rq.route);
}

static void what_is_there(void **state)
{
    (void)state;
    assert_ok(find(HTTP_GET, "/v2/tokens?limit=1"));
    assert_ptr_equal(rq.route, &rows[1]);
    assert_ok(find(HTTP_DELETE, "/v2/tokens/%41bc"));
    assert_bytes(rq.params[0], "Abc");
    assert_ok(find(HTTP_POST, "/v2/databases/1/keyspaces/a%2Fb"));
    assert_bytes(rq.params[0], "1");
    assert_bytes(rq.params[1], "a/b");
    assert_true(route_allowed(table, &(struct target){.any = true}, allow));
    assert_string_equal(allow, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
}

static void a_word_is_itself_and_nobody_s_id(void **state)
{
    (void)state;
    assert_ok(find(HTTP_GET, "/v2/users/self"));
    assert_ptr_equal(rq.route, &rows[5]);
    assert_err(find(HTTP_DELETE, "/v2/users/self"), METHOD_NOT_ALLOWED);
    assert_string_equal(allow, "GET, HEAD, OPTIONS");
    assert_err(find(HTTP_PUT, "/v2/users/other"), METHOD_NOT_ALLOWED);
    assert_string_equal(allow, "GET, HEAD, DELETE, OPTIONS");
}

static void the_root_has_a_row_of_its_own(void **state)
{
    static const struct http_route root[] = {{HTTP_GET, "/", HTTP_ANYBODY, "", NULL, ""}};
    (void)state;
    assert_err(find(HTTP_GET, "/"), NO_ROUTE);
    assert_ok(find_in(root, 1));
    assert_ok(find(HTTP_GET, "/v2/tokens"));
    assert_err(find_in(root, 1), NO_ROUTE);
}

static void a_star_takes_all_that_are_left(void **state)
{
    static const struct http_route below[] = {{HTTP_GET, "/a/{*}", HTTP_ANYBODY, "", NULL, ""},
                                              {HTTP_GET, "/a/b", HTTP_ANYBODY, "", NULL, ""}};
    (void)state;
    assert_err(find(HTTP_GET, "/a"), NO_ROUTE);
    assert_err(find_in(below, 2), NO_ROUTE);
    assert_err(find(HTTP_GET, "/a/"), NO_ROUTE);
    assert_ok(find_in(below, 2));
    assert_err(find(HTTP_GET, "/a/c/d/e"), NO_ROUTE);
    assert_ok(find_in(below, 2));
    assert_ptr_equal(rq.route, &below[0]);
    assert_err(find(HTTP_GET, "/a/b"), NO_ROUTE);
    assert_ok(find_in(below, 2));
    assert_ptr_equal(rq.route, &below[1]);
    assert_err(find(HTTP_POST, "/a/c/d"), NO_ROUTE);
    assert_err(find_in(below, 2), METHOD_NOT_ALLOWED);
}

static void what_takes_every_method_takes_unknown_ones(void **state)
{
    static const struct http_route any[] = {{HTTP_ANY, "/a/{b}", HTTP_ANYBODY, "", NULL, ""},
                                            {HTTP_GET, "/a/b", HTTP_ANYBODY, "", NULL, ""}};
    (void)state;
    assert_err(find(HTTP_ANY, "/a/x"), NO_ROUTE);
    assert_ok(find_in(any, 2));
    assert_bytes(rq.params[0], "x");
    assert_err(find(HTTP_ANY, "/a/b"), NO_ROUTE);
    assert_err(find_in(any, 2), METHOD_NOT_ALLOWED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_not_there),
                                       cmocka_unit_test(what_is_there),
                                       cmocka_unit_test(a_word_is_itself_and_nobody_s_id),
                                       cmocka_unit_test(what_takes_every_method_takes_unknown_ones),
                                       cmocka_unit_test(the_root_has_a_row_of_its_own),
                                       cmocka_unit_test(a_star_takes_all_that_are_left)};
    arena_init(&arena, 1 << 20);
    if (!err_is_ok(route_table_new(&routes, &table))) return 1;
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    route_table_free(table);
    arena_drop(&arena);
    return failed;
}
