/* Idempotency-Key at the door: a row declares it, the handler gets its permit each time, the deed is
 * done once. */
#include "door_world.h"

#include "http/once.h"
#include "http/repeat.h"

static struct once *once;
static unsigned asked;
static unsigned done;
static bool permitted = true;
static struct http_request *waiting;

static err run_make(struct http_request *rq)
{
    bytes made;
    asked++;
    if (!permitted) return note_fail(&rq->call.note, FAIL(NOT_ALLOWED), "missing org-token-write");
    if (repeat_is_one(rq, &made)) {
        assert_bytes(made, "made 1");
        repeat_answer(rq);
        return DONE;
    }
    repeat_makes(rq, BYTES("made 1"));
    wr_format(http_json(rq, 201), "\"secret %u\"", ++done);
    rq->answer.secret = true;
    return DONE;
}

static err run_wait(struct http_request *rq)
{
    bytes made;
    if (repeat_is_one(rq, &made)) {
        repeat_answer(rq);
        return DONE;
    }
    http_suspend(rq);
    waiting = rq;
    return DONE;
}

static err run_fail(struct http_request *rq)
{
    done++;
    return note_fail(&rq->call.note, FAIL(BAD_INPUT), "wrong");
}

static const struct http_route rows[] = {
    {HTTP_POST, "/make", HTTP_CALLER_ONCE, "", run_make, ""},
    {HTTP_POST, "/wait", HTTP_CALLER_ONCE, "", run_wait, ""},
    {HTTP_POST, "/fail", HTTP_CALLER_ONCE, "", run_fail, ""},
    {HTTP_POST, "/twice", HTTP_CALLER, "", run_make, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static char *post(const char *path, const char *token, const char *key, const char *body)
{
    char words[1000];
    snprintf(words, sizeof words,
             "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIdempotency-Key: %s\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             path, token, key, strlen(body), body);
    return ask(words);
}

static int forget(void **state)
{
    (void)state;
    asked = done = 0;
    permitted = true;
    later_ms += ONCE_HELD_MS;
    return 0;
}

static void the_same_twice_is_done_once(void **state)
{
    (void)state;
    assert_has(post("/make", "good1", "k1", "{}"), "secret 1");
    char *got = post("/make", "good1", "k1", "{}");
    assert_status(got, 201);
    assert_has(got, "secret 1");
    assert_has(got, "application/json");
    assert_int_equal(done, 1);
    assert_int_equal(asked, 2);
}

static void a_replay_authenticates_and_asks_again(void **state)
{
    (void)state;
    assert_has(post("/make", "good1", "k1", "{}"), "secret 1");
    char *got = post("/make", "bad", "k1", "{}");
    assert_status(got, 401);
    assert_lacks(got, "secret");
    permitted = false;
    got = post("/make", "good1", "k1", "{}");
    assert_status(got, 403);
    assert_lacks(got, "secret");
    permitted = true;
    assert_has(post("/make", "good2", "k1", "{}"), "secret 2");
}

static void another_body_is_422(void **state)
{
    (void)state;
    assert_has(post("/make", "good1", "k1", "{}"), "secret 1");
    char *got = post("/make", "good1", "k1", "{\"a\":1}");
    assert_status(got, 422);
    assert_lacks(got, "secret");
    assert_status(post("/make", "good1", "a b", "{}"), 400);
}

static void in_flight_is_409(void **state)
{
    (void)state;
    const int fd = dial_door();
    waiting = NULL;
    say(fd, "POST /wait HTTP/1.1\r\n" GOOD "Idempotency-Key: k1\r\nContent-Length: 2\r\n\r\n{}");
    while (!waiting) (void)loop_turn(loop, 0);
    assert_status(post("/wait", "good", "k1", "{}"), 409);
    wr_text(http_json(waiting, 200), "\"waited\"");
    http_answer(waiting, DONE);
    assert_has(collect(fd, "waited"), "waited");
    close(fd);
    assert_has(post("/wait", "good", "k1", "{}"), "waited");
}

/* The client that left does not leave its key behind. */
static void a_client_that_leaves_may_ask_again(void **state)
{
    (void)state;
    const int fd = dial_door();
    waiting = NULL;
    say(fd, "POST /wait HTTP/1.1\r\n" GOOD "Idempotency-Key: k2\r\nContent-Length: 2\r\n\r\n{}");
    while (!waiting) (void)loop_turn(loop, 0);
    close(fd);
    (void)loop_turn(loop, 0);
    wr_text(http_json(waiting, 200), "\"made for nobody\"");
    http_answer(waiting, DONE);
    while (http_door_busy(door)) (void)loop_turn(loop, 0);
    assert_has(post("/wait", "good", "k2", "{}"), "made for nobody");
}

static void another_organization_is_another_request(void **state)
{
    (void)state;
    assert_has(post("/make", "good1", "k1", "{}"), "secret 1");
    assert_has(post("/make", "good1", "k1\r\nX-Latchkey-Organization: b", "{}"), "secret 2");
}

static void what_failed_may_be_tried_again(void **state)
{
    (void)state;
    assert_status(post("/fail", "good1", "k1", "{}"), 400);
    assert_status(post("/fail", "good1", "k1", "{}"), 400);
    assert_int_equal(done, 2);
}

static void rows_that_do_not_declare_it_ignore_the_field(void **state)
{
    (void)state;
    assert_has(post("/twice", "good1", "k1", "{}"), "secret 1");
    assert_has(post("/twice", "good1", "k1", "{}"), "secret 2");
}

static int open_all(void **state)
{
    (void)state;
    assert_ok(once_new(NULL, &once));
    const struct http_door_options o = {.routes = &routes, .connections_max = 100, .once = once};
    world_open(&o);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    world_close();
    once_free(once);
    return 0;
}


static void a_secret_is_not_held_until_somebody_asks(void **state)
{
    (void)state;
    assert_has(post("/make", "good1", "k1", "{}"), "secret 1");
    assert_int_equal(once_sweep(once, 0), 1);
    later_ms += ONCE_HELD_MS + ONCE_SWEEP_MS;
    (void)loop_turn(loop, 0);
    assert_int_equal(once_sweep(once, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_same_twice_is_done_once, forget),
        cmocka_unit_test_setup(a_replay_authenticates_and_asks_again, forget),
        cmocka_unit_test_setup(another_body_is_422, forget),
        cmocka_unit_test_setup(in_flight_is_409, forget),
        cmocka_unit_test_setup(a_client_that_leaves_may_ask_again, forget),
        cmocka_unit_test_setup(another_organization_is_another_request, forget),
        cmocka_unit_test_setup(what_failed_may_be_tried_again, forget),
        cmocka_unit_test_setup(a_secret_is_not_held_until_somebody_asks, forget),
        cmocka_unit_test_setup(rows_that_do_not_declare_it_ignore_the_field, forget),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
