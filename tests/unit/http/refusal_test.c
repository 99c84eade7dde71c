/* What is no HTTP, or more of it than we take: every answer is a problem in the usual shape, and the
 * connection ends with it. */
#include "door_world.h"

#include <jansson.h>

static err run_get(struct http_request *rq)
{
    wr_text(http_json(rq, 200), "\"here\"");
    return DONE;
}

static err run_echo(struct http_request *rq)
{
    const struct json_in *o = NULL;
    TRY(body_object_or_nothing(rq, &o));
    wr_text(http_json(rq, 200), "\"echo\"");
    return DONE;
}

static const struct http_route rows[] = {
    {HTTP_GET, "/open", HTTP_ANYBODY, "", run_get, ""},
    {HTTP_POST, "/echo", HTTP_ANYBODY, "", run_echo, ""},
    {HTTP_POST, "/v2/organizations/roles", HTTP_CALLER, "", run_echo, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static void assert_problem(const char *got, const char *status)
{
    assert_memory_equal(got, "HTTP/1.1 ", 9);
    assert_memory_equal(got + 9, status, 3);
    assert_has(got, "\r\nConnection: close\r\n");
    assert_has(got, "\r\nContent-Type: application/json; charset=UTF-8\r\n");
    assert_has(got, "\r\nX-Content-Type-Options: nosniff\r\n");
    assert_has(got, "\r\nCache-Control: no-store\r\n");
    assert_has(got, "\r\nX-Request-Id: ");
    assert_lacks(got, "<html>");
    const char *body = strstr(got, "\r\n\r\n");
    json_t *j = json_loads(body + 4, 0, NULL);
    assert_non_null(j);
    assert_true(json_is_integer(
        json_object_get(json_array_get(json_object_get(j, "errors"), 0), "ID")));
    json_decref(j);
    assert_lacks(got, "}HTTP/1.");
}

static void what_is_no_http_is_a_problem_too(void **state)
{
    static const char *const wrong[] = {
        "GET /open HTTP/1.1\r\n\r\n",
        "GET /open HTTP/3.0\r\nHost: a\r\n\r\n",
        "GET /open HTTP/0.9\r\nHost: a\r\n\r\n",
        "GET /open HTTX/1.1\r\nHost: a\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET /open HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /open HTTP/1.1\nHost: a\n\n",
        "GET /open HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
        "GET  /open HTTP/1.1\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02",
        "GET /open HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" GOOD "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
        "POST /echo HTTP/1.1\r\n" GOOD "Transfer-Encoding: chunked\r\n\r\n1\r\n{ \r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_problem(ask(wrong[i]), "400");
    assert_problem(ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"),
                   "413");
    assert_problem(ask("POST /echo HTTP/1.1\r\n" GOOD "Transfer-Encoding: chunked\r\n\r\n"
                       "fffffffffffffffff\r\n"),
                   "413");
    assert_int_equal(http_door_busy(door), 0);
}

static void framing_that_two_readers_read_differently_is_400(void **state)
{
    static const char *const wrong[] = {
        "GET /open HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 2\r\n\r\n{}",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent Length: 2\r\n\r\n{}",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 2\r\n\r\n{}",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "GET /open HTTP/1.7\r\nHost: a\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_problem(ask(wrong[i]), "400");
}

static char *with_filler(const char *before, size_t n, const char *after)
{
    static char words[400000];
    size_t at = (size_t)snprintf(words, sizeof words, "%s", before);
    memset(words + at, 'x', n);
    snprintf(words + at + n, sizeof words - at - n, "%s", after);
    return ask(words);
}

static void a_header_over_32_KiB_is_431_and_one_just_under_is_read(void **state)
{
    const char *field = "GET /open HTTP/1.1\r\nHost: x\r\nX: ";
    (void)state;
    assert_status(with_filler(field, 32000, "\r\n\r\n"), 200);
    assert_problem(with_filler(field, 33000, "\r\n\r\n"), "431");
    assert_problem(with_filler(field, 60000, "\r\n\r\n"), "431");
    assert_problem(with_filler(field, 300000, "\r\n\r\n"), "431");
    static char many[200000] = "GET /open HTTP/1.1\r\nHost: x\r\n";
    size_t n = strlen(many);
    while (n < 30000) n += (size_t)snprintf(many + n, sizeof many - n, "a:b\r\n");
    snprintf(many + n, sizeof many - n, "\r\n");
    assert_problem(ask(many), "431");
}

static void a_target_that_is_too_long_is_414(void **state)
{
    (void)state;
    assert_problem(with_filler("GET /", TARGET_MAX, " HTTP/1.1\r\nHost: x\r\n\r\n"), "414");
    assert_problem(with_filler("GET /", 200000, " HTTP/1.1\r\nHost: x\r\n\r\n"), "414");
}

static void a_request_that_does_not_come_in_time_is_408(void **state)
{
    static const char *const slow[] = {"GET", "GET /open HTTP/1.1\r\nHost:", 
                                       "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"};
    (void)state;
    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
        const int fd = dial_door();
        say(fd, slow[i]);
        assert_problem(collect(fd, NULL), "408");
        close(fd);
    }
}

static void who_leaves_in_the_middle_of_a_request_is_not_waited_for(void **state)
{
    static const char *const begun[] = {"GET /open HTTP/1.1\r\n", "GET /open HTTP/1.1\r\nHost: x\r\nAuthori",
                                        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n",
                                        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{\"a\":"};
    (void)state;
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
        const uint64_t before_ms = later_ms;
        const int fd = dial_door();
        say(fd, begun[i]);
        close(fd);
        for (int turns = 0; turns < 200; turns++) (void)loop_turn(loop, 0);
        assert_int_equal(http_door_busy(door), 0);
        assert_int_equal(later_ms, before_ms);
    }
}

static void the_clock_of_a_second_request_runs_from_its_first_byte(void **state)
{
    (void)state;
    const int fd = dial_door();
    say(fd, "GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_status(collect(fd, "here"), 200);
    later_ms += HTTP_DOOR_READ_MS * 2; /* idle is no fault */
    for (int i = 0; i < 10; i++) (void)loop_turn(loop, 0);
    say(fd, "G");
    for (int i = 0; i < 10; i++) (void)loop_turn(loop, 0);
    later_ms += HTTP_DOOR_READ_MS - 1;
    for (int i = 0; i < 10; i++) (void)loop_turn(loop, 0);
    char nothing[1];
    assert_int_equal(recv(fd, nothing, 1, MSG_DONTWAIT), -1);
    later_ms += 100;
    assert_problem(collect(fd, NULL), "408");
    close(fd);
}

static void an_idle_connection_is_closed_without_a_word(void **state)
{
    (void)state;
    const int fd = dial_door();
    say(fd, "GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_status(collect(fd, "here"), 200);
    later_ms += HTTP_DOOR_KEEP_MS + 1000;
    assert_string_equal(collect(fd, NULL), "");
    close(fd);
}

/* The system takes an answer back from whoever had more to say than was read. */
static void a_refusal_reaches_who_goes_on_talking(void **state)
{
    static char more[200000];
    (void)state;
    memset(more, 'x', sizeof more);
    const int fd = dial_door();
    say(fd, "POST /v2/organizations/roles HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n");
    for (size_t sent = 0; sent < sizeof more;) {
        const ssize_t r = send(fd, more + sent, sizeof more - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        assert_true(r > 0 || errno == EAGAIN);
        if (r > 0) sent += (size_t)r;
        (void)loop_turn(loop, 0);
    }
    assert_problem(collect(fd, "]}"), "401");
    char nothing[1];
    ssize_t last = -1;
    for (int i = 0; i < 100 && last < 0; i++) {
        (void)loop_turn(loop, 0);
        last = recv(fd, nothing, sizeof nothing, MSG_DONTWAIT);
        assert_true(last == 0 || errno == EAGAIN);
    }
    assert_int_equal(last, 0); /* an end, not a reset */
    close(fd);
}

static void an_answer_under_way_is_not_mixed_with_a_refusal(void **state)
{
    (void)state;
    /* Refused for its missing token before its chunks are looked at. */
    char *got = ask("POST /v2/organizations/roles HTTP/1.1\r\nHost: x\r\n"
                    "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n");
    assert_status(got, 401);
    assert_null(strstr(got + 1, "HTTP/1.1"));
    got = ask("GET /open HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE AFTER IT\r\n\r\n");
    assert_status(got, 200);
    assert_has(got, "\"here\"HTTP/1.1 400 ");
}

static void expectations_in_any_case_are_met_or_ignored(void **state)
{
    static const char *const words[] = {"100-continue", "100-CONTINUE", "100-Continue"};
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char head[200];
        const int fd = dial_door();
        snprintf(head, sizeof head,
                 "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: %s\r\nContent-Length: 2\r\n\r\n", words[i]);
        say(fd, head);
        assert_status(collect(fd, "\r\n\r\n"), 100);
        say(fd, "{}");
        assert_status(collect(fd, "echo"), 200);
        close(fd);
    }
    assert_status(ask("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: a-pony\r\nContent-Length: 2\r\n\r\n{}"), 200);
}

static void bodies_that_are_empty_or_null_are_nothing(void **state)
{
    (void)state;
    assert_status(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"), 200);
    assert_status(ask("POST /echo HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    assert_status(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nnull"), 200);
    char *got = ask("HEAD /open HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nnull"
                    "OPTIONS /open HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nnull"
                    "GET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_has(got, "HTTP/1.1 204");
    assert_has(got, "\"here\"");
}

static void a_slash_at_the_end_names_something_else(void **state)
{
    (void)state;
    char *got = ask("GET /open/ HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_status(got, 404);
    assert_has(got, "application/json");
    got = ask("PUT /v2/organizations/roles/ HTTP/1.1\r\n" GOOD "Content-Length: 0\r\n\r\n");
    assert_status(got, 404);
    assert_has(got, "text/plain");
}

static void a_token_in_a_query_is_refused_whatever_its_prefix(void **state)
{
    (void)state;
    assert_problem(ask("GET /open?t=AstraCS:abc HTTP/1.1\r\nHost: x\r\n\r\n"), "400");
    assert_problem(ask("GET /open?AstraCS%3Aabc HTTP/1.1\r\nHost: x\r\n\r\n"), "400");
    assert_problem(ask("GET /open?t=Ours:abc HTTP/1.1\r\nHost: x\r\n\r\n"), "400");
}

#define BAD_JSON "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n{\"a\""
#define BAD_UTF8 "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{\"\xff\":1}"
#define BAD_CHUNKED "POST /echo HTTP/1.1\r\n" GOOD "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n0\r\n\r\n"

/* RFC 9112, section 9.3: a refusal by itself ends nothing. Where the request ends is known, and what was sent
 * behind it is answered. */
static void a_body_that_is_no_json_ends_no_connection(void **state)
{
    static const char *const bad[] = {BAD_JSON, BAD_UTF8, BAD_CHUNKED};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char words[500];
        snprintf(words, sizeof words, "%sGET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", bad[i]);
        char *got = ask(words);
        assert_status(got, 400);
        assert_has(got, "body is not valid JSON");
        assert_has(got, "HTTP/1.1 200");
        assert_has(got, "\"here\"");
    }
}

static int open_all(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 100,
                                        .prefixes = {BYTES("Ours:")}, .prefixes_n = 1};
    (void)state;
    world_open(&o);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_http_is_a_problem_too),
        cmocka_unit_test(framing_that_two_readers_read_differently_is_400),
        cmocka_unit_test(a_header_over_32_KiB_is_431_and_one_just_under_is_read),
        cmocka_unit_test(a_target_that_is_too_long_is_414),
        cmocka_unit_test(a_request_that_does_not_come_in_time_is_408),
        cmocka_unit_test(who_leaves_in_the_middle_of_a_request_is_not_waited_for),
        cmocka_unit_test(the_clock_of_a_second_request_runs_from_its_first_byte),
        cmocka_unit_test(an_idle_connection_is_closed_without_a_word),
        cmocka_unit_test(a_refusal_reaches_who_goes_on_talking),
        cmocka_unit_test(an_answer_under_way_is_not_mixed_with_a_refusal),
        cmocka_unit_test(expectations_in_any_case_are_met_or_ignored),
        cmocka_unit_test(bodies_that_are_empty_or_null_are_nothing),
        cmocka_unit_test(a_slash_at_the_end_names_something_else),
        cmocka_unit_test(a_token_in_a_query_is_refused_whatever_its_prefix),
        cmocka_unit_test(a_body_that_is_no_json_ends_no_connection),
    };
    return cmocka_run_group_tests(tests, open_all, world_close_all);
}
