/* Limits at the door: of one caller, of a network's failures, of one queue; and who is left alone. */
#include "door_world.h"

#include "http/http_work.h"
#include "http/rate_limit.h"
#include "http/share.h"
#include "loop/work.h"

#include <pthread.h>

static struct work *work;
static struct rate_limit *rate;
static struct rate_limit *failures;
static struct share *share;
static pthread_mutex_t gate_of_work = PTHREAD_MUTEX_INITIALIZER;

static err run_get(struct http_request *rq)
{
    wr_text(http_json(rq, 200), "\"here\"");
    return DONE;
}

/* Stays on its work thread until the test lets it go. */
static err block(struct http_request *rq)
{
    pthread_mutex_lock(&gate_of_work);
    pthread_mutex_unlock(&gate_of_work);
    wr_text(http_json(rq, 200), "\"worked\"");
    return DONE;
}

static err run_work(struct http_request *rq)
{
    return http_work(rq, work, block);
}

static const struct http_route rows[] = {
    {HTTP_GET, "/open", HTTP_ANYBODY, "", run_get, ""},
    {HTTP_GET, "/caller", HTTP_CALLER, "", run_get, ""},
    {HTTP_POST, "/caller", HTTP_CALLER, "", run_get, ""},
    {HTTP_GET, "/work", HTTP_CALLER, "", run_work, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static char *as(const char *token, const char *line)
{
    char words[500];
    snprintf(words, sizeof words, "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", line, token);
    return ask(words);
}

static void a_caller_over_its_limit_is_told_when_to_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) assert_status(as("good1", "GET /caller"), 200);
    char *got = as("good1", "GET /caller");
    assert_status(got, 429);
    assert_has(got, "\r\nRetry-After: 1\r\n");
    assert_has(got, "{\"errors\":[{\"ID\":350429,\"message\":\"too many requests\"}]}");
    assert_status(as("good2", "GET /caller"), 200);
    assert_status(ask("GET /open HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    later_ms += 1000;
    assert_status(as("good1", "GET /caller"), 200);
    assert_status(as("good1", "GET /caller"), 429);
}

static void failures_of_a_network_are_429_but_what_is_right_is_not(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) assert_status(as("bad", "GET /caller"), 401);
    char *got = as("bad", "GET /caller");
    assert_status(got, 429);
    assert_has(got, "\r\nConnection: close\r\n");
    assert_has(got, "\r\nRetry-After: 1\r\n");
    assert_status(as("", "GET /caller"), 429);
    assert_status(ask("POST /caller HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"), 429);
    assert_status(as("good3", "GET /caller"), 200);
    later_ms += 1000;
    assert_status(as("bad", "GET /caller"), 401);
    assert_status(as("bad", "GET /caller"), 429);
}

static void strangers_cannot_reset_a_limit_by_being_many(void **state)
{
    uint64_t wait = 0;
    (void)state;
    struct rate_limit *r = NULL;
    assert_ok(rate_limit_new(1, 5, &r));
    for (int i = 0; i < 5; i++) assert_true(rate_limit_pass(r, BYTES("victim"), 1000, &wait));
    for (uint32_t i = 0; i < 8 * RATE_LIMIT_SETS * RATE_LIMIT_WAYS; i++)
        (void)rate_limit_pass(r, bytes_of(&i, sizeof i), 1000, &wait);
    assert_false(rate_limit_pass(r, BYTES("victim"), 1000, &wait));
    rate_limit_free(r);
}

static void a_share_is_counted_a_caller(void **state)
{
    struct share *s = NULL;
    size_t place[3];
    size_t other;
    (void)state;
    assert_ok(share_new(2, &s));
    assert_ok(share_take(s, BYTES("a"), &place[0]));
    assert_ok(share_take(s, BYTES("a"), &place[1]));
    assert_err(share_take(s, BYTES("a"), &place[2]), TOO_MANY);
    share_give(s, place[0]);
    assert_ok(share_take(s, BYTES("a"), &place[2]));
    unsigned passed = 0;
    for (char c = 'b'; c <= 'k'; c++) passed += err_is_ok(share_take(s, bytes_of(&c, 1), &other));
    assert_true(passed >= 8); /* a seed may make two of them meet */
    share_free(s);
}

/* Six requests of one caller that wait; the rest of the queue is for others. */
static void one_caller_cannot_fill_the_queue_of_the_work_threads(void **state)
{
    int held[6];
    (void)state;
    later_ms += 60000; /* nobody owes anything */
    pthread_mutex_lock(&gate_of_work);
    for (int i = 0; i < 6; i++) {
        held[i] = dial_door();
        say(held[i], "GET /work HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good4\r\n\r\n");
        while (http_door_busy(door) < (size_t)i + 1) (void)loop_turn(loop, 0);
    }
    assert_status(as("good4", "GET /work"), 429);
    assert_int_equal(http_door_busy(door), 6);
    const int other = dial_door();
    say(other, "GET /work HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good5\r\n\r\n");
    while (http_door_busy(door) < 7) (void)loop_turn(loop, 0);
    pthread_mutex_unlock(&gate_of_work);
    while (http_door_busy(door)) (void)loop_turn(loop, 1);
    for (int i = 0; i < 6; i++) {
        assert_status(collect(held[i], "worked"), 200);
        close(held[i]);
    }
    assert_status(collect(other, "worked"), 200);
    close(other);
    const int after = dial_door();
    say(after, "GET /work HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good4\r\n\r\n");
    assert_status(collect(after, "worked"), 200);
    close(after);
}

/* Its failures and its requests have no limit, nor do those that wait for it. */
static void the_operator_has_no_limit(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 10, .rate = rate,
                                        .failures = failures, .share = share};
    (void)state;
    const int client = world_open_socket(o);
    for (int i = 0; i < 100; i++) {
        say(client, "GET /caller HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_status(collect(client, "here"), 200);
    }
    for (int i = 0; i < 100; i++) {
        say(client, "GET /caller HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\n\r\n");
        assert_status(collect(client, "]}"), 401);
    }
    close(client);
    world_close_socket();
}

static int open_all(void **state)
{
    (void)state;
    assert_ok(work_new(1, 20, &work));
    assert_ok(rate_limit_new(1, 10, &rate));
    assert_ok(rate_limit_new(1, 20, &failures));
    assert_ok(share_new(6, &share));
    const struct http_door_options o = {.routes = &routes, .connections_max = 100, .rate = rate,
                                        .failures = failures, .share = share};
    world_open(&o);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    world_close();
    work_free(work);
    rate_limit_free(rate);
    rate_limit_free(failures);
    share_free(share);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caller_over_its_limit_is_told_when_to_come_back),
        cmocka_unit_test(failures_of_a_network_are_429_but_what_is_right_is_not),
        cmocka_unit_test(strangers_cannot_reset_a_limit_by_being_many),
        cmocka_unit_test(a_share_is_counted_a_caller),
        cmocka_unit_test(one_caller_cannot_fill_the_queue_of_the_work_threads),
        cmocka_unit_test(the_operator_has_no_limit),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
