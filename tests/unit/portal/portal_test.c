/* Files of the Portal as a door gives them: codings, versions, fields, the set of pages. */
#include "../http/door_world.h"

#include "portal/portal.h"

#include <urcu/urcu-memb.h>

static const struct portal_file rows[] = {
    {"/assets/index-B1x2y3z4.js",
     "text/javascript",
     true,
     {[CODING_BR] = {"js br", 5, "1-br"},
      [CODING_GZIP] = {"js gz", 5, "1-gzip"},
      [CODING_IDENTITY] = {"js as it is", 11, "1-identity"}}},
    {"/favicon.svg", "image/svg+xml", false, {[CODING_IDENTITY] = {"a\0b", 3, "2-identity"}}},
    {"/index.html",
     "text/html",
     false,
     {[CODING_BR] = {"html br", 7, "3-br"}, [CODING_IDENTITY] = {"the page", 8, "3-identity"}}},
};
static const struct portal_files files = {rows, 3};
static const struct portal_files none = {NULL, 0};

static err run_api(struct http_request *rq)
{
    wr_text(http_json(rq, 200), "\"api\"");
    return DONE;
}

static const struct http_route api_rows[] = {{HTTP_GET, "/v2/x", HTTP_ANYBODY, "", run_api, ""}};
static const struct http_routes api = {api_rows, 1};
static bool outside;

/* Lists are lent within a read section only: another thread replaces them. */
err gate_check_any_list(const struct gate *g, struct call *call)
{
    assert_true(urcu_memb_read_ongoing());
    (void)g;
    (void)call;
    return outside ? FAIL(OUTSIDE) : DONE;
}

static char *with(const char *line, const char *fields)
{
    char words[2000];
    snprintf(words, sizeof words, "%s HTTP/1.1\r\nHost: x\r\n%s\r\n", line, fields);
    return ask(words);
}

static void a_file_goes_out_in_the_coding_that_is_liked(void **state)
{
    (void)state;
    char *got = with("GET /assets/index-B1x2y3z4.js", "Accept-Encoding: gzip, br\r\n");
    assert_status(got, 200);
    assert_has(got, "Content-Encoding: br\r\n");
    assert_has(got, "ETag: \"1-br\"\r\n");
    assert_has(got, "Content-Type: text/javascript\r\n");
    assert_has(got, "\r\n\r\njs br");
    got = with("GET /assets/index-B1x2y3z4.js", "Accept-Encoding: gzip\r\n");
    assert_has(got, "Content-Encoding: gzip\r\n");
    assert_has(got, "ETag: \"1-gzip\"\r\n");
    got = with("GET /assets/index-B1x2y3z4.js", "");
    assert_lacks(got, "Content-Encoding");
    assert_has(got, "ETag: \"1-identity\"\r\n");
    assert_has(got, "\r\n\r\njs as it is");
    got = with("HEAD /assets/index-B1x2y3z4.js", "Accept-Encoding: br\r\n");
    assert_has(got, "Content-Length: 5\r\n");
    assert_lacks(got, "js br");
    got = with("GET /favicon.svg", "Accept-Encoding: br\r\n");
    assert_lacks(got, "Content-Encoding");
    assert_has(got, "Content-Length: 3\r\n");
}

static void what_is_kept_how_long(void **state)
{
    (void)state;
    assert_has(with("GET /assets/index-B1x2y3z4.js", ""),
               "Cache-Control: public, max-age=31536000, immutable\r\n");
    assert_has(with("GET /favicon.svg", ""), "Cache-Control: no-cache\r\n");
    assert_has(with("GET /", ""), "Cache-Control: no-store\r\n");
    assert_has(with("GET /index.html", ""), "Cache-Control: no-store\r\n");
}

/* A browser takes over the fields of a 304: those of safety must not become others. */
static void a_known_version_is_304_with_the_same_fields(void **state)
{
    (void)state;
    char *got = with("GET /assets/index-B1x2y3z4.js",
                     "Accept-Encoding: br\r\nIf-None-Match: \"1-br\"\r\n");
    assert_status(got, 304);
    assert_has(got, "ETag: \"1-br\"\r\n");
    assert_has(got, "script-src 'self'");
    assert_has(got, "Cache-Control: public, max-age=31536000, immutable\r\n");
    assert_has(got, "Vary: Accept-Encoding\r\n");
    assert_lacks(got, "default-src 'none'; frame-ancestors 'none'\r\n");
    /* Another coding is another version. */
    assert_status(with("GET /assets/index-B1x2y3z4.js", "If-None-Match: \"1-br\"\r\n"), 200);
}

static void every_file_carries_the_fields_of_safety(void **state)
{
    static const char *const paths[] = {"GET /", "GET /tokens", "GET /favicon.svg",
                                        "GET /assets/index-B1x2y3z4.js"};
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *got = with(paths[i], "");
        assert_has(got, "Content-Security-Policy: default-src 'none'; script-src 'self'; ");
        assert_has(got, "frame-ancestors 'none'");
        assert_has(got, "require-trusted-types-for 'script'");
        assert_lacks(got, "unsafe");
        assert_has(got, "X-Content-Type-Options: nosniff\r\n");
        assert_has(got, "Referrer-Policy: no-referrer\r\n");
        assert_has(got, "Permissions-Policy: ");
        assert_has(got, "Cross-Origin-Opener-Policy: same-origin\r\n");
        assert_has(got, "Cross-Origin-Resource-Policy: same-origin\r\n");
        assert_has(got, "Vary: Accept-Encoding\r\n");
    }
}

