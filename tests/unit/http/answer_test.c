/* What answers carry: fields of safety, CORS, versions, pages, pieces; and who may ask for them. */
#include "door_world.h"

#include "base/secret.h"
#include "http/etag.h"
#include "http/page.h"

static err run_get(struct http_request *rq)
{
    wr_text(http_json(rq, 200), "\"here\"");
    return DONE;
}

static err run_versioned(struct http_request *rq)
{
    wr_text(http_json(rq, 200), "\"version 7\"");
    etag_set(rq, BYTES("v7"));
    return DONE;
}

static err run_change(struct http_request *rq)
{
    TRY(etag_check(rq, BYTES("v7")));
    http_empty(rq, 204);
    etag_set(rq, BYTES("v8"));
    return DONE;
}

static err run_create(struct http_request *rq)
{
    TRY(etag_check(rq, (bytes){0}));
    http_empty(rq, 204);
    return DONE;
}

static err run_cached(struct http_request *rq)
{
    wr_text(http_text(rq, 200, "text/css"), "a{}");
    http_add_header(rq, "Cache-Control", "max-age=60");
    return DONE;
}

static err run_page(struct http_request *rq)
{
    const struct page p = page_read(rq, 100);
    wr_text(http_json(rq, 200), "[]");
    page_link(rq, &p, BYTES("a b&c>"));
    return DONE;
}

static err run_peer(struct http_request *rq)
{
    wr_format(http_json(rq, 200), "peer %s.", rq->call.peer);
    return DONE;
}

struct counting {
    struct http_stream stream;
    unsigned left;
    unsigned made;
    bool breaks;
};

static size_t pieces_in_memory_max;

static err next_numbers(struct http_stream *s, struct http_request *rq, struct wr *w)
{
    struct counting *c = LOOP_OF(s, struct counting, stream);
    assert_int_equal(w->n, 0);
    assert_string_equal(rq->call.who.name, "good");
    if (c->breaks && c->made == 3) return FAIL(IO);
    while (c->left && w->n < 60000) {
        wr_format(w, "%u,", c->left--);
    }
    if (w->size > pieces_in_memory_max) pieces_in_memory_max = w->size;
    c->made++;
    return DONE;
}

static err run_numbers(struct http_request *rq)
{
    struct counting *c = arena_take(&rq->call.arena, sizeof *c);
    c->stream.next = next_numbers;
    c->left = 200000;
    c->breaks = http_argument(rq, "break").n > 0;
    http_stream(rq, 200, "application/json; charset=UTF-8", &c->stream);
    return DONE;
}

