/* Answers whose pieces are made on work threads: whole and in order, cut when they break, made here when
 * nobody has time for them, and never in the way of closing the door. */
#include "door_world.h"

#include "base/check.h"
#include "loop/work.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { NUMBERS = 100000, PIECE = 50000, TURN_MS = 5 };

static struct work *work;
static pthread_t loop_thread;
static atomic_uint made_here;
static atomic_uint made_there;

struct counting {
    struct http_stream stream;
    unsigned left;
    unsigned made;
    bool breaks;
    bool endless;
};

static err next_numbers(struct http_stream *s, struct http_request *rq, struct wr *w)
{
    struct counting *c = LOOP_OF(s, struct counting, stream);
    (void)rq;
    CHECK(w->n == 0);
    atomic_fetch_add(pthread_equal(pthread_self(), loop_thread) ? &made_here : &made_there, 1);
    if (c->breaks && c->made == 3) return FAIL(IO);
    while (c->left && w->n < PIECE) wr_format(w, "%u,", c->left--);
    if (c->endless) c->left = NUMBERS;
    c->made++;
    return DONE;
}

static err run_numbers(struct http_request *rq)
{
    struct counting *c = arena_take(&rq->call.arena, sizeof *c);
    *c = (struct counting){.stream = {next_numbers, work}, .left = NUMBERS};
    c->breaks = http_argument(rq, "break").n > 0;
    c->endless = http_argument(rq, "endless").n > 0;
    http_stream(rq, 200, "application/json; charset=UTF-8", &c->stream);
    return DONE;
}

static const struct http_route rows[] = {{HTTP_GET, "/numbers", HTTP_CALLER, "", run_numbers, ""}};
static const struct http_routes routes = {rows, 1};

static int set_up(void **state)
{
    const struct http_door_options o = {.routes = &routes, .connections_max = 100};
    (void)state;
    loop_thread = pthread_self();
    made_here = made_there = 0;
    world_open(&o);
    return err_is_ok(work_new(1, 1, &work)) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    http_door_free(door);
    work_free(work);
    loop_free(loop);
    door = NULL;
    loop = NULL;
    return 0;
}

static char *numbers(const char *path)
{
    char words[200];
    snprintf(words, sizeof words, "GET %s HTTP/1.1\r\nConnection: close\r\n" GOOD "\r\n", path);
    return ask(words);
}

/* The numbers without the chunks' own lines are the numbers that were made. */
static void assert_all_numbers(const char *got)
{
    const char *at = strstr(got, "\r\n\r\n");
    unsigned expect = NUMBERS;
    assert_non_null(at);
    at += 4;
    static char body[4 << 20];
    size_t n = 0;
    for (;;) {
        char *end = NULL;
        const size_t chunk = strtoul(at, &end, 16);
        if (chunk == 0) break;
        memcpy(body + n, end + 2, chunk);
        n += chunk;
        at = end + 2 + chunk + 2;
    }
    body[n] = 0;
    for (char *p = body; *p; p++) {
        assert_int_equal(strtoul(p, &p, 10), expect--);
        assert_int_equal(*p, ',');
    }
    assert_int_equal(expect, 0);
}

static void pieces_are_made_elsewhere_and_come_in_order(void **state)
{
    (void)state;
    char *got = numbers("/numbers");
    assert_status(got, 200);
    assert_all_numbers(got);
    assert_int_equal(made_here, 0);
    assert_true(made_there > 5);
    assert_int_equal(http_door_busy(door), 0);
}

static void an_answer_that_breaks_elsewhere_is_cut(void **state)
{
    (void)state;
    char *got = numbers("/numbers?break=1");
    assert_status(got, 200);
    assert_has(got, "100000,99999,");
    assert_lacks(got, "\r\n0\r\n\r\n");
    assert_lacks(got, ",2,1,");
}

/* --- a work thread that has no time --- */

struct busy {
    struct work_job job;
    sem_t go;
    bool over;
};

static void wait_for_go(struct work_job *j)
{
    struct busy *b = LOOP_OF(j, struct busy, job);
    while (sem_wait(&b->go) != 0) {}
}

static void is_over(struct loop *l, struct work_job *j)
{
    (void)l;
    LOOP_OF(j, struct busy, job)->over = true;
}

static void keep_busy(struct busy *b)
{
    *b = (struct busy){.job = {.run = wait_for_go, .done = is_over, .loop = loop}};
    assert_int_equal(sem_init(&b->go, 0, 0), 0);
    /* The first may still be in the queue, where there is one place. */
    while (!err_is_ok(work_submit(work, &b->job))) (void)loop_turn(loop, TURN_MS);
}

static void where_nobody_has_time_pieces_are_made_here(void **state)
{
    static struct busy busy[2];
    (void)state;
    keep_busy(&busy[0]);
    keep_busy(&busy[1]);
    char *got = numbers("/numbers");
    assert_all_numbers(got);
    assert_int_equal(made_there, 0);
    assert_true(made_here > 5);
    for (int i = 0; i < 2; i++) assert_int_equal(sem_post(&busy[i].go), 0);
    while (!busy[0].over || !busy[1].over) (void)loop_turn(loop, TURN_MS);
}

static void a_reader_that_leaves_meanwhile_leaves_nothing(void **state)
{
    static struct busy busy;
    (void)state;
    keep_busy(&busy);
    const int fd = dial_door();
    say(fd, "GET /numbers?endless=1 HTTP/1.1\r\n" GOOD "\r\n");
    for (int i = 0; i < 20; i++) (void)loop_turn(loop, 0);
    assert_int_equal(http_door_busy(door), 1);
    close(fd);
    assert_int_equal(sem_post(&busy.go), 0);
    /* A loop with a clock of its own does not sleep: turns are no measure of how long the thread takes. */
    while (http_door_busy(door) > 0) (void)loop_turn(loop, TURN_MS);
    while (!busy.over) (void)loop_turn(loop, TURN_MS);
}

static void *read_all(void *fd)
{
    static char nowhere[1 << 16];
    while (recv(*(const int *)fd, nowhere, sizeof nowhere, 0) > 0) {}
    return NULL;
}

/* With a piece under way, and an answer that would never end to somebody who takes all of it. */
static void an_endless_answer_does_not_keep_the_door_open(void **state)
{
    static struct busy busy;
    pthread_t reader;
    (void)state;
    const int fd = dial_door();
    say(fd, "GET /numbers?endless=1 HTTP/1.1\r\n" GOOD "\r\n");
    (void)collect(fd, "100000,");
    assert_int_equal(pthread_create(&reader, NULL, read_all, (void *)(uintptr_t)&fd), 0);
    keep_busy(&busy);
    for (int i = 0; i < 20; i++) (void)loop_turn(loop, 0);
    assert_int_equal(sem_post(&busy.go), 0);
    http_door_free(door);
    door = NULL;
    while (!busy.over) (void)loop_turn(loop, TURN_MS);
    assert_int_equal(pthread_join(reader, NULL), 0);
    close(fd);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(pieces_are_made_elsewhere_and_come_in_order),
        T(an_answer_that_breaks_elsewhere_is_cut),
        T(where_nobody_has_time_pieces_are_made_here),
        T(a_reader_that_leaves_meanwhile_leaves_nothing),
        T(an_endless_answer_does_not_keep_the_door_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