static void pages_are_the_set_and_nothing_else(void **state)
{
    static const char *const others[] = {
        "GET /nowhere",     "GET /v2",           "GET /v2/tokens",        "GET /signin",
        "GET /assets",      "GET /assets/",      "GET /assets/index.js",  "GET /TOKENS",
        "GET /x/tokens",    "GET /index.html/",  "GET /assets%2Findex-B1x2y3z4.js",
        "GET /assets/../index.html", "GET /assets/..%2Findex.html", "GET //tokens",
        "GET /assets/index-B1x2y3z4.js/..", "GET /.git/config", "POST /nowhere", "GET /livez"};
    char line[100];
    (void)state;
#define PAGE_ALONE(path)
#define PAGE_BELOW(path)                                                                           \
    assert_has(with("GET " path "/a/b%2f..?c=d", ""), "\r\n\r\nthe page");                         \
    assert_has(with("GET " path "/", ""), "\r\n\r\nthe page");
#define PAGE(path, what)                                                                           \
    assert_has(with("GET " path, ""), "\r\n\r\nthe page");                                         \
    PAGE_##what(path) snprintf(line, sizeof line, "POST %s", path);                                \
    assert_status(with(line, "Content-Length: 0\r\n"), 405);
#include "portal/page.def"
#undef PAGE
#undef PAGE_ALONE
#undef PAGE_BELOW
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char *got = with(others[i], "Content-Length: 0\r\n");
        assert_status(got, 404);
        assert_has(got, "{\"errors\":[");
    }
    assert_has(with("GET /v2/x", ""), "\"api\"");
    char *got = with("DELETE /favicon.svg", "");
    assert_status(got, 405);
    assert_has(got, "Allow: GET, HEAD, OPTIONS\r\n");
}

#define BROWSER "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"

/* Whoever goes somewhere by a browser sees the Portal's own page; programs, and the API always, get JSON. */
static void a_browser_that_is_lost_gets_a_page(void **state)
{
    static const char *const json[] = {"Accept: application/json\r\n", "Accept: */*\r\n", "",
                                       "Accept: text/htmlx\r\n", "Accept: application/json, text/plain\r\n"};
    (void)state;
    char *got = with("GET /nope", BROWSER "Accept-Encoding: br\r\nIf-None-Match: \"3-br\"\r\n");
    assert_status(got, 404);
    assert_has(got, "\r\n\r\nhtml br");
    assert_has(got, "Content-Type: text/html\r\n");
    assert_has(got, "Content-Security-Policy: default-src 'none'; script-src 'self'; ");
    assert_has(got, "Cache-Control: no-store\r\n");
    assert_lacks(got, "ETag");
    assert_has(with("GET /nope/deeper", "Accept: application/json, Text/HTML ;q=0.5\r\n"), "\r\n\r\nthe page");
    got = with("HEAD /nope", BROWSER);
    assert_status(got, 404);
    assert_has(got, "Content-Length: 8\r\n");
    for (size_t i = 0; i < sizeof json / sizeof *json; i++) {
        got = with("GET /nope", json[i]);
        assert_status(got, 404);
        assert_has(got, "{\"errors\":[");
    }
    assert_has(with("GET /v2/nope", BROWSER), "{\"errors\":[");
    assert_has(with("GET /v2", BROWSER), "{\"errors\":[");
    assert_has(with("POST /nope", BROWSER "Content-Length: 0\r\n"), "{\"errors\":[");
    outside = true;
    got = with("GET /nope", BROWSER);
    assert_status(got, 403);
    assert_lacks(got, "the page");
    outside = false;
}

static void outside_of_every_list_there_is_no_file(void **state)
{
    (void)state;
    outside = true;
    assert_status(with("GET /", ""), 403);
    assert_status(with("GET /favicon.svg", ""), 403);
    assert_lacks(with("GET /tokens/1", ""), "the page");
    outside = false;
}

static void open_with(const struct portal_files *f, struct http_routes *routes)
{
    assert_ok(portal_routes(f, &api, routes));
    const struct http_door_options o = {
        .routes = routes, .elsewhere = portal_elsewhere, .connections_max = 10};
    world_open(&o);
}

static void a_build_without_it_says_so(void **state)
{
    struct http_routes routes;
    (void)state;
    open_with(&none, &routes);
    assert_has(with("GET /", ""), "-Dportal=enabled");
    assert_status(with("GET /tokens", ""), 404);
    assert_has(with("GET /tokens", BROWSER), "{\"errors\":[");
    assert_has(with("GET /v2/x", ""), "\"api\"");
    world_close();
    portal_routes_drop(&routes);
}

int main(void)
{
    struct http_routes routes;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_goes_out_in_the_coding_that_is_liked),
        cmocka_unit_test(what_is_kept_how_long),
        cmocka_unit_test(a_known_version_is_304_with_the_same_fields),
        cmocka_unit_test(every_file_carries_the_fields_of_safety),
        cmocka_unit_test(pages_are_the_set_and_nothing_else),
        cmocka_unit_test(a_browser_that_is_lost_gets_a_page),
        cmocka_unit_test(outside_of_every_list_there_is_no_file),
    };
    const struct CMUnitTest other[] = {cmocka_unit_test(a_build_without_it_says_so)};
    open_with(&files, &routes);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    world_close();
    portal_routes_drop(&routes);
    failed += cmocka_run_group_tests(other, NULL, NULL);
    return failed;
}