static const struct http_route rows[] = {
    {HTTP_GET, "/open", HTTP_ANYBODY, "", run_get, ""},
    {HTTP_GET, "/peer", HTTP_ANYBODY, "", run_peer, ""},
    {HTTP_GET, "/versioned", HTTP_ANYBODY, "", run_versioned, ""},
    {HTTP_PUT, "/versioned", HTTP_ANYBODY, "", run_change, ""},
    {HTTP_PUT, "/absent", HTTP_ANYBODY, "", run_create, ""},
    {HTTP_GET, "/cached", HTTP_ANYBODY, "", run_cached, ""},
    {HTTP_GET, "/page", HTTP_ANYBODY, "", run_page, ""},
    {HTTP_GET, "/numbers", HTTP_CALLER, "", run_numbers, ""},
    {HTTP_GET, "/caller", HTTP_CALLER, "", run_get, ""},
    {HTTP_GET, "/basic", HTTP_CALLER_BASIC, "", run_get, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static char *with(const char *line, const char *fields)
{
    char words[2000];
    snprintf(words, sizeof words, "%s HTTP/1.1\r\nHost: x\r\n%s\r\n", line, fields);
    return ask(words);
}

static void every_answer_carries_the_fields_of_safety(void **state)
{
    static const char *const asked[] = {"GET /open", "GET /nowhere", "DELETE /open", "OPTIONS /open",
                                        "GET /caller", "PUT /versioned", "HEAD /open", "GET /%zz"};
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        char *got = with(asked[i], "");
        assert_has(got, "X-Content-Type-Options: nosniff\r\n");
        assert_has(got, "Referrer-Policy: no-referrer\r\n");
        assert_has(got, "Cache-Control: no-store\r\n");
        assert_has(got, "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
        assert_has(got, "X-Request-Id: ");
        assert_lacks(got, "Strict-Transport-Security");
        assert_lacks(got, "Access-Control-");
    }
    char *got = with("GET /cached", "");
    assert_has(got, "Cache-Control: max-age=60\r\n");
    assert_lacks(got, "no-store");
}

static void a_request_id_is_taken_when_it_is_harmless(void **state)
{
    char id[100];
    (void)state;
    assert_has(with("GET /open", "X-Request-Id: a-Z.9_\r\n"), "X-Request-Id: a-Z.9_\r\n");
    assert_lacks(with("GET /open", "X-Request-Id: a/b\r\n"), "a/b");
    snprintf(id, sizeof id, "X-Request-Id: %064d\r\n", 7);
    assert_has(with("GET /open", id), id);
    snprintf(id, sizeof id, "X-Request-Id: %065d\r\n", 7);
    assert_lacks(with("GET /open", id), "00000000000000000000000000000000000000007");
}

static void a_version_that_is_known_is_not_sent_again(void **state)
{
    static const char *const known[] = {"\"v7\"", "\"v1\", \"v7\"", "W/\"v7\"", "*"};
    static const char *const other[] = {"\"v8\"", "v7", "\"v7", "\"\"", "\"v77\""};
    char field[100];
    (void)state;
    assert_has(with("GET /versioned", ""), "ETag: \"v7\"\r\n");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        snprintf(field, sizeof field, "If-None-Match: %s\r\n", known[i]);
        char *got = with("GET /versioned", field);
        assert_status(got, 304);
        assert_has(got, "ETag: \"v7\"\r\n");
        assert_lacks(got, "version 7");
        assert_status(with("HEAD /versioned", field), 304);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        snprintf(field, sizeof field, "If-None-Match: %s\r\n", other[i]);
        assert_status(with("GET /versioned", field), 200);
    }
}

static void a_change_of_another_version_is_412(void **state)
{
    (void)state;
    assert_status(with("PUT /versioned", ""), 204);
    assert_has(with("PUT /versioned", "If-Match: \"v7\"\r\n"), "ETag: \"v8\"\r\n");
    assert_status(with("PUT /versioned", "If-Match: \"v6\", \"v7\"\r\n"), 204);
    assert_status(with("PUT /versioned", "If-Match: *\r\n"), 204);
    char *got = with("PUT /versioned", "If-Match: \"v6\"\r\n");
    assert_status(got, 412);
    assert_has(got, "\"ID\":350412");
    assert_status(with("PUT /versioned", "If-Match: W/\"v7\"\r\n"), 412);
    assert_status(with("PUT /versioned", "If-Match: v7\r\n"), 412);
    assert_status(with("PUT /absent", "If-Match: *\r\n"), 412);
    assert_status(with("PUT /absent", ""), 204);
}

static void the_next_page_is_linked_only_where_a_limit_was_given(void **state)
{
    (void)state;
    assert_lacks(with("GET /page", ""), "Link:");
    assert_lacks(with("GET /page?limit=x", ""), "Link:");
    assert_has(with("GET /page?limit=7&include=a%20%3Eb&starting_after=q", ""),
               "Link: </page?limit=7&starting_after=a%20b%26c%3E&include=a%20%3Eb>; rel=\"next\"\r\n");
    assert_has(with("GET /page?limit=700", ""), "limit=100&");
}

static void a_long_answer_is_made_in_pieces(void **state)
{
    (void)state;
    char *got = with("GET /numbers", "Authorization: Bearer good\r\nConnection: close\r\n");
    assert_status(got, 200);
    assert_has(got, "Transfer-Encoding: chunked");
    assert_has(got, "200000,199999,");
    assert_has(got, ",2,1,");
    assert_has(got, "\r\n0\r\n\r\n");
    assert_true(pieces_in_memory_max <= HTTP_PIECE_MAX);
    got = with("HEAD /numbers", "Authorization: Bearer good\r\n");
    assert_status(got, 200);
    assert_lacks(got, "200000,");
    assert_string_equal(strstr(got, "\r\n\r\n"), "\r\n\r\n");
    got = ask("GET /numbers HTTP/1.0\r\nAuthorization: Bearer good\r\n\r\n");
    assert_has(got, ",2,1,");
    assert_lacks(got, "chunked");
    assert_int_equal(http_door_busy(door), 0);
}

static void a_long_answer_that_breaks_is_cut_and_not_ended(void **state)
{
    (void)state;
    char *got = with("GET /numbers?break=1", "Authorization: Bearer good\r\n");
    assert_status(got, 200);
    assert_lacks(got, "\r\n0\r\n\r\n");
    assert_lacks(got, ",2,1,");
}

static void a_reader_that_leaves_in_the_middle_leaves_nothing(void **state)
{
    (void)state;
    const int fd = dial_door();
    say(fd, "GET /numbers HTTP/1.1\r\n" GOOD "\r\n");
    (void)collect(fd, "200000,");
    close(fd);
    for (int i = 0; i < 1000 && http_door_busy(door); i++) (void)loop_turn(loop, 0);
    assert_int_equal(http_door_busy(door), 0);
}

static void a_reader_that_takes_nothing_is_not_waited_for(void **state)
{
    const int small = 4096;
    (void)state;
    const int fd = dial_door();
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    for (int i = 0; i < 20; i++) say(fd, "GET /numbers HTTP/1.1\r\n" GOOD "\r\n");
    for (int i = 0; i < 100; i++) (void)loop_turn(loop, 0);
    assert_int_equal(http_door_busy(door), 1);
    later_ms += HTTP_DOOR_STILL_MS + 1000;
    for (int i = 0; i < 10; i++) (void)loop_turn(loop, 0);
    assert_int_equal(http_door_busy(door), 0);
    close(fd);
}

static void basic_is_taken_where_the_row_says_so(void **state)
{
    (void)state;
    assert_status(with("GET /basic", "Authorization: Basic aWQ6Z29vZA==\r\n"), 200);
    assert_status(with("GET /basic", "Authorization: bAsIc aWQ6Z29vZA==\r\n"), 200);
    assert_status(with("GET /basic", "Authorization: Bearer good\r\n"), 200);
    assert_status(with("GET /caller", "Authorization: Basic aWQ6Z29vZA==\r\n"), 401);
    static const char *const wrong[] = {"Basic", "Basic ", "Basic aWQ6Z29vZA=", "Basic !!!!", "Basic aWQ=",
                                        "Basic OmFi", "Basic aWQ6YmFk", "Basicx aWQ6Z29vZA=="};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char field[100];
        snprintf(field, sizeof field, "Authorization: %s\r\n", wrong[i]);
        char *got = with("GET /basic", field);
        assert_status(got, 401);
        assert_has(got, "WWW-Authenticate: Bearer");
    }
}

