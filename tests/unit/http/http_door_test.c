/* The door with raw bytes over loopback: framing, bodies, waiting, draining. The gate is played. */
#include "door_world.h"

#include "http/page.h"

#include <time.h>

static struct http_request *waiting;
static struct loop_note later;
static bool held; /* the test answers */

static err run_echo(struct http_request *rq)
{
    const struct json_in *o = NULL;
    bytes name;
    TRY(body_object(rq, &o));
    TRY(body_text(rq, o, &(const struct field){.name = "name", .most = 100}, &name));
    wr_bytes(http_json(rq, 200), name);
    return DONE;
}

static err run_get(struct http_request *rq)
{
    wr_format(http_json(rq, 200), "got %.*s", BYTES_FMT(rq->params[0]));
    return DONE;
}

static err run_delete(struct http_request *rq)
{
    http_empty(rq, 204);
    return DONE;
}

static void answer_later(struct loop *l, struct loop_note *n)
{
    (void)l;
    (void)n;
    wr_text(http_json(waiting, 200), "waited");
    waiting->answer.secret = true;
    http_answer(waiting, DONE);
}

static err run_wait(struct http_request *rq)
{
    http_suspend(rq);
    waiting = rq;
    later.run = answer_later;
    if (!held) loop_post(loop, &later);
    return DONE;
}

static err run_forbidden(struct http_request *rq)
{
    return note_fail(&rq->call.note, FAIL(NOT_ALLOWED), "missing org-role-read on x");
}

static err run_broken(struct http_request *rq)
{
    return note_fail(&rq->call.note, FAIL(IO), "disk on fire");
}

static err run_peer(struct http_request *rq)
{
    wr_format(http_json(rq, 200), "peer %s.", rq->call.peer);
    return DONE;
}