static void whoever_presents_a_token_is_that_one_whatever_the_cookie(void **state)
{
    (void)state;
    assert_status(with("GET /caller", "Cookie: session=good\r\nAuthorization: Bearer bad\r\n"), 401);
    assert_status(with("GET /caller", "Cookie: session=bad\r\nAuthorization: Bearer good\r\n"), 200);
}

/* --- doors with settings of their own --- */

static void pages_of_named_origins_may_ask_and_no_others(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 10,
                                        .origins = {BYTES("https://a.test")}, .origins_n = 1};
    (void)state;
    world_open_other(&o);
    char *got = with("GET /open", "Origin: https://a.test\r\n");
    assert_has(got, "Access-Control-Allow-Origin: https://a.test\r\n");
    assert_has(got, "Vary: Origin\r\n");
    assert_has(got, "Access-Control-Expose-Headers: ");
    assert_lacks(got, "Access-Control-Allow-Credentials");
    assert_has(with("GET /nowhere", "Origin: https://a.test\r\n"), "Access-Control-Allow-Origin: ");
    static const char *const others[] = {"https://b.test", "http://a.test", "https://a.test:8443", "null",
                                         "https://a.test.evil.test"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char field[100];
        snprintf(field, sizeof field, "Origin: %s\r\n", others[i]);
        got = with("GET /open", field);
        assert_status(got, 200);
        assert_lacks(got, "Access-Control-");
        assert_has(got, "Vary: Origin\r\n");
    }
    got = with("OPTIONS /versioned", "Origin: https://a.test\r\nAccess-Control-Request-Method: PUT\r\n"
                                     "Access-Control-Request-Headers: authorization\r\n");
    assert_status(got, 204);
    assert_has(got, "Access-Control-Allow-Methods: GET, HEAD, PUT, OPTIONS\r\n");
    assert_has(got, "Access-Control-Allow-Headers: Authorization, ");
    assert_has(got, "Access-Control-Max-Age: ");
    got = with("OPTIONS /versioned", "Origin: https://b.test\r\nAccess-Control-Request-Method: PUT\r\n");
    assert_has(got, "Allow: GET, HEAD, PUT, OPTIONS\r\n");
    assert_lacks(got, "Access-Control-");
    world_close_other();
}