static const struct http_route rows[] = {
    {HTTP_GET, "/peer", HTTP_ANYBODY, "", run_peer, ""},
    {HTTP_GET, "/open", HTTP_ANYBODY, "", run_get, ""},
    {HTTP_GET, "/v2/x/{id}", HTTP_CALLER, "", run_get, ""},
    {HTTP_DELETE, "/v2/x/{id}", HTTP_CALLER, "", run_delete, ""},
    {HTTP_POST, "/v2/echo", HTTP_CALLER, "", run_echo, ""},
    {HTTP_GET, "/v2/wait", HTTP_CALLER, "", run_wait, ""},
    {HTTP_GET, "/v2/broken", HTTP_CALLER, "", run_broken, ""},
    {HTTP_GET, "/v2/organizations/roles", HTTP_CALLER, "", run_forbidden, ""},
    {HTTP_POST, "/v2/organizations/roles", HTTP_CALLER, "", run_forbidden, ""},
    {HTTP_GET, "/v2/databases", HTTP_CALLER, "", run_forbidden, ""},
    {HTTP_GET, "/v2/operator/x", HTTP_OPERATOR, "", run_get, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static void bad_framing_is_400_and_closed(void **state)
{
    static const char *const wrong[] = {
        "GET /open HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /open HTTP/1.1\r\n\r\n",
        "POST /v2/echo HTTP/1.1\r\n" GOOD "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
        "POST /v2/echo HTTP/1.1\r\n" GOOD "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "POST /v2/echo HTTP/1.1\r\n" GOOD "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v2/echo HTTP/1.1\r\n" GOOD "Transfer-Encoding: gzip\r\n\r\nxx",
        "GET /open HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /open?t=AstraCS:abc HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nAuthorization: Bearer good\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *got = ask(wrong[i]);
        assert_memory_equal(got, "HTTP/1.1 400", 12);
        assert_null(strstr(got + 1, "HTTP/1.1"));
    }
}

static void what_looks_like_nothing_is_dropped(void **state)
{
    static const char *const wrong[] = {"\r\n\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02", "x", "",
                                        "GET / HTTP/9.9\r\nHost: x\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *got = ask(wrong[i]);
        assert_true(got[0] == 0 || strncmp(got, "HTTP/1.", 7) == 0);
        assert_true(strncmp(got, "HTTP/1.1 2", 10) != 0);
    }
}

static void who_is_nobody_gets_401_with_an_id(void **state)
{
    (void)state;
    char *got = ask("GET /v2/x/1 HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_memory_equal(got, "HTTP/1.1 401", 12);
    assert_has(got, "{\"errors\":[{\"ID\":340012,\"message\":\"no token");
    got = ask("GET /v2/x/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic eDp5\r\n\r\n");
    assert_has(got, "340012");
    got = ask("GET /v2/x/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\n\r\n");
    assert_has(got, "340018");
    got = ask("POST /v2/organizations/roles HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    assert_has(got, "application/json");
}

static void refusals_have_the_shape_that_clients_read(void **state)
{
    (void)state;
    char *got = ask("GET /v2/organizations/roles HTTP/1.1\r\n" GOOD "\r\n");
    assert_memory_equal(got, "HTTP/1.1 403", 12);
    assert_has(got, "application/json");
    assert_has(got, "missing org-role-read on x");
    got = ask("POST /v2/organizations/roles HTTP/1.1\r\n" GOOD "Content-Length: 0\r\n\r\n");
    assert_memory_equal(got, "HTTP/1.1 403", 12);
    assert_has(got, "text/plain");
    assert_has(got, "{\"errors\":[{\"ID\":350403,");
    got = ask("GET /v2/organizations/roles/ HTTP/1.1\r\n" GOOD "\r\n");
    assert_memory_equal(got, "HTTP/1.1 404", 12);
    assert_has(got, "text/plain");
    got = ask("GET /v2/databases HTTP/1.1\r\n" GOOD "\r\n");
    assert_memory_equal(got, "HTTP/1.1 401", 12);
    got = ask("GET /v2/broken HTTP/1.1\r\n" GOOD "\r\n");
    assert_memory_equal(got, "HTTP/1.1 500", 12);
    assert_null(strstr(got, "fire"));
    got = ask("GET /v2/operator/x HTTP/1.1\r\n" GOOD "\r\n");
    assert_memory_equal(got, "HTTP/1.1 404", 12);
    got = ask("PUT /v2/echo HTTP/1.1\r\n" GOOD "Content-Length: 0\r\n\r\n");
    assert_memory_equal(got, "HTTP/1.1 405", 12);
    assert_has(got, "Allow: POST, OPTIONS");
    got = ask("BREW /v2/echo HTTP/1.1\r\n" GOOD "\r\n");
    assert_memory_equal(got, "HTTP/1.1 405", 12);
}

static void bodies_are_read_and_dropped_where_none_is_expected(void **state)
{
    (void)state;
    char *got = ask("GET /v2/x/7 HTTP/1.1\r\n" GOOD "Content-Length: 4\r\n\r\nnull"
                    "DELETE /v2/x/7 HTTP/1.1\r\n" GOOD "Content-Length: 4\r\n\r\nnull"
                    "GET /v2/x/8 HTTP/1.1\r\n" GOOD "\r\n");
    assert_has(got, "got 7");
    assert_has(got, "HTTP/1.1 204");
    assert_has(got, "got 8");
}

static void a_delete_has_neither_type_nor_body(void **state)
{
    (void)state;
    char *got = ask("DELETE /v2/x/7 HTTP/1.1\r\n" GOOD "X-Request-Id: me.1\r\n\r\n");
    assert_memory_equal(got, "HTTP/1.1 204", 12);
    assert_null(strstr(got, "Content-Type:"));
    assert_null(strstr(got, "Content-Length:"));
    assert_has(got, "X-Request-Id: me.1\r\n");
    assert_string_equal(strstr(got, "\r\n\r\n"), "\r\n\r\n");
}

static void head_and_options(void **state)
{
    (void)state;
    char *got = ask("HEAD /v2/x/7 HTTP/1.1\r\n" GOOD "X-Request-Id: a b\r\n\r\n");
    assert_memory_equal(got, "HTTP/1.1 200", 12);
    assert_has(got, "Content-Length: 5");
    assert_null(strstr(got, "got 7"));
    assert_null(strstr(got, "a b"));
    got = ask("OPTIONS /v2/x/7 HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_has(got, "Allow: GET, HEAD, DELETE, OPTIONS");
    got = ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_memory_equal(got, "HTTP/1.1 204", 12);
}

static void chunked_bodies_and_expect_in_any_case(void **state)
{
    (void)state;
    char *got = ask("POST /v2/echo HTTP/1.1\r\n" GOOD "Transfer-Encoding: chunked\r\n\r\n"
                    "6\r\n{\"name\r\nA\r\n\":\"hello\"}\r\n0\r\n\r\n");
    assert_has(got, "hello");
    const int fd = dial_door();
    const char *head = "POST /v2/echo HTTP/1.1\r\n" GOOD "Expect: 100-Continue\r\nContent-Length: 14\r\n\r\n";
    assert_true(send(fd, head, strlen(head), 0) > 0);
    got = collect(fd, "\r\n\r\n");
    assert_memory_equal(got, "HTTP/1.1 100", 12);
    assert_true(send(fd, "{\"name\":\"hey\"}", 14, 0) > 0);
    got = collect(fd, "hey");
    assert_memory_equal(got, "HTTP/1.1 200", 12);
    close(fd);
}

static void a_body_over_the_limit_is_413(void **state)
{
    const size_t n = HTTP_BODY_MAX + 100;
    char *big = calloc(1, n + 1);
    char head[200];
    (void)state;
    memset(big, 'x', n);
    snprintf(head, sizeof head, "POST /v2/echo HTTP/1.1\r\n" GOOD "Content-Length: %zu\r\n\r\n", n);
    const int fd = dial_door();
    assert_true(send(fd, head, strlen(head), 0) > 0);
    for (size_t sent = 0; sent < n;) {
        const ssize_t r = send(fd, big + sent, n - sent, MSG_DONTWAIT);
        if (r > 0) sent += (size_t)r;
        (void)loop_turn(loop, 0);
    }
    char *got = collect(fd, NULL);
    assert_memory_equal(got, "HTTP/1.1 413", 12);
    close(fd);
    snprintf(head, sizeof head, "POST /v2/echo HTTP/1.1\r\n" GOOD "Content-Length: 1000000000\r\n\r\n");
    got = ask(head);
    assert_memory_equal(got, "HTTP/1.1 413", 12);
    free(big);
}

static void a_body_in_chunks_has_the_limits_of_others(void **state)
{
    static char chunk[(1 << 16) + 16];
    size_t n = (size_t)snprintf(chunk, sizeof chunk, "10000\r\n");
    (void)state;
    memset(chunk + n, 'x', 1 << 16);
    n += 1 << 16;
    n += (size_t)snprintf(chunk + n, sizeof chunk - n, "\r\n");
    const int fd = dial_door();
    say(fd, "POST /v2/echo HTTP/1.1\r\n" GOOD "Transfer-Encoding: chunked\r\n\r\n");
    for (size_t sent = 0; sent < 2 * (HTTP_DOOR_DRAIN_BODY_MAX / (1 << 16)) * n;) {
        const ssize_t r = send(fd, chunk + sent % n, n - sent % n, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (r > 0) sent += (size_t)r;
        if (r < 0 && errno != EAGAIN) break;
        (void)loop_turn(loop, 0);
        if (recv(fd, (char[1]){0}, 1, MSG_DONTWAIT | MSG_PEEK) == 1) break;
    }
    assert_memory_equal(collect(fd, "]}"), "HTTP/1.1 413", 12);
    close(fd);
}

static void a_header_over_the_limit_is_refused(void **state)
{
    static char words[60000];
    (void)state;
    size_t n = (size_t)snprintf(words, sizeof words, "GET /open HTTP/1.1\r\nHost: x\r\nX: ");
    memset(words + n, 'x', 40000);
    snprintf(words + n + 40000, sizeof words - n - 40000, "\r\n\r\n");
    char *got = ask(words);
    assert_true(strncmp(got, "HTTP/1.1 4", 10) == 0 || got[0] == 0);
}

static void a_request_that_waits_is_answered_by_its_note(void **state)
{
    (void)state;
    char *got = ask("GET /v2/wait HTTP/1.1\r\n" GOOD "\r\nGET /v2/x/after HTTP/1.1\r\n" GOOD "\r\n");
    assert_has(got, "waited");
    assert_has(got, "Cache-Control: no-store");
    assert_has(got, "got after");
    assert_int_equal(http_door_busy(door), 0);
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (text = strstr(text, part); text; text = strstr(text + 1, part)) n++;
    return n;
}

static void many_at_once_are_answered_in_order(void **state)
{
    enum { MANY = 300 };
    static char words[MANY * 100];
    char want[20];
    size_t n = 0;
    (void)state;
    for (int i = 0; i < MANY; i++) {
        n += (size_t)snprintf(words + n, sizeof words - n, "GET %s%d HTTP/1.1\r\n" GOOD "\r\n",
                              i % 50 == 7 ? "/v2/wait?" : "/v2/x/", i);
    }
    const char *at = ask(words);
    assert_int_equal(count(at, "HTTP/1.1 200 OK\r\n"), MANY);
    assert_int_equal(count(at, "waited"), MANY / 50);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(want, sizeof want, i % 50 == 7 ? "waited" : "got %d", i);
        at = strstr(at, want);
        assert_non_null(at);
    }
}

static void what_comes_while_a_request_waits_is_kept(void **state)
{
    (void)state;
    const int fd = dial_door();
    held = true;
    waiting = NULL;
    say(fd, "GET /v2/wait HTTP/1.1\r\n" GOOD "\r\n");
    while (!waiting) (void)loop_turn(loop, 0);
    say(fd, "GET /v2/x/after HTTP/1.1\r\n" GOOD "\r\n");
    for (int i = 0; i < 5; i++) (void)loop_turn(loop, 0);
    assert_false(loop_turn(loop, 0)); /* what cannot be taken yet does not wake anybody */
    held = false;
    loop_post(loop, &later);
    assert_has(collect(fd, "got after"), "waited");
    close(fd);
}

static void who_leaves_while_a_request_waits_is_let_go(void **state)
{
    const struct linger at_once = {.l_onoff = 1};
    (void)state;
    const int fd = dial_door();
    held = true;
    waiting = NULL;
    say(fd, "GET /v2/wait HTTP/1.1\r\n" GOOD "\r\n");
    while (!waiting) (void)loop_turn(loop, 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    close(fd);
    for (int i = 0; i < 5; i++) (void)loop_turn(loop, 0);
    assert_false(loop_turn(loop, 0));
    assert_int_equal(http_door_busy(door), 1);
    held = false;
    loop_post(loop, &later);
    while (http_door_busy(door)) (void)loop_turn(loop, 0);
}

static void an_old_client_keeps_its_connection_when_it_asks(void **state)
{
    (void)state;
    char *got = ask("GET /v2/x/1 HTTP/1.0\r\nConnection: Keep-Alive\r\nAuthorization: Bearer good\r\n\r\n"
                    "GET /v2/x/2 HTTP/1.0\r\nAuthorization: Bearer good\r\n\r\n"
                    "GET /v2/x/3 HTTP/1.0\r\nAuthorization: Bearer good\r\n\r\n");
    assert_has(got, "Connection: keep-alive\r\n");
    assert_has(got, "got 2");
    assert_lacks(got, "got 3");
}

static void an_answer_says_when_it_was_made(void **state)
{
    (void)state;
    const char *date = strstr(ask("GET /open HTTP/1.1\r\nHost: x\r\n\r\n"), "\r\nDate: ");
    assert_non_null(date);
    struct tm tm = {0};
    const char *end = strptime(date + 8, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    assert_non_null(end);
    assert_memory_equal(end, "\r\n", 2);
    const int64_t s = (int64_t)timegm(&tm);
    assert_true(s <= clock_utc_ms() / 1000 && s > clock_utc_ms() / 1000 - 60);
}

static void one_byte_at_a_time(void **state)
{
    const char *words = "POST /v2/echo HTTP/1.1\r\n" GOOD "Content-Length: 16\r\n\r\n{\"name\":\"bytes\"}";
    (void)state;
    const int fd = dial_door();
    for (size_t i = 0; words[i]; i++) {
        assert_int_equal(send(fd, words + i, 1, MSG_NOSIGNAL), 1);
        (void)loop_turn(loop, 1);
    }
    char *got = collect(fd, "bytes");
    assert_memory_equal(got, "HTTP/1.1 200", 12);
    close(fd);
}

static void random_bytes_do_no_harm(void **state)
{
    static const char *const parts[] = {"GET ", "POST ", "/v2/x/1", " HTTP/1.1\r\n", "Host: x\r\n", "\r\n", "\r\n\r\n", "{}",
                                        "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "5\r\n", "0\r\n\r\n", "%", "\xff",
                                        " ", ":", "Authorization: Bearer good\r\n", "\n", "AAAAAAAA", "?a=b&"};
    uint32_t seed = 3;
    (void)state;
    for (int round = 0; round < 300; round++) {
        char words[600] = "";
        for (int i = 0; i < 12; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(words, parts[(seed >> 16) % (sizeof parts / sizeof *parts)]);
        }
        (void)ask(words);
    }
    assert_int_equal(http_door_busy(door), 0);
    assert_has(ask("GET /open HTTP/1.1\r\nHost: x\r\n\r\n"), "got");
}

static bool drained;

static void on_drained(void *owner)
{
    (void)owner;
    drained = true;
}

static void the_socket_takes_the_operator(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 10};
    (void)state;
    const int client = world_open_socket(o);
    say(client, "GET /v2/operator/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    char *got = collect(client, NULL);
    assert_memory_equal(got, "HTTP/1.1 200", 12);
    close(client);
    http_door_drain(door, NULL, on_drained);
    while (!drained) (void)loop_turn(loop, 10);
    world_close_socket();
}

static void a_host_that_is_not_ours_is_421(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 10,
                                        .hosts = {BYTES("ours.test")}, .hosts_n = 1};
    (void)state;
    world_open_other(&o);
    assert_memory_equal(ask("GET /open HTTP/1.1\r\nHost: evil.test\r\n\r\n"), "HTTP/1.1 421", 12);
    assert_memory_equal(ask("GET /open HTTP/1.1\r\nHost: OURS.test:8090\r\n\r\n"), "HTTP/1.1 200", 12);
    world_close_other();
}

static void an_address_is_believed_from_proxies_alone(void **state)
{
    static const struct {
        const char *fields;
        const char *peer;
    } cases[] = {
        {"", "127.0.0.1"},
        {"X-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7"},
        {"X-Forwarded-For: 192.0.2.7, 10.1.1.1\r\n", "192.0.2.7"},
        {"X-Forwarded-For: 203.0.113.9, 192.0.2.7, 10.1.1.1\r\n", "192.0.2.7"},
        {"X-Forwarded-For: 203.0.113.9\r\nx-forwarded-for: 192.0.2.7\r\n", "192.0.2.7"},
        {"X-Forwarded-For: nonsense\r\n", "127.0.0.1"},
        {"X-Forwarded-For: ::ffff:192.0.2.8\r\n", "192.0.2.8"}};
    struct http_door_options o = {.routes = &routes, .connections_max = 10, .proxies_n = 2};
    (void)state;
    assert_has(ask("GET /peer HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n"), "peer 127.0.0.1.");
    assert_ok(address_read_cidr(BYTES("127.0.0.0/8"), &o.proxies[0]));
    assert_ok(address_read_cidr(BYTES("10.0.0.0/8"), &o.proxies[1]));
    world_open_other(&o);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[512];
        char want[64];
        snprintf(words, sizeof words, "GET /peer HTTP/1.1\r\nHost: x\r\n%s\r\n", cases[i].fields);
        snprintf(want, sizeof want, "peer %s.", cases[i].peer);
        assert_has(ask(words), want);
    }
    world_close_other();
}

static void a_stranger_s_long_body_is_not_read(void **state)
{
    (void)state;
    char *got = ask("POST /v2/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\nContent-Length: 100000\r\n\r\nx");
    assert_memory_equal(got, "HTTP/1.1 401", 12);
    assert_has(got, "340018");
    assert_has(got, "Connection: close");
    got = ask("POST /v2/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n");
    assert_memory_equal(got, "HTTP/1.1 401", 12);
}

static void a_door_is_not_freed_under_a_request_that_waits(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 10};
    (void)state;
    world_open_other(&o);
    const int client = dial_door();
    say(client, "GET /v2/wait HTTP/1.1\r\n" GOOD "\r\n");
    waiting = NULL;
    while (!waiting) (void)loop_turn(loop, 0);
    world_close_other();
    assert_int_equal(recv(client, (char[1000]){0}, 1000, 0) >= 0, true);
    close(client);
}

static void draining_closes_idle_connections(void **state)
{
    (void)state;
    const int fd = dial_door();
    for (int i = 0; i < 5; i++) (void)loop_turn(loop, 1);
    drained = false;
    http_door_drain(door, NULL, on_drained);
    char *got = collect(fd, NULL);
    assert_string_equal(got, "");
    assert_true(drained);
    close(fd);
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
        cmocka_unit_test(bad_framing_is_400_and_closed),
        cmocka_unit_test(what_looks_like_nothing_is_dropped),
        cmocka_unit_test(who_is_nobody_gets_401_with_an_id),
        cmocka_unit_test(refusals_have_the_shape_that_clients_read),
        cmocka_unit_test(bodies_are_read_and_dropped_where_none_is_expected),
        cmocka_unit_test(a_delete_has_neither_type_nor_body),
        cmocka_unit_test(head_and_options),
        cmocka_unit_test(chunked_bodies_and_expect_in_any_case),
        cmocka_unit_test(a_body_over_the_limit_is_413),
        cmocka_unit_test(a_body_in_chunks_has_the_limits_of_others),
        cmocka_unit_test(a_header_over_the_limit_is_refused),
        cmocka_unit_test(a_request_that_waits_is_answered_by_its_note),
        cmocka_unit_test(many_at_once_are_answered_in_order),
        cmocka_unit_test(what_comes_while_a_request_waits_is_kept),
        cmocka_unit_test(who_leaves_while_a_request_waits_is_let_go),
        cmocka_unit_test(an_old_client_keeps_its_connection_when_it_asks),
        cmocka_unit_test(an_answer_says_when_it_was_made),
        cmocka_unit_test(one_byte_at_a_time),
        cmocka_unit_test(random_bytes_do_no_harm),
        cmocka_unit_test(the_socket_takes_the_operator),
        cmocka_unit_test(a_host_that_is_not_ours_is_421),
        cmocka_unit_test(an_address_is_believed_from_proxies_alone),
        cmocka_unit_test(a_stranger_s_long_body_is_not_read),
        cmocka_unit_test(a_door_is_not_freed_under_a_request_that_waits),
        cmocka_unit_test(draining_closes_idle_connections),
    };
    return cmocka_run_group_tests(tests, open_all, world_close_all);
}