static void a_star_lets_every_page_ask(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 10,
                                        .origins = {BYTES("*")}, .origins_n = 1};
    (void)state;
    world_open_other(&o);
    char *got = with("GET /open", "Origin: https://b.test\r\n");
    assert_has(got, "Access-Control-Allow-Origin: *\r\n");
    assert_lacks(got, "Credentials");
    world_close_other();
}

static void what_a_proxy_says_of_the_protocol_is_not_believed(void **state)
{
    struct http_door_options o = {.routes = &routes, .connections_max = 10, .proxies_n = 1};
    (void)state;
    assert_ok(address_read_cidr(BYTES("127.0.0.0/8"), &o.proxies[0]));
    world_open_other(&o);
    char *got = with("GET /peer", "X-Forwarded-Proto: https\r\nX-Forwarded-For: [2001:db8::9]:443\r\n");
    assert_has(got, "peer 2001:db8::9.");
    assert_lacks(got, "Strict-Transport-Security");
    static char many[40000] = "GET /peer HTTP/1.1\r\nHost: x\r\n";
    size_t n = strlen(many);
    while (n < 12000) n += (size_t)snprintf(many + n, sizeof many - n, "X-Forwarded-For: 127.0.0.2\r\n");
    snprintf(many + n, sizeof many - n, "X-Forwarded-For: 192.0.2.1,\r\n\r\n");
    assert_status(ask(many), 200);
    world_close_other();
}

static int open_all(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 100};
    (void)state;
    world_open(&o);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_carries_the_fields_of_safety),
        cmocka_unit_test(a_request_id_is_taken_when_it_is_harmless),
        cmocka_unit_test(a_version_that_is_known_is_not_sent_again),
        cmocka_unit_test(a_change_of_another_version_is_412),
        cmocka_unit_test(the_next_page_is_linked_only_where_a_limit_was_given),
        cmocka_unit_test(a_long_answer_is_made_in_pieces),
        cmocka_unit_test(a_long_answer_that_breaks_is_cut_and_not_ended),
        cmocka_unit_test(a_reader_that_leaves_in_the_middle_leaves_nothing),
        cmocka_unit_test(a_reader_that_takes_nothing_is_not_waited_for),
        cmocka_unit_test(basic_is_taken_where_the_row_says_so),
        cmocka_unit_test(whoever_presents_a_token_is_that_one_whatever_the_cookie),
        cmocka_unit_test(pages_of_named_origins_may_ask_and_no_others),
        cmocka_unit_test(a_star_lets_every_page_ask),
        cmocka_unit_test(what_a_proxy_says_of_the_protocol_is_not_believed),
    };
    return cmocka_run_group_tests(tests, open_all, world_close_all);
}
